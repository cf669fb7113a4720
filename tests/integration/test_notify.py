"""systemd's notify protocol, from the side of who is watched."""

import os
import socket

import pytest

from siaga112.notify import bind_notify_socket, notify, watchdog_s

BOTH = ("WATCHDOG_USEC", "WATCHDOG_PID")


@pytest.mark.parametrize(
    ("usec", "pid", "seconds"),
    [
        (None, None, None),
        ("30000000", None, 30.0),
        ("30000000", "ours", 30.0),
        ("500000", "ours", 0.5),
        ("30000000", "1", None),
        ("0", None, None),
        ("soon", None, None),
        ("-5", None, None),
    ],
)
def test_who_watches_us(
    usec: str | None, pid: str | None, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment says counts when it is a time and meant for this process (sd_watchdog_enabled(3))."""
    pid = str(os.getpid()) if pid == "ours" else pid
    for name, value in zip(BOTH, (usec, pid), strict=True):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)

    assert seconds == watchdog_s()


def test_told_in_one_datagram(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said arrives whole."""
    receiver, address = bind_notify_socket(f"siaga112-test-{os.getpid()}-told")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    with receiver:
        notify("READY=1")

        assert b"READY=1" == receiver.recv(100)


def test_nobody_who_hears_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A supervisor that stands still, or has gone away, is no reason to stand still or to fail."""
    receiver, address = bind_notify_socket(f"siaga112-test-{os.getpid()}-deaf")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    with receiver:
        for number in range(5000):  # more than any queue of datagrams holds (net.unix.max_dgram_qlen)
            notify(f"STATUS={number}")
        receiver.setblocking(False)

        assert b"STATUS=0" == receiver.recv(100)
    notify("WATCHDOG=1")


def test_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a supervisor nothing is opened and nothing is sent."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setattr(socket, "socket", None)

    notify("READY=1")
