"""Ports that are free now, on the loopback address that a test uses."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

_ROOM = 120

# Below what the kernel gives to whoever asks for any port (ip_local_port_range begins at 32768), above our own RTP.
_OURS = range(12_000, 32_000)
_KINDS = (socket.SOCK_DGRAM, socket.SOCK_STREAM)


def free_port(host: str = "127.0.0.1") -> int:
    """A port free for both UDP and TCP on `host`."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram,
        ):
            stream.bind((host, 0))
            port: int = stream.getsockname()[1]
            try:
                datagram.bind((host, port))
            except OSError:
                continue
            return port


def free_range(length: int = _ROOM, host: str = "127.0.0.1") -> tuple[int, int]:
    """First and last of `length` UDP ports in a row whose first, middle and last are free."""
    while True:
        first = free_port(host) // 2 * 2
        wanted = (first, first + length // 2, first + length - 1)
        if wanted[-1] < 65536 and all(_is_free(host, port) for port in wanted):
            return first, first + length - 1


def free_block(length: int) -> int:
    """The first of `length` ports in a row that are free for UDP and TCP on every address of this machine."""
    while True:
        first = random.choice(_OURS[:-length]) // 2 * 2  # noqa: S311
        ports = range(first, first + length)
        if all(_is_free("0.0.0.0", port, kind) for port in ports for kind in _KINDS):
            return first


@contextmanager
def taken(kind: socket.SocketKind, port: int, host: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A stranger on a port."""
    with socket.socket(socket.AF_INET, kind) as stranger:
        stranger.bind((host, port))
        if kind is socket.SOCK_STREAM:
            stranger.listen()
        yield stranger


def _is_free(host: str, port: int, kind: socket.SocketKind = socket.SOCK_DGRAM) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
