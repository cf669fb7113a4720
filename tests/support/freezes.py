"""What can stand still under a caller, when it begins to, and how long the caller then waits for a human."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from hardware.softphone import IncomingCall, Moment, OutgoingCall, Phone, WaitError
from tests.support.city import PROMPT_HZ, City

REACHED_LIMIT_S = 20.0
PRESS_EVERY_S = 0.4


class When(StrEnum):
    """What the caller is doing when it begins."""

    DIALLING = "dialling"
    MENU = "in the menu"
    LINE = "in line"


@dataclass(frozen=True, slots=True)
class Rescue:
    """A caller who reached a human: seconds to the INVITE, and until each had heard the other.

    Counted from the answer, or from the freeze where that came later.
    """

    call: OutgoingCall
    talk: IncomingCall
    rung_s: float
    heard_s: float


@contextmanager
def locked_database(city: City) -> Iterator[None]:
    """Nobody else writes to the database meanwhile."""
    with closing(sqlite3.connect(city.app.paths.database, isolation_level=None, timeout=30)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


Freeze = Callable[[City], AbstractContextManager[None]]

FREEZES: Mapping[str, Freeze] = {
    "the FastAGI server": lambda city: city.frozen(city.pid_of("agi")),
    "Redis": lambda city: city.frozen(city.server_pid("redis-server")),
    "the switchboard": lambda city: city.frozen(city.pid_of("switchboard")),
    "the database, locked": locked_database,
    "everything but Asterisk": lambda city: city.frozen(*city.own_pids()),
}


@contextmanager
def rescued(city: City, carrier: Phone, desk: Phone, *, number: str, when: When, freeze: Freeze) -> Iterator[Rescue]:
    """Let it stand still under a caller; while the context lasts it does, and the two talk.

    The caller presses 1 again and again until something happens, as people do.
    """
    if when is When.DIALLING:
        with freeze(city):
            call = city.begin(carrier, number)
            yield _reach(call, desk, call.wait_answered(REACHED_LIMIT_S))
    elif when is When.MENU:
        call = city.dial(carrier, number)
        call.wait_tone(PROMPT_HZ)
        since = time.monotonic()
        with freeze(city):
            yield _reach(call, desk, since)
    else:
        other = city.dial_and_press(carrier, f"{number}9", "1")
        desk.incoming(REACHED_LIMIT_S).wait_answered()
        call = city.dial_and_press(carrier, number, "1")
        city.await_waiting(1)
        with freeze(city):
            since = time.monotonic()
            other.hangup()
            yield _reach(call, desk, since)


def _reach(call: OutgoingCall, desk: Phone, since: float) -> Rescue:
    call.play_tone(700)
    talk = pressing(call, desk)
    talk.play_tone(900)
    talk.wait_tone(700, REACHED_LIMIT_S)
    call.wait_tone(900, REACHED_LIMIT_S)
    heard = time.monotonic()
    rung = talk.moment(Moment.INVITE_RECEIVED)
    assert rung is not None
    return Rescue(call, talk, rung - since, heard - since)


def pressing(call: OutgoingCall, desk: Phone) -> IncomingCall:
    """Press 1 again and again, as people do, until the phone is rung."""
    for _ in range(round(REACHED_LIMIT_S / PRESS_EVERY_S)):
        call.press("1")
        with suppress(WaitError):
            return desk.incoming(PRESS_EVERY_S)
    return desk.incoming()
