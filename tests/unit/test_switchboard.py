"""The watcher's clock: it goes on whatever one of its duties meets, and an end in good order is no alarm."""

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, cast

import pytest
from redis import Redis
from structlog.testing import capture_logs

from hardware.asterisk.ami import AmiDisconnectedError, Message
from ivr.carrier import Carrier
from ivr.operations import FailedOpen, Left, Operation, SetPhone
from ivr.watch import Watch
from redis_queue.errors import UnavailableError
from redis_queue.fail_opens import FailOpenReason
from siaga112 import switchboard
from siaga112.switchboard import Switchboard

LIMIT_S = 30.0


class Duties:
    """Stands for whatever the clock calls; each duty fails as it is told, and counts."""

    def __init__(self, **failing: Exception) -> None:
        self.failing = failing
        self.counts: dict[str, int] = {}
        self._changed = threading.Condition()

    def __getattr__(self, name: str) -> Callable[..., None]:
        def duty(*_: object, **__: object) -> None:
            with self._changed:
                self.counts[name] = self.counts.get(name, 0) + 1
                self._changed.notify_all()
            if name in self.failing:
                raise self.failing[name]

        duty.__name__ = name
        return duty

    def wait(self, name: str, count: int) -> bool:
        """Wait until a duty was called so often."""
        with self._changed:
            return self._changed.wait_for(lambda: self.counts.get(name, 0) >= count, LIMIT_S)


class CluelessWatch(Watch):
    """Understands no event."""

    def event(self, event: Message, now: object) -> Any:
        """Fail as code does that has met something new."""
        raise KeyError(event.event)


class Carried:
    """Stands for the carrier: keeps what it was given, and fails once where it is told to."""

    def __init__(self, failing: Exception | None = None) -> None:
        self.loads: list[list[Operation]] = []
        self.failing = failing

    def carry(self, operations: Iterable[Operation]) -> None:
        self.loads.append(list(operations))
        failing, self.failing = self.failing, None
        if failing is not None:
            raise failing


def board_over(duties: Duties, watch: Watch | None = None, carrier: Any = None) -> Switchboard:
    """A switchboard whose every neighbour is `duties`."""
    anything = cast(Any, duties)
    return Switchboard(
        node="node",
        watch=watch or Watch(frozenset(), ""),
        calls=anything,
        dead_nodes=anything,
        pool=anything,
        carrier=carrier or anything,
        fail_opens=anything,
        roster=(),
        records=anything,
    )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock that need not be waited for."""
    monkeypatch.setattr(switchboard, "TICK_S", 0.001)
    yield


def test_clock_goes_on_after_what_nobody_expected() -> None:
    """An exception in one duty is said with its place; the duties after it, and the next round, are done."""
    duties = Duties(expire=KeyError("new"))
    board = board_over(duties)
    with capture_logs() as logs:
        board.start()
        went_on = duties.wait("expire", 3) and duties.wait("tell", 2)
        board.stop()

    assert went_on
    failed = [line for line in logs if line["event"] == "switchboard.failed"]
    assert {("error", "expire", True)} == {(line["log_level"], line["duty"], line["exc_info"]) for line in failed}


def test_redis_away_is_said_once_a_round() -> None:
    """All duties need it, so the round ends with the first that finds it away."""
    duties = Duties(expire=UnavailableError("away"))
    board = board_over(duties)
    with capture_logs() as logs:
        board.start()
        duties.wait("expire", 3)
        board.stop()

    assert {"switchboard.waits"} == {line["event"] for line in logs}
    assert 0 == duties.counts.get("tell", 0)


def test_clock_that_goes_round_shows_progress() -> None:
    """What watches the part sees a clock that stands."""
    duties = Duties()
    board = board_over(duties)
    before = board.progress()
    board.start()
    duties.wait("tell", 3)
    board.stop()

    assert before < board.progress()


def test_event_that_is_not_understood_costs_no_more_than_itself() -> None:
    """It is said, and raises nothing into the connection."""
    board = board_over(Duties(), CluelessWatch(frozenset(), ""))
    with capture_logs() as logs:
        board.on_event(Message((("Event", "Brandnew"),)))

    assert [("event.failed", "Brandnew")] == [(line["event"], line["ami_event"]) for line in logs]


@pytest.mark.parametrize(("lost_after_s", "said"), [(0.0, ["ami.lost"]), (3600.0, [])], ids=["lasts", "end"])
def test_loss_is_an_error_when_it_lasts(lost_after_s: float, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Asterisk that ends in good order closes AMI a moment before we are asked to end."""
    monkeypatch.setattr(switchboard, "LOST_AFTER_S", lost_after_s)
    duties = Duties()
    board = board_over(duties)
    with capture_logs() as logs:
        board.on_lost(AmiDisconnectedError("closed"))
        board.start()
        duties.wait("tell", 3)
        board.stop()

    assert said == [line["event"] for line in logs if line["log_level"] == "error"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("timer", ("error", "call.failed_open")),
        ("handed", ("warning", "call.handed_over")),
        ("overflow", ("warning", "call.handed_over")),
    ],
)
def test_only_what_failed_is_an_alarm(reason: str, said: tuple[str, str]) -> None:
    """A call that goes to the fallback because the city wants it so is told apart."""
    anything = cast(Any, Duties())
    carrier = Carrier(
        node="", redis=Redis(), pool=anything, facts=anything, fail_opens=anything, wrap_up_s=0, country="ID"
    )
    with capture_logs() as logs:
        carrier.carry([FailedOpen("1.1", FailOpenReason(reason))])

    assert [said] == [(line["log_level"], line["event"]) for line in logs]


def fallback(number: int) -> Message:
    """The event of a call that the dialplan leads on alone."""
    return Message((("Event", "UserEvent"), ("UserEvent", "Siaga112Fallback"), ("CallID", f"1.{number}")))


def lefts(loads: Iterable[Iterable[Operation]]) -> list[list[str]]:
    """Of each load the calls that left the pool."""
    return [[one.call_id for one in load if isinstance(one, Left)] for load in loads]


def phone(state: str) -> Message:
    """What Asterisk says of the phone 1001, by itself or in a list."""
    return Message((("Event", "DeviceStateChange"), ("Device", "PJSIP/1001"), ("State", state)))


class Looked:
    """Stands for pool, calls and carrier in a full look: keeps the order of things; `meanwhile` happens at each."""

    def __init__(self) -> None:
        self.steps: list[Operation | str] = []
        self.meanwhile: dict[str, Callable[[], None]] = {}

    def happens(self, step: str) -> None:
        """Note a step, and have happen what is to happen then, once."""
        self.steps.append(step)
        self.meanwhile.pop(step, lambda: None)()

    def carry(self, operations: Iterable[Operation]) -> None:
        """Keep what is carried."""
        self.steps.extend(operations)
        self.happens("carried")

    def take_missing(self) -> frozenset[str]:
        """None."""
        self.happens("overdue")
        return frozenset()

    def of(self, _node: str) -> tuple[()]:
        """None."""
        return ()

    def over(self, _node: str, _calls: Iterable[str]) -> None:
        """Nothing to forget."""

    def know(self, _calls: Iterable[object]) -> None:
        """Nothing to know."""

    def forget(self) -> None:
        """Note when."""
        self.happens("forgotten")

    def set_roster(self, _roster: object) -> None:
        """Nobody."""

    def heartbeat(self, _node: str, _ttl_s: float) -> bool:
        """Known as before."""
        return True

    def expire(self) -> None:
        """Nothing ends."""

    def snapshot(self) -> list[object]:
        """Nobody."""
        self.happens("held")
        return []

    def list_action(self, name: str) -> tuple[Message, ...]:
        """What Asterisk answers: one phone, no channel."""
        self.happens(name)
        return (phone("NOT_INUSE"),) if name == "DeviceStateList" else ()


def board_that_looks(looked: Looked) -> Switchboard:
    """A switchboard that has 1001 to look after."""
    duties, it = cast(Any, Duties()), cast(Any, looked)
    return Switchboard(
        node="node",
        watch=Watch(frozenset({"1001"}), ""),
        calls=it,
        dead_nodes=duties,
        pool=it,
        carrier=it,
        fail_opens=duties,
        roster=(),
        records=None,
    )


def test_what_came_before_the_list_of_phones_is_carried_before_it() -> None:
    """The list is newer: a phone that was put down while Asterisk was asked stays put down."""
    looked = Looked()
    board = board_that_looks(looked)
    looked.meanwhile["DeviceStateList"] = lambda: board.on_event(phone("INUSE"))
    board.on_ready(cast(Any, looked))

    older, newer = SetPhone("1001", True, True), SetPhone("1001", True, False)
    assert ["DeviceStateList", older, "carried", "forgotten", newer, "carried", "overdue"] == looked.steps[:7]


def test_end_that_came_before_calls_are_counted_is_carried_before() -> None:
    """It takes its call off what is overdue and what is known, so that nobody tells the call as lost."""
    looked = Looked()
    board = board_that_looks(looked)
    looked.meanwhile["carried"] = lambda: board.on_event(fallback(1))
    board.on_ready(cast(Any, looked))

    left = Left("1.1")
    assert looked.steps.index("forgotten") < looked.steps.index(left) < looked.steps.index("overdue")
    assert looked.steps.index("overdue") < looked.steps.index("held") < looked.steps.index("CoreShowChannels")


def test_what_came_meanwhile_goes_together_and_in_order() -> None:
    """However many events wait, each is carried once, after those before it, and never more than the most at once."""
    carried = Carried()
    board = board_over(Duties(), carrier=carried)
    for number in range(switchboard.MOST_TOGETHER + 7):
        board.on_event(fallback(number))
    board.start()
    board.stop()

    assert [f"1.{number}" for number in range(switchboard.MOST_TOGETHER + 7)] == list(chain(*lefts(carried.loads)))
    assert [switchboard.MOST_TOGETHER, switchboard.MOST_TOGETHER, 14] == [len(load) for load in carried.loads]


@pytest.mark.parametrize(
    ("failing", "said"),
    [(UnavailableError("away"), "pool.unreachable"), (KeyError("new"), "events.failed")],
)
def test_load_that_fails_holds_up_no_other(failing: Exception, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and what comes after it is carried."""
    monkeypatch.setattr(switchboard, "MOST_TOGETHER", 2)
    carried = Carried(failing)
    board = board_over(Duties(), carrier=carried)
    for number in range(2):
        board.on_event(fallback(number))
    with capture_logs() as logs:
        board.start()
        board.stop()

    assert [["1.0"], ["1.1"]] == lefts(carried.loads)
    assert [said] == [line["event"] for line in logs]
