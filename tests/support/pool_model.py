"""What is really true of operators, phones, machines and callers, beside what the pool was told of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from redis_queue.operators import OperatorProfile, OperatorStatus, WaitingCaller
from redis_queue.states import OperatorState
from tests.support.pool import TIMES, profile

NODES = ("a", "b")
CALLS = tuple(f"{node}-{number}" for node in NODES for number in range(3))
NUMBERS = {"a-0": "+6281200000001", "b-0": "+6281200000001", "a-1": "+6281200000002", "b-1": "+6281200000002"}
"""Two callers who call again, by either machine; the others withhold their numbers."""

PROFILES: dict[str, OperatorProfile] = {
    "1": profile("1", auto_login=False, languages=("id",)),
    "2": profile("2", auto_login=False, languages=("en",), skills=("medis",)),
    "3": profile("3", auto_login=False, skills=("kebakaran",)),
    "9": profile("9", auto_login=False, supervisor=True),
}
ASKED, UNASKED = "pause", "no_answer"

REGULAR, SUPERVISOR, UNANSWERING, GOING = range(4)
FREE = {OperatorState.AVAILABLE, OperatorState.WRAP_UP}


@dataclass
class Person:
    """What an operator wants, whose machines reach the phone, and the call that it is really in."""

    duty: bool = False
    registered: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)  # as the pool knows it
    used: set[str] = field(default_factory=set)  # machines that say that the phone has a call, as the pool knows it
    pause: str = ""
    unanswered: int = 0
    talks: str | None = None
    number: str = ""  # of who talks, where the pool knows it
    barred_until: int = 0
    goes: bool = False  # asked for it during a call, and that is not done yet

    @property
    def serves(self) -> OperatorState:
        """Whether this operator takes calls, whatever the phone is doing."""
        if not (self.duty and self.reached):
            return OperatorState.OFFLINE
        return OperatorState.PAUSED if self.pause else OperatorState.AVAILABLE

    @property
    def rests(self) -> OperatorState:
        """Where this operator is without a call."""
        return OperatorState.IN_USE if self.serves is OperatorState.AVAILABLE and self.used else self.serves


@dataclass(frozen=True)
class Wanted:
    """What a call asks for."""

    call_id: str
    language: str = ""
    category: str = ""
    exclude: frozenset[str] = frozenset()
    waited_ms: int = 0

    @property
    def node(self) -> str:
        """The machine that has the call."""
        return self.call_id[0]


@dataclass
class Model:
    """What is true."""

    people: dict[str, Person] = field(default_factory=lambda: {extension: Person() for extension in PROFILES})
    alive: set[str] = field(default_factory=lambda: set(NODES))
    dead: set[str] = field(default_factory=set)  # machines; those that are neither have no watcher
    ghosts: dict[str, str] = field(default_factory=dict)  # call -> operator: ended with its machine, untold to the pool
    knows: dict[str, str] = field(default_factory=dict)  # number -> who talked with it last

    def forget_dead_machines(self) -> None:
        """What the pool does when a machine is silent and another is not."""
        if self.alive:
            for person in self.people.values():
                person.reached &= self.alive
                person.used &= self.alive

    def tier(self, extension: str, wanted: Wanted) -> int | None:
        """When this operator is asked for this call; None: never."""
        person = self.people[extension]
        if extension in wanted.exclude or wanted.node not in person.reached & self.alive:
            return None
        if person.serves is OperatorState.AVAILABLE:
            return SUPERVISOR if PROFILES[extension].supervisor else REGULAR
        if person.serves is OperatorState.PAUSED and person.pause == UNASKED:
            return UNANSWERING
        return GOING if person.goes else None

    def answered(self, extension: str, call_id: str, number: str) -> None:
        """Somebody talks now; a talk that ended untold is over without the pool's asking with whom it was."""
        person = self.people[extension]
        person.talks, person.number, person.unanswered, person.barred_until = call_id, number, 0, 0
        if person.pause == UNASKED:
            person.pause = ""
        self.ghosts = {ghost: of for ghost, of in self.ghosts.items() if ghost != call_id and of != extension}

    def ended(self, call_id: str) -> None:
        """The pool has been told, or has seen by itself, that a talk is over: who it was with is remembered."""
        talks = {person.talks: extension for extension, person in self.people.items()}
        extension = self.ghosts.pop(call_id, None) or talks.get(call_id)
        if extension is not None:
            person = self.people[extension]
            person.talks = None
            if person.number:
                self.knows[person.number] = extension

    def died(self, node: str) -> None:
        """A machine's talks have ended with it."""
        for extension, person in self.people.items():
            if person.talks is not None and person.talks[0] == node:
                self.ghosts[person.talks] = extension
                person.talks = None

    def let_go(self, snapshot: Sequence[OperatorStatus]) -> None:
        """Who asked to go and has no call has gone; a talk that nobody renewed is over."""
        for each in snapshot:
            person = self.people[each.extension]
            person.goes = person.goes and each.call_id is not None
        held = {each.call_id for each in snapshot}
        for call_id in [ghost for ghost in self.ghosts if ghost not in held]:
            self.ended(call_id)

    def hope(self, wanted: Wanted) -> set[str]:
        """Who may take this call, now or later."""
        return {extension for extension in self.people if self.tier(extension, wanted) is not None}

    def takers(self, wanted: Wanted, snapshot: Iterable[OperatorStatus]) -> set[str]:
        """Who is free for this call at this moment."""
        tiers = {extension: self.tier(extension, wanted) for extension in self.people}
        known = [tier for tier in tiers.values() if tier is not None]
        nearest = min(known, default=-1)
        last = max(nearest, UNANSWERING) if wanted.waited_ms >= TIMES.overflow_ms else nearest
        free = {each.extension for each in snapshot if self._is_free(each)}
        friend = self.friend(wanted, snapshot)
        asked = {extension for extension, tier in tiers.items() if tier is not None and tier <= last}
        return free & asked | ({friend} if friend else set())

    def friend(self, wanted: Wanted, snapshot: Iterable[OperatorStatus]) -> str | None:
        """Who talked with this caller before and is free, or still writing just that down."""
        number = NUMBERS.get(wanted.call_id, "")
        extension = self.knows.get(number)
        free = {
            each.extension
            for each in snapshot
            if self._is_free(each)
            and (
                each.state is OperatorState.AVAILABLE
                or (each.state is OperatorState.WRAP_UP and self.people[each.extension].number == number)
            )
        }
        return extension if extension in free and self.tier(extension, wanted) is not None else None

    def best(self, wanted: Wanted, snapshot: Iterable[OperatorStatus]) -> set[str]:
        """Of those who are free the ones that nobody surpasses, leaving aside who has been idle for longest."""
        friend = self.friend(wanted, snapshot)
        if friend is not None:
            return {friend}
        wraps_up = {each.extension for each in snapshot if each.state is OperatorState.WRAP_UP}

        def rank(extension: str) -> tuple[int, bool, bool, bool]:
            its = PROFILES[extension]
            tier = self.tier(extension, wanted)
            assert tier is not None
            return (
                tier,
                extension in wraps_up,
                wanted.category not in its.skills,
                wanted.language not in its.languages,
            )

        ranks = {extension: rank(extension) for extension in self.takers(wanted, snapshot)}
        return {extension for extension, its in ranks.items() if its == min(ranks.values())}

    def _is_free(self, status: OperatorStatus) -> bool:
        unasked = status.state is OperatorState.PAUSED and self.people[status.extension].pause == UNASKED
        return (status.state in FREE or unasked) and not self.people[status.extension].used


def wanted_by(caller: WaitingCaller, now_ms: int) -> Wanted:
    """What a call in line asks for."""
    waited_ms = now_ms - round(caller.arrived.timestamp() * 1000)
    return Wanted(caller.call_id, caller.language, caller.category, caller.exclude, waited_ms)
