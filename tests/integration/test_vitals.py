"""The heartbeat of a part: only while all that matters in it goes on."""

import os
from collections.abc import Iterator
from socket import socket

import pytest
from structlog.testing import capture_logs

from siaga112.notify import bind_notify_socket
from siaga112.parts import vitals
from siaga112.parts.vitals import Heartbeat, Vital


class Clock:
    """Time as a test wants it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that heartbeats go by."""
    clock = Clock()
    monkeypatch.setattr(vitals, "monotonic", clock)
    return clock


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket]:
    """Whoever hears the heartbeats."""
    receiver, address = bind_notify_socket(f"siaga112-test-{os.getpid()}-heart")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    with receiver:
        yield receiver


def heard(supervisor: socket) -> list[bytes]:
    """All that has come."""
    found = []
    while True:
        try:
            found.append(supervisor.recv(100))
        except BlockingIOError:
            return found


def test_it_beats_several_times_before_it_is_missed(supervisor: socket) -> None:
    """One that comes late costs nothing."""
    assert 10.0 == Heartbeat("part", ()).every_s


def test_it_beats_only_while_all_goes_on(clock: Clock, supervisor: socket) -> None:
    """One stuck thread is enough to fall silent; which one is said, once; it beats again when that goes on."""
    progress = {"reader": 1000.0, "writer": 1000.0}
    heart = Heartbeat("part", [Vital(name, lambda n=name: progress[n], 60.0) for name in progress])  # type: ignore[misc]
    heart.beat()
    beaten = heard(supervisor)
    clock.now = 1061.0
    progress["writer"] = 1060.0
    with capture_logs() as logs:
        heart.beat()
        heart.beat()
    silent = heard(supervisor)
    progress["reader"] = 1061.0
    heart.beat()

    assert [b"WATCHDOG=1"] == beaten
    assert [] == silent
    assert [("part.stuck", ["reader"])] == [(line["event"], line["threads"]) for line in logs]
    assert [b"WATCHDOG=1"] == heard(supervisor)


def test_without_a_watchdog_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that was started by hand sleeps until it is asked to end."""
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)

    assert Heartbeat("part", ()).every_s is None
