"""Ports that are free now, on the loopback address that a test uses."""

import socket

_ROOM = 120


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


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
