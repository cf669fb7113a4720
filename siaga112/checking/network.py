"""The network: free ports, an address that the telecom operator reaches, nothing open that should be closed."""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from socket import SocketKind

from hardware.asterisk import ports
from hardware.asterisk.context import host_of
from hardware.asterisk.errors import PortTakenError
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged
from siaga112.settings import Settings, Trunk
from siaga112.supervisor.ports import taken

Address = IPv4Address | IPv6Address

_LISTENING = "0A"  # TCP_LISTEN, include/net/tcp_states.h of Linux


def free_ports(where: Surroundings) -> Iterator[Verdict]:
    """Whether nobody else has our ports; while the city runs, or its Asterisk alone, they are its own."""
    faults = []
    for error in () if where.running else _taken(where):
        problem, _, mend = str(error).partition("; ")
        faults.append(fault("ports", problem, mend))
    yield from judged("ports", faults)


def _taken(where: Surroundings) -> Iterator[PortTakenError]:
    web = where.settings.web
    try:
        ports.check((ports.Port(web.bind, web.port, SocketKind.SOCK_STREAM, "web.port"),))
    except PortTakenError as error:
        yield error
    if where.telephony:
        yield from taken(where.settings, where.paths)


def reachable(where: Surroundings) -> Iterator[Verdict]:
    """Whether the telecom operators can send speech to where we say that we are."""
    faults = [found for trunk in where.settings.trunks if (found := _out_of_reach(where.settings, trunk))]
    yield from judged("sip", faults)


def _out_of_reach(settings: Settings, trunk: Trunk) -> Verdict | None:
    asterisk = settings.asterisk
    there = _address(host_of(trunk.host))
    here = _address(asterisk.bind)
    if there is None or here is None or there.is_loopback or here.is_loopback:
        return None  # that nobody outside reaches a loopback address is a doubt of the configuration
    ours = _source_address(there) if here.is_unspecified else here
    if ours is not None and ours.is_private and there.is_global and not asterisk.external_address:
        problem = f"this machine is {ours}, behind NAT, and tells trunk {trunk.name} at {there} to send speech there"
        return fault("nat", problem, "write the public address into [asterisk] external_address")
    return None


def manager(where: Surroundings) -> Iterator[Verdict]:
    """Whether AMI can be reached from other machines: whoever gets in may hang up every call."""
    faults = []
    port = where.settings.asterisk.ami_port
    open_at = [str(address) for address in _listeners(port) if not address.is_loopback]
    if where.telephony and open_at:
        problem = f"AMI listens on {', '.join(open_at)}, port {port}: other machines reach it"
        faults.append(fault("ami", problem, "write bindaddr = 127.0.0.1 into manager.conf, section [general]"))
    yield from judged("ami", faults)


def _listeners(port: int) -> list[Address]:
    """The addresses of this machine where TCP connections to a port are taken (proc(5), /proc/net/tcp)."""
    found = []
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            local, state = line.split()[1], line.split()[3]
            address, _, number = local.partition(":")
            if state == _LISTENING and int(number, 16) == port:
                found.append(_from_proc(address))
    return found


def _from_proc(text: str) -> Address:
    # 32-bit words, each in the machine's byte order.
    words = [bytes.fromhex(text[start : start + 8])[::-1] for start in range(0, len(text), 8)]
    return ip_address(b"".join(words))


def _source_address(there: Address) -> Address | None:
    """The address that packets to `there` would come from; nothing is sent."""
    family = socket.AF_INET6 if there.version == 6 else socket.AF_INET
    with socket.socket(family, SocketKind.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(there), 5060))
        except OSError:
            return None
        return ip_address(probe.getsockname()[0])


def _address(host: str) -> Address | None:
    """The address itself, or that of a name; None for a name that is not found."""
    try:
        return ip_address(socket.getaddrinfo(host, None)[0][4][0])
    except OSError:
        return None
