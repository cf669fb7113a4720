"""Readiness by systemd's notify protocol, so that our supervisor and systemd are told in the same way.

sd_notify(3): one datagram of ``KEY=value`` lines to the Unix socket that ``NOTIFY_SOCKET`` names; a leading ``@`` means
the abstract namespace.
"""

import os
import socket


def notify(state: str) -> None:
    """Tell whoever started this process, e.g. ``READY=1``; nobody asked means nothing is sent.

    A supervisor that has gone away is no reason to fail: its own end is noticed elsewhere.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(state.encode(), address)
        except (ConnectionRefusedError, FileNotFoundError):
            return


def bind_notify_socket(name: str) -> tuple[socket.socket, str]:
    """Open the receiving end under an abstract name; returns it and what ``NOTIFY_SOCKET`` must say."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    receiver.bind("\0" + name)
    return receiver, "@" + name
