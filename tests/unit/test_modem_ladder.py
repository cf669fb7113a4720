"""What is tried with a modem in trouble, in which order and when."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hardware.modem.health import Trouble
from hardware.modem.ladder import AGAIN_MOST_S, CLIMBS, Ladder, Rung


def climbed(ladder: Ladder, trouble: Trouble, until_s: int, begin_s: int = 0) -> list[tuple[int, Rung]]:
    """Everything that is due, looked at once a second."""
    steps = ((second, ladder.step(trouble, second)) for second in range(begin_s, until_s))
    return [(second, rung) for second, rung in steps if rung]


@pytest.mark.parametrize("trouble", Trouble)
def test_each_rung_is_taken_once_in_its_time(trouble: Trouble) -> None:
    """The table is what happens."""
    expected = [(int(after_s), rung) for after_s, rung in CLIMBS[trouble]]

    assert expected == climbed(Ladder(), trouble, 700)


@pytest.mark.parametrize("trouble", Trouble)
def test_every_climb_ends_with_an_alarm(trouble: Trouble) -> None:
    """Whatever the trouble, a person is told in the end."""
    assert CLIMBS[trouble][-1][1] is Rung.ALARM


def test_resets_come_ever_less_often() -> None:
    """After the alarm a reset is tried again, with pauses that double up to four hours."""
    day = climbed(Ladder(), Trouble.NETWORK, 100_000)[3:]
    pauses = [later - earlier for (earlier, _), (later, _) in pairwise(day)]

    assert {Rung.RESET} == {rung for _, rung in day}
    assert [1800, 3600, 7200, AGAIN_MOST_S] == pauses[:4]
    assert max(pauses) == AGAIN_MOST_S


def test_absent_port_is_sent_nothing() -> None:
    """A modem that is not plugged in is no reason for anything but the alarm."""
    assert [(30, Rung.ALARM)] == climbed(Ladder(), Trouble.PORT, 10_000)


def test_next_trouble_begins_at_the_foot() -> None:
    """A modem that worked in between is dealt with gently again."""
    ladder = Ladder()
    climbed(ladder, Trouble.NETWORK, 310)
    ladder.well()

    assert 0.0 == ladder.trouble_s(310)
    assert [(1120, Rung.RADIO)] == climbed(ladder, Trouble.NETWORK, 1200, begin_s=1000)


def test_trouble_that_changes_keeps_its_place() -> None:
    """A modem whose reset took its port away is not reset again at once when it is there and silent."""
    ladder = Ladder()
    assert [(20, Rung.RESET)] == climbed(ladder, Trouble.SILENT, 25)
    assert [] == climbed(ladder, Trouble.PORT, 29, begin_s=25)
    assert [(90, Rung.ALARM)] == climbed(ladder, Trouble.SILENT, 100, begin_s=29)
