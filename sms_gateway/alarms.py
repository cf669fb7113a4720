"""What a person must know about a modem, and when it begins and ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hardware.modem.at.results import Final, Kind
from hardware.modem.health import ModemHealth, ModemState
from siaga112 import log

NEARLY_FULL = 0.8
DOWN_S = 30.0
SEARCHING_S = 60.0

SENDS_BARRED = frozenset({8, 10, 21, 29, 50})
"""RP causes of a SIM that may not send: barred, rejected, not subscribed (TS 24.011 8.2.5.4); 21 without credit."""


class AlarmKind(StrEnum):
    """What it is about; the names stand in listings and logs."""

    DOWN = "down"
    STUCK = "stuck"
    FLAPPING = "flapping"
    NO_SIM = "no_sim"
    PIN = "pin"
    PUK = "puk"
    NO_NETWORK = "no_network"
    MEMORY_FULL = "memory_full"
    MEMORY_HIGH = "memory_high"
    SILENCE = "silence"
    SEND_REFUSED = "send_refused"
    NO_CREDIT = "no_credit"
    CREDIT_LOW = "credit_low"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One of them, with what is wrong in a sentence."""

    kind: AlarmKind
    text: str

    def __str__(self) -> str:
        """As listings show it."""
        return f"{self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one look at a modem does not show.

    `trouble_s`: for how long it has not worked. `credit`: what is left, in rupiah; None where nobody knows.
    `credit_limit`: with less there is too little.
    """

    trouble_s: float = 0.0
    stuck: bool = False
    flapping: bool = False
    told_full: bool = False
    send_refusal: Final | None = None
    silent_for: timedelta | None = None
    silence_limit: timedelta | None = None
    credit: int | None = None
    credit_limit: int = 0


_LOCKED = {
    ModemState.NO_SIM: AlarmKind.NO_SIM,
    ModemState.PIN: AlarmKind.PIN,
    ModemState.PUK: AlarmKind.PUK,
}


def alarms_of(health: ModemHealth, facts: Facts) -> tuple[Alarm, ...]:
    """Everything that is wrong now."""
    return (*_of_state(health, facts), *_of_memories(health, facts), *_of_traffic(facts))


def _of_state(health: ModemHealth, facts: Facts) -> Iterator[Alarm]:
    if health.state in _LOCKED:
        yield Alarm(_LOCKED[health.state], health.reason)
    if health.state is ModemState.DOWN and facts.trouble_s >= DOWN_S:
        yield Alarm(AlarmKind.DOWN, health.reason)
    if health.state is ModemState.SEARCHING and facts.trouble_s >= SEARCHING_S:
        yield Alarm(AlarmKind.NO_NETWORK, f"{health.reason}: look at antenna, coverage and the SIM's contract")
    if facts.stuck:
        yield Alarm(AlarmKind.STUCK, "restarting its radio and the modem did not help: unplug it, or replace it")
    if facts.flapping:
        yield Alarm(AlarmKind.FLAPPING, "it came and went three times within ten minutes: look at cable, hub and power")


def _of_memories(health: ModemHealth, facts: Facts) -> Iterator[Alarm]:
    places = [one for one in health.memories if one.capacity and one.name != "SR"]
    worst = max(places, key=lambda one: one.stored / one.capacity, default=None)
    if worst is None:
        if facts.told_full:
            yield Alarm(AlarmKind.MEMORY_FULL, "the modem says that its memory is full: nothing more can arrive")
        return
    taken = f"{worst.stored} of {worst.capacity} places in {worst.name} are taken"
    if worst.stored >= worst.capacity:
        yield Alarm(AlarmKind.MEMORY_FULL, f"{taken}: nothing more can arrive there; delete drafts and sent messages")
    elif worst.stored >= NEARLY_FULL * worst.capacity:
        yield Alarm(AlarmKind.MEMORY_HIGH, taken)


def _of_traffic(facts: Facts) -> Iterator[Alarm]:
    if facts.silent_for is not None and facts.silence_limit and facts.silent_for >= facts.silence_limit:
        hours = int(facts.silent_for.total_seconds() // 3600)
        yield Alarm(AlarmKind.SILENCE, f"no message for {hours} h: send one to its number and see")
    refusal = facts.send_refusal
    if refusal and refusal.kind is Kind.CMS and refusal.code in SENDS_BARRED:
        yield Alarm(AlarmKind.SEND_REFUSED, f"the network refuses what it sends ({refusal.text}): is there credit?")
    if facts.credit == 0:
        yield Alarm(AlarmKind.NO_CREDIT, "the SIM has no credit left")
    elif facts.credit is not None and facts.credit < facts.credit_limit:
        yield Alarm(AlarmKind.CREDIT_LOW, f"Rp {facts.credit} are left: top it up before it sends no more")


class AlarmBook:
    """The alarms of one modem that are on; says in the log when one begins and when it is over."""

    def __init__(self, modem: str) -> None:
        self._on: dict[AlarmKind, Alarm] = {}
        self._log = log.get(__name__).bind(modem=modem)

    def update(self, alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
        """Take what is wrong now; gives it back."""
        now = {alarm.kind: alarm for alarm in alarms}
        for kind in now.keys() - self._on.keys():
            self._log.error("modem.alarm", alarm=kind.value, text=now[kind].text)
        for kind in self._on.keys() - now.keys():
            self._log.info("modem.alarm_over", alarm=kind.value)
        self._on = now
        return tuple(now.values())
