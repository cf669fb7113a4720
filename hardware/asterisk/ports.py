"""Whether the ports that Asterisk is to listen on are free; Asterisk itself says little when they are not."""

import socket
from dataclasses import dataclass
from socket import SocketKind

from hardware.asterisk.context import transports
from hardware.asterisk.errors import PortTakenError
from siaga112.settings import Settings, Transport


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


def check(ports: tuple[Port, ...]) -> None:
    """Raise PortTakenError for the first that another program has, or that this machine cannot give."""
    for port in ports:
        family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
        with socket.socket(family, port.kind) as probe:
            if port.kind is SocketKind.SOCK_STREAM:
                # As Asterisk does it: a connection that is only waiting to be forgotten is no hindrance.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((port.host, port.number))
            except OSError as error:
                protocol = "udp" if port.kind is SocketKind.SOCK_DGRAM else "tcp"
                raise PortTakenError(
                    f"{port.key}: {protocol} {port.host}:{port.number} cannot be had ({error.strerror}); "
                    "end what has it, or choose another"
                ) from None
