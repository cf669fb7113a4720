"""Any schedule of claims, crashes, lapses and wishes, on two machines, against a simple model of what is true.

The model (`tests.support.pool_model`) knows what people, phones and machines really do; the pool only what it was told.
A script that crashed is one that no rule ever calls again, which happens to most of them.
"""

import pytest
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
from tests.support.pool import TIMES, Clock, checked_pool
from tests.support.pool_keys import WITH_CALL, check_indexes, check_leases
from tests.support.pool_model import ASKED, CALLS, NODES, NUMBERS, PROFILES, UNASKED, Model, Wanted
from tests.support.pool_truth import check_line, check_rest, check_talks, check_turns
from tests.support.redis_server import RedisServer

OPERATORS = tuple(PROFILES)
PICKS = st.integers(0, len(OPERATORS) - 1)
EXCLUDES = st.one_of(st.just(frozenset[str]()), st.frozensets(st.sampled_from(OPERATORS), max_size=2))
LANGUAGES, CATEGORIES = st.sampled_from(["", "id", "en"]), st.sampled_from(["", "medis", "kebakaran"])
WATCH_S = 15.0


class PoolMachine(RuleBasedStateMachine):
    """Drives the pool and the model side by side."""

    def __init__(self, redis: Redis) -> None:
        super().__init__()
        self.redis = redis
        self.clock = Clock()
        self.pool: OperatorPool = checked_pool(redis, self.clock)
        self.model = Model()
        self.patient: set[str] = set()  # calls in line whose scripts live

    @initialize()
    def begin(self) -> None:
        """A shift begins: three operators and a reserve on duty, their phones registered with both machines."""
        self.redis.flushdb()
        self.pool.set_roster(PROFILES.values())
        for extension in OPERATORS:
            self.wishes(extension, "login")
            for node in NODES:
                self.phone(extension, node, True)
        self.watch()

    # What operators do

    @rule(extension=st.sampled_from(OPERATORS), wish=st.sampled_from(["login", "login", "logout", "pause", "resume"]))
    def wishes(self, extension: str, wish: str) -> None:
        """An operator dials a feature code."""
        has_call = any(each.call_id for each in self.pool.snapshot() if each.extension == extension)
        getattr(self.pool, wish)(extension)
        person = self.model.people[extension]
        person.goes = has_call and wish in {"logout", "pause"}
        person.duty = {"login": True, "logout": False}.get(wish, person.duty)
        person.pause = ASKED if wish == "pause" else ""
        person.unanswered = 0
        person.barred_until = 0

    @rule(
        extension=st.sampled_from(OPERATORS),
        node=st.sampled_from(NODES),
        there=st.sampled_from([True, True, False]),
        in_use=st.sampled_from([False, False, True]),
    )
    def phone(self, extension: str, node: str, there: bool, in_use: bool = False) -> None:
        """A phone registers with a machine, or is gone from there, or is used for any call; a dead one tells nobody."""
        person = self.model.people[extension]
        person.registered = person.registered | {node} if there else person.registered - {node}
        if node in self.model.alive:
            self.tell(extension, node, in_use and there)

    def tell(self, extension: str, node: str, in_use: bool = False) -> None:
        """A machine says what it sees of a phone."""
        person = self.model.people[extension]
        there = node in person.registered
        self.pool.set_reachable(extension, there, in_use=in_use, node=node)
        person.used = person.used | {node} if in_use else person.used - {node}
        before = bool(person.reached)
        person.reached = person.reached | {node} if there else person.reached - {node}
        if before != bool(person.reached):
            person.barred_until = 0

    # What calls do

    @rule(
        call_id=st.sampled_from(CALLS),
        priority=st.integers(1, 3),
        language=LANGUAGES,
        category=CATEGORIES,
        exclude=EXCLUDES,
    )
    def claims(self, call_id: str, priority: int, language: str, category: str, exclude: frozenset[str]) -> None:
        """A script asks for an operator: whom it gets is the best of those who are free."""
        wanted = Wanted(call_id, language, category, exclude)
        before, snapshot = self.holder(call_id), self.pool.snapshot()
        stood = any(caller.call_id == call_id for caller in self.pool.waiting())
        best = self.model.best(wanted, snapshot)
        answer = self.pool.claim(
            call_id,
            language=language,
            category=category,
            priority=priority,
            node=wanted.node,
            number=NUMBERS.get(call_id, ""),
            exclude=exclude,
        )
        if self.talks_already(before) and wanted.node in self.model.alive:
            assert Claimed(before.extension if before else "") == answer
        else:
            self.judge(wanted, answer, before)
        if before is None and not stood and wanted.node in self.model.alive:
            assert (answer.extension in best) if isinstance(answer, Claimed) else not best

    @rule(
        call_id=st.sampled_from(CALLS),
        priority=st.integers(1, 3),
        language=LANGUAGES,
        exclude=EXCLUDES,
        patient=st.booleans(),
        behind=st.sampled_from([False, False, True]),
    )
    def waits(
        self, call_id: str, priority: int, language: str, exclude: frozenset[str], *, patient: bool, behind: bool
    ) -> None:
        """A script stands in line, behind the others where its caller is silent, and goes on to do so or dies."""
        (self.patient.add if patient else self.patient.discard)(call_id)
        wanted = Wanted(call_id, language, "", exclude)
        before = self.holder(call_id)
        answer = self.pool.wait(
            call_id,
            priority=priority,
            language=language,
            category="",
            node=wanted.node,
            number=NUMBERS.get(call_id, ""),
            exclude=exclude,
            behind=behind,
        )
        if not self.talks_already(before) or wanted.node not in self.model.alive:
            self.judge(wanted, answer, before)

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

    @rule(call_id=st.sampled_from(CALLS), category=CATEGORIES, wrap_up_s=st.sampled_from([0.0, 20.0]))
    def is_served(self, call_id: str, category: str, wrap_up_s: float) -> None:
        """A call as most of them are: claimed, answered, over."""
        self.claims(call_id, 2, "", category, frozenset())
        holder = self.holder(call_id)
        if holder is not None and holder.state is not OperatorState.TALKING:
            self.answers(call_id, holder.extension)
        self.ends(call_id, wrap_up_s)

    @rule(extension=st.sampled_from(OPERATORS))
    def sleeps(self, extension: str) -> None:
        """An operator is not there and leaves the phone ringing, call after call."""
        for call_id in CALLS:
            if self.holder(call_id) is None:
                self.claims(call_id, 1, "", "", frozenset(OPERATORS) - {extension})
                self.fails_to_answer(call_id)

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
        talks = any(other.talks == call_id for other in self.model.people.values())
        if person.talks is not None or talks or call_id[0] in self.model.dead:
            return
        holder = self.holder(call_id)
        self.pool.answered(extension, call_id)
        self.model.answered(extension, call_id, self.known_number(call_id, holder))

    @rule(pick=PICKS, failure=st.sampled_from([DialFailure.NOANSWER, *DialFailure]))
    def fails(self, pick: int, failure: DialFailure) -> None:
        """A claim does not become a call; two in a row that were not answered pause the operator."""
        if claimed := self.claimed(pick):
            self.fail(claimed, failure)

    def fails_to_answer(self, call_id: str) -> None:
        """The same of this call's claim, if it has one."""
        holder = self.holder(call_id)
        if holder is not None and holder.state is not OperatorState.TALKING:
            self.fail(holder, DialFailure.NOANSWER)

    def fail(self, claimed: OperatorStatus, failure: DialFailure) -> None:
        """Tell pool and model."""
        self.pool.failed(claimed.extension, claimed.call_id or "", failure)
        person = self.model.people[claimed.extension]
        person.goes = False
        if failure is DialFailure.NOANSWER:
            person.unanswered += 1
            if person.unanswered >= TIMES.no_answer_limit and not person.pause:
                person.pause = UNASKED
        elif person.rests is OperatorState.AVAILABLE:
            person.barred_until = self.clock() + TIMES.bar_ms

    @rule(call_id=st.sampled_from(CALLS), wrap_up_s=st.sampled_from([0.0, 20.0]))
    def ends(self, call_id: str, wrap_up_s: float) -> None:
        """A call is over, or another machine says so of one that ended with its own."""
        self.pool.ended(call_id, wrap_up_s)
        self.model.ended(call_id)

    # What time and machines do

    @rule(seconds=st.sampled_from([0.5, 2.0, 5.0, 10.0, 70.0]))
    def passes(self, seconds: float) -> None:
        """Time goes by, living watchers say each time what they see, and living scripts keep their places."""
        while seconds > 0:
            self.clock.advance(min(seconds, 5.0))
            seconds -= 5.0
            for call_id in sorted(self.patient):
                self.keeps_waiting(call_id)
            self.watch()
            check_line(self.model, self.pool, self.clock())

    @precondition(lambda self: self.model.alive)
    @rule()
    def watchers_die(self) -> None:
        """Nobody sees the phones any more; calls go on."""
        self.clock.advance(20)
        self.model.alive = set()

    @precondition(lambda self: len(self.model.alive) == len(NODES))
    @rule(node=st.sampled_from(NODES))
    def machine_dies(self, node: str) -> None:
        """One machine is gone with its calls; the other one's watcher lives."""
        self.model.alive.discard(node)
        self.model.dead.add(node)
        self.model.died(node)
        self.passes(10)
        self.passes(10)

    @precondition(lambda self: self.model.dead)
    @rule()
    def machine_returns(self) -> None:
        """A dead machine is started again, and with it whatever watcher was not there."""
        self.watchers_begin(set(NODES))
        self.model.dead = set()

    @precondition(lambda self: not self.model.alive)
    @rule(seconds=st.sampled_from([1.0, 60.0]))
    def watchers_return(self, seconds: float) -> None:
        """After however long the watchers begin again."""
        self.clock.advance(seconds)
        self.watchers_begin(set(NODES) - self.model.dead)

    def watchers_begin(self, nodes: set[str]) -> None:
        """Each says first what it sees, then begins its heartbeat."""
        self.model.alive = nodes
        for node in sorted(nodes):
            self.tell_all(node)
        for node in sorted(nodes):
            if not self.pool.heartbeat(node, WATCH_S):
                self.tell_all(node)
        self.watch()

    def tell_all(self, node: str) -> None:
        """A machine says all that it sees."""
        for extension in OPERATORS:
            self.tell(extension, node)

    def watch(self) -> None:
        """One round of each living watcher."""
        for node in sorted(self.model.alive):
            self.pool.heartbeat(node, WATCH_S)
            self.pool.renew([p.talks for p in self.model.people.values() if p.talks and p.talks[0] == node])
        self.pool.expire()
        self.model.forget_dead_machines()
        self.model.let_go(self.pool.snapshot())

    # What must hold

    def holder(self, call_id: str) -> OperatorStatus | None:
        """The operator that the pool has for a call."""
        found = [each for each in self.pool.snapshot() if each.call_id == call_id]
        assert len(found) <= 1, f"{call_id} has two operators"
        return found[0] if found else None

    def known_number(self, call_id: str, holder: OperatorStatus | None) -> str:
        """The caller's number as the pool has it: from a claim, or from whoever has this call's talk."""
        if holder is None:
            return ""
        return self.model.people[holder.extension].number if self.talks_already(holder) else NUMBERS.get(call_id, "")

    def talks_already(self, holder: OperatorStatus | None) -> bool:
        """Whether the pool has this call as talked."""
        return holder is not None and holder.state is OperatorState.TALKING

    def claimed(self, pick: int) -> OperatorStatus | None:
        """One of the operators that have a claim but no talk."""
        found = [each for each in self.pool.snapshot() if each.state in WITH_CALL - {OperatorState.TALKING}]
        return found[pick % len(found)] if found else None

    def judge(self, wanted: Wanted, answer: Claimed | Waiting | Refused, before: OperatorStatus | None) -> None:
        """An operator that is given is the one of before, or one that may be; a refusal is true."""
        if wanted.node not in self.model.alive:
            assert Refused(Refusal.BLIND) == answer
        elif isinstance(answer, Claimed):
            kept = (
                before is not None and before.extension == answer.extension and answer.extension not in wanted.exclude
            )
            assert kept or answer.extension in self.model.hope(wanted)
            assert self.model.people[answer.extension].talks is None, "a phone that talks was given away"
        elif answer == Refused(Refusal.NOBODY):
            assert set() == self.model.hope(wanted)

    @invariant()
    def all_holds(self) -> None:
        """Look once, check everything."""
        if self.model.alive:
            self.pool.expire()
        snapshot = self.pool.snapshot()
        self.model.let_go(snapshot)
        check_talks(self.model, snapshot)
        check_indexes(self.redis, snapshot)
        check_leases(self.redis, snapshot)
        check_rest(self.model, snapshot, self.clock())
        check_line(self.model, self.pool, self.clock())
        check_turns(self.pool)


@pytest.mark.timeout(600)  # a schedule that fails is made shorter for up to five minutes, then told
def test_no_schedule_gives_one_operator_two_calls(redis_server: RedisServer) -> None:
    """Random schedules of everything that people, scripts, phones, machines and time can do."""
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
