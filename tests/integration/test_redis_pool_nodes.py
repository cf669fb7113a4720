"""Several machines with an Asterisk each share operators and callers; one that dies takes no operator with it."""

from redis_queue.operators import Claimed, NodeSilent, Refusal, Refused, Waiting
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import Clock, claim, profile, states, status, talk, wait


def two_nodes(pool: OperatorPool, **reached: str) -> None:
    """Nodes a and b live for 3 s; `_1="ab"`: both reach the phone 1."""
    pool.set_roster([profile(extension.strip("_")) for extension in reached])
    for extension, nodes in reached.items():
        for node in nodes:
            pool.set_reachable(extension.strip("_"), True, node=node)
    beat(pool, "a", "b")


def beat(pool: OperatorPool, *nodes: str) -> None:
    """These nodes' watchers live."""
    for node in nodes:
        pool.heartbeat(node, 3)


def test_a_call_is_given_to_a_phone_that_its_own_node_reaches(pool: OperatorPool) -> None:
    """The dialplan of one machine cannot ring a phone that is registered with the other."""
    two_nodes(pool, _1="a", _2="b")

    assert [Claimed("2"), Refused(Refusal.BUSY)] == [claim(pool, "b-1", node="b"), claim(pool, "b-2", node="b")]
    assert Claimed("1") == claim(pool, "a-1", node="a")


def test_a_phone_that_both_reach_has_one_call(pool: OperatorPool) -> None:
    """One operator, whichever machine the caller came to."""
    two_nodes(pool, _1="ab")

    assert [Claimed("1"), Refused(Refusal.BUSY)] == [claim(pool, "a-1", node="a"), claim(pool, "b-1", node="b")]


def test_a_freed_operator_goes_to_the_first_whose_node_reaches_the_phone(pool: OperatorPool) -> None:
    """Nobody waits for who stands before and cannot be served by this operator."""
    two_nodes(pool, _1="a", _2="b")
    for extension in ("1", "2"):
        pool.answered(extension, f"busy-{extension}")
    assert [Waiting(1), Waiting(2)] == [wait(pool, "a-1", node="a"), wait(pool, "b-1", node="b")]

    pool.ended("busy-2")

    assert [Waiting(1), Claimed("2")] == [pool.keep_waiting("a-1"), pool.keep_waiting("b-1")]


def test_without_its_own_watcher_a_node_is_blind(pool: OperatorPool, clock: Clock) -> None:
    """That another machine sees its phones says nothing of who can be rung from here."""
    two_nodes(pool, _1="ab")
    clock.advance(2)
    beat(pool, "a")
    clock.advance(1)

    assert Refused(Refusal.BLIND) == claim(pool, "b-1", node="b")
    assert Claimed("1") == claim(pool, "a-1", node="a")


def test_operators_of_a_dead_node_are_gone_and_said(pool: OperatorPool, clock: Clock) -> None:
    """Who registered with both works on, in a wrap-up too; who registered with the dead one only is offline."""
    two_nodes(pool, _1="a", _2="ab", _3="ab")
    talk(pool, "3", "b-1")
    pool.ended("b-1", 20)
    clock.advance(2)
    beat(pool, "b")
    clock.advance(1)

    events = pool.expire()

    assert NodeSilent("a") in events
    assert frozenset({"b"}) == pool.nodes()
    assert {"1": OperatorState.OFFLINE, "2": OperatorState.AVAILABLE, "3": OperatorState.WRAP_UP} == states(pool)
    assert "unreachable" == status(pool, "1").reason
    assert NodeSilent("a") not in pool.expire()


def test_node_that_died_before_its_first_heartbeat_holds_no_phone(pool: OperatorPool) -> None:
    """What it said of phones is forgotten like that of any other; who waits gets the operator."""
    pool.set_roster([profile("1"), profile("2")])
    for extension, node in (("1", "a"), ("1", "b"), ("2", "b")):
        pool.set_reachable(extension, True, node=node, in_use=node == "b")
    beat(pool, "a")
    assert Waiting(1) == wait(pool, "a-1", node="a")

    events = pool.expire()

    assert NodeSilent("b") not in events
    assert (Claimed("1"), frozenset()) == (pool.keep_waiting("a-1"), status(pool, "1").in_use)
    assert (OperatorState.OFFLINE, "unreachable") == (status(pool, "2").state, status(pool, "2").reason)


def test_new_node_is_told_that_its_phones_were_forgotten(pool: OperatorPool) -> None:
    """Another's clock may go round between its first word of a phone and its first heartbeat."""
    pool.set_roster([profile("1")])
    beat(pool, "b")
    pool.set_reachable("1", True, node="a")
    pool.expire()
    assert not pool.heartbeat("a", 3)
    pool.set_reachable("1", True, node="a")
    pool.expire()

    assert Claimed("1") == claim(pool, "a-1", node="a")


def test_the_only_node_is_never_taken_for_dead(pool: OperatorPool, clock: Clock) -> None:
    """A watcher that is started again finds operators as they were."""
    pool.set_roster([profile("1")])
    pool.set_reachable("1", True, node="a")
    beat(pool, "a")
    clock.advance(60)

    assert () == pool.expire()
    beat(pool, "a")
    assert Claimed("1") == claim(pool, "a-1", node="a")


def test_a_dead_node_that_returns_says_its_phones_again(pool: OperatorPool, clock: Clock) -> None:
    """First what it sees, then its heartbeat, whose answer says whether that was forgotten in between."""
    two_nodes(pool, _1="a", _2="b")
    clock.advance(60)
    pool.set_reachable("1", True, node="a")
    assert pool.heartbeat("b", 3)
    assert not pool.heartbeat("a", 3)
    pool.set_reachable("1", True, node="a")
    assert pool.heartbeat("a", 3)

    assert Claimed("1") == claim(pool, "a-1", node="a")


def test_a_phone_stays_while_one_node_reaches_it(pool: OperatorPool) -> None:
    """One registration of two that ends changes nothing but the way."""
    two_nodes(pool, _1="ab")

    assert () == pool.set_reachable("1", False, node="a")
    assert Refused(Refusal.NOBODY) == claim(pool, "a-1", node="a")
    assert Claimed("1") == claim(pool, "b-1", node="b")


def test_who_waits_knows_how_long_the_watcher_can_be_trusted(pool: OperatorPool, clock: Clock) -> None:
    """That of the caller's own machine, as it was at its last heartbeat."""
    two_nodes(pool, _1="a")
    pool.heartbeat("b", 60.0)
    pool.answered("1", "a-1")
    stood = wait(pool, "call", node="a")
    clock.advance(1.25)
    asked = pool.keep_waiting("call")
    beat(pool, "a")
    renewed = pool.keep_waiting("call")

    assert [3.0, 1.75, 3.0] == [seat.watched_s for seat in (stood, asked, renewed) if isinstance(seat, Waiting)]
