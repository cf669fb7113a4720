"""Readiness and liveness by systemd's notify protocol, so that our supervisor and systemd are told in the same way.

sd_notify(3): one datagram of ``KEY=value`` lines to the Unix socket that ``NOTIFY_SOCKET`` names; a leading ``@`` means
the abstract namespace. sd_watchdog_enabled(3): with ``WATCHDOG_USEC`` set, whoever stays silent for so long is killed.
"""

import os
import socket

ADDRESS_VARIABLE = "NOTIFY_SOCKET"
WATCHDOG_VARIABLE = "WATCHDOG_USEC"
WATCHDOG_PID_VARIABLE = "WATCHDOG_PID"
"""Environment variable that names the one process that the watchdog is for, when there is one."""


def notify(state: str) -> None:
    """Tell whoever started this process, e.g. ``READY=1``; nobody asked means nothing is sent.

    Never waits, and never fails: a supervisor that has gone away, or stands still and hears nothing, is no reason to
    stop serving. Its own end is noticed elsewhere.
    """
    address = os.environ.get(ADDRESS_VARIABLE, "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
            sender.sendto(state.encode(), address)
    except OSError:
        return


def is_awaited() -> bool:
    """Whether a service manager, which starts us again and again, waits to hear how we are; else a person looks on."""
    return bool(os.environ.get(ADDRESS_VARIABLE))


def watchdog_s() -> float | None:
    """Within so many seconds of silence whoever started us takes us for hung; None: nobody looks."""
    microseconds = os.environ.get(WATCHDOG_VARIABLE, "")
    meant = os.environ.get(WATCHDOG_PID_VARIABLE, "")
    if not microseconds.isdecimal() or int(microseconds) == 0 or (meant and meant != str(os.getpid())):
        return None
    return int(microseconds) / 1e6


def bind_notify_socket(name: str) -> tuple[socket.socket, str]:
    """Open the receiving end under an abstract name; returns it and what ``NOTIFY_SOCKET`` must say."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    receiver.bind("\0" + name)
    return receiver, "@" + name
