"""Whether the ports that Asterisk is to listen on are free; Asterisk itself says little when they are not."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from socket import SocketKind

from hardware.asterisk.context import transports
from hardware.asterisk.errors import PortTakenError
from siaga112.settings import Settings, Transport

_LEGS_OF_A_CALL = 2
"""Each has an even port for RTP, and the odd one after it (RFC 3550 clause 11)."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port and the key of the settings that names it, such as `asterisk.sip_port`."""

    host: str
    number: int
    kind: SocketKind
    key: str


def needed(settings: Settings) -> tuple[Port, ...]:
    """What a managed Asterisk listens on."""
    asterisk = settings.asterisk
    ports = [Port("127.0.0.1", asterisk.ami_port, SocketKind.SOCK_STREAM, "asterisk.ami_port")]
    for transport in transports(asterisk, settings.trunks):
        kind = SocketKind.SOCK_DGRAM if transport.protocol is Transport.UDP else SocketKind.SOCK_STREAM
        ports.append(Port(asterisk.bind, int(transport.bind.rpartition(":")[2]), kind, "asterisk.sip_port"))
    return tuple(ports)


def check(ports: Iterable[Port]) -> None:
    """Raise PortTakenError for the first that another program has, or that this machine cannot give."""
    for port in ports:
        if why := refusal(port):
            protocol = "udp" if port.kind is SocketKind.SOCK_DGRAM else "tcp"
            raise PortTakenError(
                f"{port.key}: {protocol} {port.host}:{port.number} cannot be had ({why}); "
                "end what has it, or choose another"
            )


def check_speech(settings: Settings) -> None:
    """Raise PortTakenError when of the ports for speech too few are free for a single call.

    Asterisk passes over those that are taken, so a few of them do no harm.
    """
    host, (first, last) = settings.asterisk.bind, settings.asterisk.rtp_ports
    rtp = (Port(host, number, SocketKind.SOCK_DGRAM, "asterisk.rtp_ports") for number in range(first, last + 1))
    free = islice((port for port in rtp if port.number % 2 == 0 and not refusal(port)), _LEGS_OF_A_CALL)
    if len(list(free)) < _LEGS_OF_A_CALL:
        raise PortTakenError(
            f"asterisk.rtp_ports: of udp {host}:{first} to {last} too few can be had for one call; "
            "end what has them, or choose another range"
        )


def refusal(port: Port) -> str:
    """Why the system does not give this port to us; "" when it does."""
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family, port.kind) as probe:
        if port.kind is SocketKind.SOCK_STREAM:
            # As Asterisk does it: a connection that is only waiting to be forgotten is no hindrance.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError as error:
            return error.strerror or str(error)
    return ""
