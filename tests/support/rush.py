"""Many callers at once and the operators who take them, each a thread with a telephone; and what became of it all."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from types import TracebackType
from typing import Self

from hardware.softphone import Call, CallState, IncomingCall, Moment, OutgoingCall, Phone, WaitError
from tests.support.city import PROMPT_HZ, City

PATIENCE_S = 60.0
LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who dials 112, when (seconds from the rush's start), and the key that is pressed."""

    number: str
    key: str
    after_s: float


class Desks:
    """Operators who talk for a moment with everybody who reaches them, then hang up."""

    def __init__(self, phones: Sequence[Phone], talk_s: float) -> None:
        self._phones = phones
        self._talk_s = talk_s
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._serve, args=(phone,)) for phone in phones]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _serve(self, phone: Phone) -> None:
        while not self._over.is_set():
            try:
                self._talk(phone.incoming(LOOK_S))
            except WaitError:
                continue  # nobody called meanwhile, or the caller had gone

    def _talk(self, call: IncomingCall) -> None:
        call.wait_answered()
        call.play_tone(900)
        call.wait_tone(700, PATIENCE_S)
        self._over.wait(self._talk_s)
        call.hangup()


def rush(city: City, carrier: Phone, callers: Sequence[Caller]) -> list[OutgoingCall]:
    """Have them all call; returns when each has talked with an operator and was hung up on."""
    began = time.monotonic()
    with ThreadPoolExecutor(len(callers)) as threads:
        return list(threads.map(lambda caller: _call(city, carrier, caller, began), callers))


def _call(city: City, carrier: Phone, caller: Caller, began: float) -> OutgoingCall:
    pause = threading.Event()
    pause.wait(max(0.0, began + caller.after_s - time.monotonic()))
    call = city.begin(carrier, caller.number)
    call.wait_answered(PATIENCE_S)
    call.wait_tone(PROMPT_HZ, PATIENCE_S)
    call.press(caller.key)
    call.play_tone(700)
    call.wait_tone(900, PATIENCE_S)
    call.wait_ended(PATIENCE_S)
    return call


def overlaps(phone: Phone) -> list[tuple[Call, Call]]:
    """Calls of a phone that were there at the same time; nothing may be."""
    calls = sorted(phone.calls, key=_began)
    return [(one, other) for one, other in pairwise(calls) if _began(other) < _ended(one)]


def _began(call: Call) -> float:
    moment = call.moment(Moment.INVITE_RECEIVED)
    assert moment is not None
    return moment


def _ended(call: Call) -> float:
    moment = call.moment(Moment.ENDED)
    assert call.state is CallState.ENDED
    assert moment is not None
    return moment
