"""Any schedule of claims, crashes, lapses and wishes against a simple model of what is true.

The model knows what people and phones really do; the pool only what it was told. A script that crashed is one that no
rule ever calls again, which happens to most of them.
"""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis import Redis

from redis_queue.connection import connect
from redis_queue.operators import Claimed, DialFailure, OperatorStatus, Refusal, Refused, Waiting
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import NODE, TIMES, Clock, checked_pool, profile
from tests.support.redis_server import RedisServer

OPERATORS = ("1", "2", "3", "9")
SUPERVISOR = "9"
CALLS = tuple(f"call-{number}" for number in range(5))
PICKS = st.integers(0, len(OPERATORS) - 1)
EXCLUDES = st.frozensets(st.sampled_from(OPERATORS), max_size=2)
WITH_CALL = {OperatorState.RESERVED, OperatorState.RINGING, OperatorState.TALKING}
FREE = {OperatorState.AVAILABLE, OperatorState.WRAP_UP}


@dataclass
class Person:
    """What an operator wants, whether the phone is there, and the call that it is really in."""

    duty: bool = False
    reachable: bool = False
    pause: bool = False
    unanswered: int = 0
    talks: str | None = None
    barred_until: int = 0

    @property
    def rests(self) -> OperatorState:
        """Where this operator is without a call."""
        if not (self.duty and self.reachable):
            return OperatorState.OFFLINE
        return OperatorState.PAUSED if self.pause else OperatorState.AVAILABLE


@dataclass
class Model:
    """What is true."""

    people: dict[str, Person] = field(default_factory=lambda: {extension: Person() for extension in OPERATORS})
    watched: bool = True


class PoolMachine(RuleBasedStateMachine):
    """Drives the pool and the model side by side."""

    def __init__(self, redis: Redis) -> None:
        super().__init__()
        self.redis = redis
        self.clock = Clock()
        self.pool: OperatorPool = checked_pool(redis, self.clock)
        self.model = Model()

    @initialize()
    def begin(self) -> None:
        """A shift begins: three operators and a reserve, all on duty."""
        self.redis.flushdb()
        self.pool.set_roster([profile(each, auto_login=False, supervisor=each == SUPERVISOR) for each in OPERATORS])
        for extension in OPERATORS:
            self.wishes(extension, "login")
            self.phone(extension, True)
        self.watch()

    # What operators do

    @rule(extension=st.sampled_from(OPERATORS), wish=st.sampled_from(["login", "login", "logout", "pause", "resume"]))
    def wishes(self, extension: str, wish: str) -> None:
        """An operator dials a feature code."""
        getattr(self.pool, wish)(extension)
        person = self.model.people[extension]
        person.duty = {"login": True, "logout": False}.get(wish, person.duty)
        person.pause = wish == "pause"
        person.unanswered = 0
        person.barred_until = 0

    @rule(extension=st.sampled_from(OPERATORS), reachable=st.sampled_from([True, True, False]))
    def phone(self, extension: str, reachable: bool) -> None:
        """A phone comes or goes."""
        self.pool.set_reachable(extension, reachable, node=NODE)
        person = self.model.people[extension]
        if person.reachable != reachable:
            person.barred_until = 0
        person.reachable = reachable

    # What calls do

    @rule(call_id=st.sampled_from(CALLS), priority=st.integers(1, 3), exclude=EXCLUDES)
    def claims(self, call_id: str, priority: int, exclude: frozenset[str]) -> None:
        """A script asks for an operator."""
        before = self.holder(call_id)
        answer = self.pool.claim(call_id, language="", category="", priority=priority, node=NODE, exclude=exclude)
        if before is not None and before.state is OperatorState.TALKING and self.model.watched:
            assert Claimed(before.extension) == answer
        else:
            self.judge(call_id, answer, exclude)

    @rule(call_id=st.sampled_from(CALLS), priority=st.integers(1, 3), exclude=EXCLUDES)
    def waits(self, call_id: str, priority: int, exclude: frozenset[str]) -> None:
        """A script stands in line."""
        before = self.holder(call_id)
        answer = self.pool.wait(
            call_id, priority=priority, language="", category="", node=NODE, arrived_ms=None, exclude=exclude
        )
        if before is None or before.state is not OperatorState.TALKING or not self.model.watched:
            self.judge(call_id, answer, exclude)

    @rule(call_id=st.sampled_from(CALLS))
    def keeps_waiting(self, call_id: str) -> None:
        """A script that waits asks how it stands; nobody who was not given an operator is told of one."""
        answer = self.pool.keep_waiting(call_id)
        match answer:
            case Claimed(extension):
                holder = self.holder(call_id)
                assert holder is not None
                assert extension == holder.extension
            case Waiting(position):
                assert call_id == self.pool.waiting()[position - 1].call_id
            case Refused(reason):
                assert reason is not Refusal.BUSY

    @rule(call_id=st.sampled_from(CALLS))
    def leaves(self, call_id: str) -> None:
        """A script wants nobody any more."""
        self.pool.leave(call_id)

    # What Asterisk does

    @rule(pick=PICKS)
    def rings(self, pick: int) -> None:
        """The phone that a call claimed rings."""
        if claimed := self.claimed(pick):
            self.pool.ringing(claimed.extension, claimed.call_id or "")

    @rule(call_id=st.sampled_from(CALLS), extension=st.sampled_from(OPERATORS))
    def answers(self, call_id: str, extension: str) -> None:
        """A phone that is not talking is answered, by the claim or by the fallback, by a caller who does not talk."""
        person = self.model.people[extension]
        if person.talks is None and all(other.talks != call_id for other in self.model.people.values()):
            self.pool.answered(extension, call_id)
            person.talks, person.unanswered, person.barred_until = call_id, 0, 0

    @rule(pick=PICKS, failure=st.sampled_from([DialFailure.NOANSWER, *DialFailure]))
    def fails(self, pick: int, failure: DialFailure) -> None:
        """A claim does not become a call; two in a row that were not answered pause the operator."""
        claimed = self.claimed(pick)
        if claimed is None:
            return
        self.pool.failed(claimed.extension, claimed.call_id or "", failure)
        person = self.model.people[claimed.extension]
        if failure is DialFailure.NOANSWER:
            person.unanswered += 1
            person.pause = person.pause or person.unanswered >= TIMES.no_answer_limit
        elif person.rests is OperatorState.AVAILABLE:
            person.barred_until = self.clock() + TIMES.bar_ms

    @rule(call_id=st.sampled_from(CALLS), wrap_up_s=st.sampled_from([0.0, 20.0]))
    def ends(self, call_id: str, wrap_up_s: float) -> None:
        """A call is over."""
        self.pool.ended(call_id, wrap_up_s)
        for person in self.model.people.values():
            if person.talks == call_id:
                person.talks = None

    # What time does

    @rule(seconds=st.sampled_from([0.5, 2.0, 5.0, 10.0]))
    def passes(self, seconds: float) -> None:
        """Time goes by, and a living watcher says each time what it sees."""
        self.clock.advance(seconds)
        if self.model.watched:
            self.watch()

    @precondition(lambda self: self.model.watched)
    @rule()
    def watcher_dies(self) -> None:
        """Nobody sees the phones any more."""
        self.clock.advance(20)
        self.model.watched = False

    @precondition(lambda self: not self.model.watched)
    @rule(seconds=st.sampled_from([1.0, 60.0]))
    def watcher_returns(self, seconds: float) -> None:
        """After however long, the watcher begins again."""
        self.clock.advance(seconds)
        self.model.watched = True
        self.watch()

    def watch(self) -> None:
        """One round of the watcher."""
        self.pool.heartbeat("node", 15)
        self.pool.renew([person.talks for person in self.model.people.values() if person.talks])
        self.pool.expire()

    # What must hold

    def holder(self, call_id: str) -> OperatorStatus | None:
        """The operator that the pool has for a call."""
        found = [each for each in self.pool.snapshot() if each.call_id == call_id]
        assert len(found) <= 1, f"{call_id} has two operators"
        return found[0] if found else None

    def claimed(self, pick: int) -> OperatorStatus | None:
        """One of the operators that have a claim but no talk."""
        found = [each for each in self.pool.snapshot() if each.state in WITH_CALL - {OperatorState.TALKING}]
        return found[pick % len(found)] if found else None

    def judge(self, call_id: str, answer: Claimed | Waiting | Refused, exclude: frozenset[str]) -> None:
        """An operator that is given is one that may be; a refusal is true."""
        if not self.model.watched:
            assert Refused(Refusal.BLIND) == answer
        elif isinstance(answer, Claimed):
            assert answer.extension not in exclude
            assert self.model.people[answer.extension].talks is None, "a phone that talks was given away"
        elif answer == Refused(Refusal.NOBODY):
            resting = {each for each, person in self.model.people.items() if person.rests is OperatorState.AVAILABLE}
            assert resting <= exclude

    @invariant()
    def all_holds(self) -> None:
        """Look once, check everything."""
        if self.model.watched:
            self.pool.expire()
        snapshot = self.pool.snapshot()
        self.each_phone_that_talks_is_known(snapshot)
        self.an_operator_has_a_call_exactly_when_the_state_says_so(snapshot)
        self.what_holds_only_for_a_time_has_an_end(snapshot)
        self.operators_without_a_call_are_where_they_belong(snapshot)
        self.nobody_is_free_while_somebody_waits(snapshot)

    def each_phone_that_talks_is_known(self, snapshot: list[OperatorStatus]) -> None:
        """What is really talked is what the pool says: no second call can be given to that phone."""
        talking = {each.extension: each.call_id for each in snapshot if each.state is OperatorState.TALKING}

        assert {e: person.talks for e, person in self.model.people.items() if person.talks} == talking

    def an_operator_has_a_call_exactly_when_the_state_says_so(self, snapshot: list[OperatorStatus]) -> None:
        """No state without its call, no call without its state, and the indexes say the same."""
        with_call = {each.extension for each in snapshot if each.call_id}
        calls = {each.call_id: each.extension for each in snapshot if each.call_id}

        assert {each.extension for each in snapshot if each.state in WITH_CALL} == with_call
        assert len(with_call) == len(calls), "one call, two operators"
        assert calls == self.redis.hgetall("siaga112:pool:calls")
        indexed = {
            extension: state
            for state in OperatorState
            for extension in self.redis.zrange(f"siaga112:pool:state:{state}", 0, -1)
        }
        assert {each.extension: each.state for each in snapshot} == indexed

    def what_holds_only_for_a_time_has_an_end(self, snapshot: list[OperatorStatus]) -> None:
        """Nothing can be stuck: each claim, talk, wrap-up and place in line has a lease."""
        leases = set(self.redis.zrange("siaga112:pool:leases", 0, -1))
        must = {each.extension for each in snapshot if each.state in WITH_CALL | {OperatorState.WRAP_UP}}

        assert must <= leases
        line = set(self.redis.zrange("siaga112:pool:line", 0, -1))
        assert line == set(self.redis.zrange("siaga112:pool:line_leases", 0, -1))
        assigned = {each.call_id for each in snapshot if each.state is OperatorState.RESERVED}
        assert line <= set(self.redis.hkeys("siaga112:pool:callers")) <= line | assigned

    def operators_without_a_call_are_where_they_belong(self, snapshot: list[OperatorStatus]) -> None:
        """Duty, phone and pause decide; a bar and a wrap-up end in time."""
        for each in snapshot:
            person = self.model.people[each.extension]
            if each.state is OperatorState.WRAP_UP:
                assert person.rests is OperatorState.AVAILABLE
            elif each.state not in WITH_CALL and each.state is not person.rests:
                assert OperatorState.OFFLINE is each.state
                assert self.clock() < person.barred_until or not self.model.watched

    def nobody_is_free_while_somebody_waits(self, snapshot: list[OperatorStatus]) -> None:
        """After a look at the clock no caller waits whom a free operator may take."""
        free = {each.extension for each in snapshot if each.state in FREE and self.model.watched}
        for caller in self.pool.waiting():
            waited_ms = self.clock() - round(caller.arrived.timestamp() * 1000)
            may_take = free - caller.exclude
            if waited_ms < TIMES.overflow_ms:
                may_take -= {SUPERVISOR}
            assert set() == may_take, f"{caller.call_id} waits"


def test_no_schedule_gives_one_operator_two_calls(redis_server: RedisServer) -> None:
    """Random schedules of everything that people, scripts, phones and time can do."""
    client = connect(redis_server.url)
    client.config_set("appendfsync", "no")  # what is tested here is no durability
    try:
        run_state_machine_as_test(
            lambda: PoolMachine(client),
            settings=settings(
                max_examples=60,
                stateful_step_count=50,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        client.config_set("appendfsync", "always")
        client.close()
