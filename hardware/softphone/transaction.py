"""The four SIP transactions as tables (RFC 3261 section 17, with RFC 6026's Accepted state).

A transaction repeats a message until the other side shows that it arrived, and afterwards stays for a
while to recognise the other side's repetitions. Two kinds belong to the client, two to the server; an
INVITE has its own because a human answers it.

The tables say which state an event leads to; `_TIMES` says what the clock does in each state: how soon
the last message is repeated, how far that interval grows, and which event ends the state. Nothing here
reads a clock or knows a message: the owner tells the time and does what `tick` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

# RFC 3261 table 4, in seconds.
T1 = 0.5
T2 = 4.0
T4 = 5.0
_LIFETIME = 64 * T1  # timers B, F, H, J, L and M; timer D is "at least 32 s" (RFC 3261 section 17.1.1.2)


class Kind(Enum):
    """Which of the four."""

    INVITE_CLIENT = auto()
    CLIENT = auto()
    INVITE_SERVER = auto()
    SERVER = auto()


class State(Enum):
    """The states of figures 5 to 8, and Accepted of RFC 6026."""

    CALLING = auto()
    TRYING = auto()
    PROCEEDING = auto()
    ACCEPTED = auto()
    COMPLETED = auto()
    CONFIRMED = auto()
    TERMINATED = auto()


class Event(Enum):
    """What can happen to a transaction: a response of a class passes, an ACK arrives, or time is up."""

    PROVISIONAL = auto()
    SUCCESS = auto()
    FAILURE = auto()
    ACK = auto()
    GIVE_UP = auto()
    FORGET = auto()

    @classmethod
    def of_status(cls, status: int) -> Event:
        """The event that a response with this status is."""
        if status < 200:
            return cls.PROVISIONAL
        return cls.SUCCESS if status < 300 else cls.FAILURE


class Tick(Enum):
    """What the owner has to do now."""

    NOTHING = auto()
    REPEAT = auto()
    GIVE_UP = auto()
    FORGET = auto()


TABLE: dict[Kind, dict[State, dict[Event, State]]] = {
    Kind.INVITE_CLIENT: {
        State.CALLING: {
            Event.PROVISIONAL: State.PROCEEDING,
            Event.SUCCESS: State.ACCEPTED,
            Event.FAILURE: State.COMPLETED,
            Event.GIVE_UP: State.TERMINATED,
        },
        State.PROCEEDING: {
            Event.PROVISIONAL: State.PROCEEDING,
            Event.SUCCESS: State.ACCEPTED,
            Event.FAILURE: State.COMPLETED,
        },
        State.ACCEPTED: {Event.SUCCESS: State.ACCEPTED, Event.FORGET: State.TERMINATED},
        State.COMPLETED: {Event.FAILURE: State.COMPLETED, Event.FORGET: State.TERMINATED},
        State.TERMINATED: {},
    },
    Kind.CLIENT: {
        State.TRYING: {
            Event.PROVISIONAL: State.PROCEEDING,
            Event.SUCCESS: State.COMPLETED,
            Event.FAILURE: State.COMPLETED,
            Event.GIVE_UP: State.TERMINATED,
        },
        State.PROCEEDING: {
            Event.PROVISIONAL: State.PROCEEDING,
            Event.SUCCESS: State.COMPLETED,
            Event.FAILURE: State.COMPLETED,
            Event.GIVE_UP: State.TERMINATED,
        },
        State.COMPLETED: {Event.FORGET: State.TERMINATED},
        State.TERMINATED: {},
    },
    Kind.INVITE_SERVER: {
        State.PROCEEDING: {
            Event.PROVISIONAL: State.PROCEEDING,
            Event.SUCCESS: State.ACCEPTED,
            Event.FAILURE: State.COMPLETED,
        },
        State.ACCEPTED: {Event.ACK: State.CONFIRMED, Event.GIVE_UP: State.TERMINATED},
        State.COMPLETED: {Event.ACK: State.CONFIRMED, Event.GIVE_UP: State.TERMINATED},
        State.CONFIRMED: {Event.FORGET: State.TERMINATED},
        State.TERMINATED: {},
    },
    Kind.SERVER: {
        State.TRYING: {Event.SUCCESS: State.COMPLETED, Event.FAILURE: State.COMPLETED},
        State.COMPLETED: {Event.FORGET: State.TERMINATED},
        State.TERMINATED: {},
    },
}

FIRST: dict[Kind, State] = {
    Kind.INVITE_CLIENT: State.CALLING,
    Kind.CLIENT: State.TRYING,
    Kind.INVITE_SERVER: State.PROCEEDING,
    Kind.SERVER: State.TRYING,
}


@dataclass(frozen=True)
class _Clock:
    repeat_after: float | None = None
    repeat_at_most: float = T2
    ends_after: float | None = None
    ends_with: Event = Event.FORGET


# States that are not listed wait without a clock.
_TIMES: dict[tuple[Kind, State], _Clock] = {
    # Timers A and B (section 17.1.1.2): an INVITE's interval doubles without a limit.
    (Kind.INVITE_CLIENT, State.CALLING): _Clock(T1, _LIFETIME, _LIFETIME, Event.GIVE_UP),
    (Kind.INVITE_CLIENT, State.ACCEPTED): _Clock(ends_after=_LIFETIME),
    (Kind.INVITE_CLIENT, State.COMPLETED): _Clock(ends_after=_LIFETIME),
    # Timers E, F and K (section 17.1.2.2).
    (Kind.CLIENT, State.TRYING): _Clock(T1, T2, _LIFETIME, Event.GIVE_UP),
    (Kind.CLIENT, State.PROCEEDING): _Clock(T2, T2, _LIFETIME, Event.GIVE_UP),
    (Kind.CLIENT, State.COMPLETED): _Clock(ends_after=T4),
    # Section 13.3.1.4 for the 2xx, timers G and H (section 17.2.1) for the rest, then timer I.
    (Kind.INVITE_SERVER, State.ACCEPTED): _Clock(T1, T2, _LIFETIME, Event.GIVE_UP),
    (Kind.INVITE_SERVER, State.COMPLETED): _Clock(T1, T2, _LIFETIME, Event.GIVE_UP),
    (Kind.INVITE_SERVER, State.CONFIRMED): _Clock(ends_after=T4),
    # Timer J (section 17.2.2).
    (Kind.SERVER, State.COMPLETED): _Clock(ends_after=_LIFETIME),
}


class Machine:
    """One transaction's state and clock."""

    def __init__(self, kind: Kind, now: float) -> None:
        self.kind = kind
        self.state = FIRST[kind]
        self._clock = _Clock()
        self._interval = 0.0
        self._repeat_at: float | None = None
        self._ends_at: float | None = None
        self._start_clock(now)

    @property
    def due(self) -> float | None:
        """When `tick` is wanted next; None while only a message can change anything."""
        times = [time for time in (self._repeat_at, self._ends_at) if time is not None]
        return min(times) if times else None

    @property
    def waits_for_answer(self) -> bool:
        """Whether a client still waits for its final response."""
        return self.state in (State.CALLING, State.TRYING, State.PROCEEDING)

    def feed(self, event: Event, now: float) -> bool:
        """Apply an event; False when this state has no use for it, as for most repetitions."""
        following = TABLE[self.kind][self.state].get(event)
        if following is None:
            return False
        if following is not self.state:
            self.state = following
            self._start_clock(now)
        return True

    def tick(self, now: float) -> Tick:
        """Apply the clock and say what to do."""
        if self._ends_at is not None and now >= self._ends_at:
            event = self._clock.ends_with
            self.feed(event, now)
            return Tick.GIVE_UP if event is Event.GIVE_UP else Tick.FORGET
        if self._repeat_at is None or now < self._repeat_at:
            return Tick.NOTHING
        self._interval = min(2 * self._interval, self._clock.repeat_at_most)
        self._repeat_at = now + self._interval
        return Tick.REPEAT

    def _start_clock(self, now: float) -> None:
        self._clock = _TIMES.get((self.kind, self.state), _Clock())
        self._interval = self._clock.repeat_after or 0.0
        self._repeat_at = now + self._interval if self._interval else None
        self._ends_at = None if self._clock.ends_after is None else now + self._clock.ends_after
