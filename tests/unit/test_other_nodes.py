"""Which phones an Asterisk is told to have a call elsewhere, and how often; what is said ends by itself."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from hardware.asterisk.ami import AmiDisconnectedError, AmiRefusedError
from hardware.asterisk.elsewhere import FAMILY, KEPT_S, Elsewhere
from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState
from siaga112.other_nodes import OtherNodes, busy_elsewhere

NOW = 1_800_000_000.0


class Asterisk:
    """Stands for an AMI client: keeps what it was told, or is away."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.kept: dict[str, int] = {}
        self.away = False

    def action(self, name: str, fields: tuple[tuple[str, str], ...]) -> None:
        """Keep an entry, or forget all."""
        if self.away:
            raise AmiDisconnectedError("away")
        values = dict(fields)
        assert FAMILY == values["Family"]
        if name == "DBDelTree":
            self._forget()
            return
        assert "DBPut" == name
        self.told.append((values["Key"], int(values["Val"])))
        self.kept[values["Key"]] = int(values["Val"])

    def _forget(self) -> None:
        if not self.kept:
            raise AmiRefusedError("Database entry not found")
        self.kept.clear()

    def take(self) -> list[tuple[str, int]]:
        """What it was told since the last time."""
        told, self.told = self.told, []
        return told


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Pool:
    """Stands for the pool: what a snapshot shows."""

    def __init__(self, *statuses: OperatorStatus) -> None:
        self.statuses = list(statuses)

    def snapshot(self) -> list[OperatorStatus]:
        """All operators."""
        return self.statuses


@pytest.fixture
def asterisk() -> Asterisk:
    """The Asterisk of node b."""
    return Asterisk()


@pytest.fixture
def clock() -> Clock:
    """The time there."""
    return Clock()


def operator(extension: str, *in_use: str, call_id: str | None = None) -> OperatorStatus:
    """One of the snapshot."""
    return OperatorStatus(
        extension, extension, OperatorState.AVAILABLE, datetime.now(UTC), call_id, "", frozenset(in_use)
    )


def test_phones_with_calls_of_other_nodes_are_busy_elsewhere() -> None:
    """In use there, or claimed there and not rung yet; a call of this node is for its own Asterisk to see."""
    operators = [
        operator("1001"),
        operator("1002", "a"),
        operator("1003", "b"),
        operator("1004", "a", "b"),
        operator("1005", call_id="a-1.1"),
        operator("1006", call_id="b-1.1"),
        operator("1007", call_id="b-2-1.1"),
    ]

    assert {"1002", "1004", "1005", "1007"} == busy_elsewhere("b", operators)


def test_is_said_again_before_it_ends_and_no_more_often(asterisk: Asterisk, clock: Clock) -> None:
    """Each look that changes nothing costs nothing, until the entry grows old."""
    elsewhere = Elsewhere(cast(Any, asterisk), clock, clock)
    told = []
    for _ in range(4):
        elsewhere.tell(frozenset({"1001"}))
        told.append(asterisk.take())
        clock.now += 1

    first, again = ("1001", round(NOW) + KEPT_S), ("1001", round(NOW) + 2 + KEPT_S)
    assert [[first], [], [again], []] == told


def test_phone_that_is_free_again_is_said_at_once(asterisk: Asterisk, clock: Clock) -> None:
    """Once; and as new when it is taken again."""
    elsewhere = Elsewhere(cast(Any, asterisk), clock, clock)
    told = []
    for endpoints in ({"1001", "1002"}, {"1002"}, {"1002"}, {"1001", "1002"}):
        elsewhere.tell(frozenset(endpoints))
        told.append(asterisk.take())

    until = round(NOW) + KEPT_S
    assert [[("1001", until), ("1002", until)], [("1001", 0)], [], [("1001", until)]] == told


def test_what_an_earlier_process_told_is_forgotten_once(asterisk: Asterisk, clock: Clock) -> None:
    """Nobody else would say that such a phone is free; what we say ourselves stays."""
    asterisk.kept = {"1001": round(NOW) + 3600, "1009": round(NOW) + 3600}
    elsewhere = Elsewhere(cast(Any, asterisk), clock, clock)
    kept = []
    for endpoints in ({"1001"}, {"1001", "1002"}):
        elsewhere.tell(frozenset(endpoints))
        kept.append(dict(asterisk.kept))

    until = round(NOW) + KEPT_S
    assert [{"1001": until}, {"1001": until, "1002": until}] == kept


def test_clock_that_was_set_is_followed_at_the_next_renewal(asterisk: Asterisk, clock: Clock) -> None:
    """However far it was set back: when to renew is told by a clock that goes on."""
    steady = Clock()
    elsewhere = Elsewhere(cast(Any, asterisk), clock, steady)
    told = []
    for _ in range(2):
        elsewhere.tell(frozenset({"1001"}))
        told.append(asterisk.take())
        clock.now -= 3600
        steady.now += 2

    assert [[("1001", round(NOW) + KEPT_S)], [("1001", round(NOW) - 3600 + KEPT_S)]] == told


def test_asterisk_that_was_away_is_told_when_it_is_back(asterisk: Asterisk, clock: Clock) -> None:
    """What could not be said is said at the next look, an end as well as a beginning."""
    pool = Pool(operator("1001", "a"))
    others = OtherNodes("b", cast(Any, pool), Elsewhere(cast(Any, asterisk), clock, clock))
    told = []
    for away, in_use in ((True, ["a"]), (False, ["a"]), (True, []), (False, [])):
        asterisk.away = away
        pool.statuses = [operator("1001", *in_use)]
        others.look()
        told.append(asterisk.take())

    assert [[], [("1001", round(NOW) + KEPT_S)], [], [("1001", 0)]] == told
