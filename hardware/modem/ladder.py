"""What is tried, and when, with a modem that does not do its work. Sans-IO: times come in, steps come out.

Below the first rung here are two that the session climbs at every transaction: bringing the line back into step, and
opening the port again. Each rung is taken once; after the last a reset is tried again now and then, ever less often.
"""

from __future__ import annotations

from enum import Enum, auto

from hardware.modem.health import Trouble


class Rung(Enum):
    """A step."""

    RADIO = auto()  # off and on again: AT+CFUN=4, AT+CFUN=1
    RESET = auto()  # AT+CFUN=1,1, or what its maker has for it
    ALARM = auto()  # a person must look


# Seconds of trouble after which each is taken. A port that is not there can be sent nothing.
CLIMBS: dict[Trouble, tuple[tuple[float, Rung], ...]] = {
    Trouble.PORT: ((30, Rung.ALARM),),
    Trouble.SILENT: ((20, Rung.RESET), (90, Rung.ALARM)),
    Trouble.REFUSED: ((20, Rung.RADIO), (60, Rung.RESET), (180, Rung.ALARM)),
    Trouble.NETWORK: ((120, Rung.RADIO), (300, Rung.RESET), (600, Rung.ALARM)),
    Trouble.SIM: ((60, Rung.RESET), (180, Rung.ALARM)),
}
AGAIN_S = 900.0
AGAIN_MOST_S = 4 * 3600.0


class Ladder:
    """The climb of one modem. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._trouble: Trouble | None = None
        self._since = 0.0
        self._taken = 0
        self._again_at = 0.0
        self._pause_s = AGAIN_S

    def well(self) -> None:
        """It works: the next trouble begins at the foot."""
        self._trouble = None

    def trouble_s(self, now: float) -> float:
        """For how long it has been in trouble."""
        return now - self._since if self._trouble else 0.0

    def step(self, trouble: Trouble, now: float) -> Rung | None:
        """Give what is due; None when it is to be left alone for now. A change of trouble keeps the place reached."""
        if self._trouble is None:
            self._since, self._taken, self._pause_s = now, 0, AGAIN_S
        self._trouble = trouble
        climb = CLIMBS[trouble]
        if self._taken >= len(climb):
            return self._once_more(trouble, now)
        after_s, rung = climb[self._taken]
        if now - self._since < after_s:
            return None
        self._taken += 1
        self._again_at = now + self._pause_s
        return rung

    def _once_more(self, trouble: Trouble, now: float) -> Rung | None:
        if trouble is Trouble.PORT or now < self._again_at:
            return None
        self._pause_s = min(2 * self._pause_s, AGAIN_MOST_S)
        self._again_at = now + self._pause_s
        return Rung.RESET
