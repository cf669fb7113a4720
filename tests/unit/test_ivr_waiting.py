"""A caller's wait: what sounds when, what is told, and that nothing that sounds holds the script."""

import itertools
import os
import time
from pathlib import Path

import pytest

from hardware.asterisk.announcements import ANNOUNCED, music_class
from hardware.asterisk.layout import Layout
from hardware.asterisk.render import AmiUser, render
from ivr.call import Chosen
from ivr.call_states import Event
from ivr.prompts import catalogue
from ivr.prompts.files import prompt_files
from ivr.waiting import FALLEN_BACK_SECONDS, TICK_SECONDS, WaitingRoom
from redis_queue.errors import UnavailableError
from redis_queue.operators import Claimed, Refusal, Refused, Waiting
from siaga112.paths import StatePaths
from tests.support.call_desk import Answer, ScriptedLine, ScriptedPool, call, city, desk

LAPSED = Refused(Refusal.LAPSED)
FREE = Claimed("1001")


class TimedLine(ScriptedLine):
    """Keeps when each thing was done, in seconds from the beginning of the wait."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[tuple[float, str]] = []

    def _step(self, what: str) -> None:
        super()._step(what)
        if what != "waiting":
            self.at.append((self.now, what))


def wait(*answers: Answer, routing: str = "", line: ScriptedLine | None = None, **known: object) -> Claimed | Event:
    """One wait to its end."""
    waits = line or ScriptedLine()
    return WaitingRoom(
        call(**known), Chosen("id"), waits, desk(waits, ScriptedPool(*answers), city(routing=routing))
    ).wait()


def waited(*answers: Answer, missing: tuple[str, ...] = ()) -> list[tuple[float, str]]:
    """What sounded when, in one wait that ends with an operator."""
    line = TimedLine()
    WaitingRoom(call(), Chosen("id"), line, desk(line, ScriptedPool(*answers, FREE), missing=missing)).wait()
    return line.at


def test_what_a_caller_hears_and_when() -> None:
    """All are busy, music, from 7 s on and every 20 s: stay on the line, your place; the music is not begun anew."""
    assert [
        (0.0, "id/busy"),
        (2.0, "music on"),
        (7.0, "id/stay"),
        (9.0, "id/position-2"),
        (11.0, "music on"),
        (27.0, "id/stay"),
        (29.0, "id/position-1"),
        (31.0, "music on"),
    ] == waited(*[Waiting(2)] * 14, *[Waiting(1)] * 6)[:-1]


@pytest.mark.parametrize(
    ("expected_s", "told"),
    [
        (None, []),
        (1.0, ["id/wait-minutes-1"]),
        (60.0, ["id/wait-minutes-1"]),
        (61.0, ["id/wait-minutes-2"]),
        (300.0, ["id/wait-minutes-5"]),
        (301.0, ["id/wait-minutes-10"]),
        (900.0, ["id/wait-minutes-15"]),
        (901.0, []),
    ],
)
def test_the_expected_wait_is_told_when_it_is_known(expected_s: float | None, told: list[str]) -> None:
    """In whole minutes that there are words for, never less than expected."""
    heard = [what for _, what in waited(*[Waiting(1, expected_s)] * 10)]

    assert told == [what for what in heard if "minutes" in what]


@pytest.mark.parametrize(("position", "told"), [(1, True), (20, True), (21, False)])
def test_the_place_is_told_as_far_as_there_are_words(position: int, told: bool) -> None:
    """Who stands further back hears only to stay on the line."""
    heard = [what for _, what in waited(*[Waiting(position)] * 10)]

    assert told == (f"id/position-{position}" in heard)


def test_what_has_no_sound_is_passed_over() -> None:
    """No prompt at all: music, and the place in line is kept."""
    missing = ("busy", "stay", "position-1", "wait-minutes-1")

    assert [(0.0, "music on")] == waited(*[Waiting(1, 30.0)] * 20, missing=missing)[:-1]


def test_a_push_ends_an_announcement_at_once() -> None:
    """Nothing is played to its end: the first that is done after the wake is to stop what sounds."""

    class Woken(TimedLine):
        def wait(self, wake: int, seconds: float) -> bool:
            self.now += 0.5
            os.eventfd_write(wake, 1)
            return True

    line = Woken()

    assert FREE == wait(Waiting(1), FREE, line=line)
    assert [(0.0, "id/busy"), (0.5, "music off")] == line.at


def test_every_announcement_is_a_class_of_asterisk() -> None:
    """What can be said here is what Asterisk is configured for."""
    positions = [catalogue.position_prompt(position) for position in range(1, catalogue.LAST_POSITION + 1)]
    waits = [catalogue.wait_prompt(minutes) for minutes in catalogue.WAIT_MINUTES]

    assert {catalogue.BUSY, catalogue.STAY, catalogue.CHALLENGE, *positions, *waits} == set(ANNOUNCED)


def test_the_place_in_line_is_renewed_in_time() -> None:
    """The pool keeps a place for 6 s: it is asked for at least every 2 s, announcements included."""
    times: list[float] = []
    line = ScriptedLine()
    pool = ScriptedPool(*[Waiting(1)] * 40, FREE, on_answer=lambda: times.append(line.now))

    WaitingRoom(call(), Chosen("id"), line, desk(line, pool)).wait()

    assert all(later - earlier <= 2.0 for earlier, later in itertools.pairwise(times))


def test_who_waits_asks_again_when_the_watcher_should_have_spoken() -> None:
    """One that fell silent is noticed a moment after the time until which it can be trusted, not at the next turn."""
    times: list[float] = []
    line = ScriptedLine()
    seats = [Waiting(1, watched_s=watched_s) for watched_s in (3.0, 1.0, 0.0)]
    pool = ScriptedPool(*seats, FREE, on_answer=lambda: times.append(line.now))

    WaitingRoom(call(), Chosen("id"), line, desk(line, pool)).wait()

    assert [2.0, 1.05, 0.05] == [round(later - earlier, 3) for earlier, later in itertools.pairwise(times)]


def test_a_lost_place_is_taken_again_from_the_first_arrival() -> None:
    """A place that lapsed costs the caller no turn: the time of arrival is the first one."""
    line, pool = ScriptedLine(), ScriptedPool(Waiting(1), LAPSED, Waiting(1), FREE)

    assert FREE == WaitingRoom(call(), Chosen("id"), line, desk(line, pool)).wait()
    assert ["wait", "keep_waiting", "wait", "keep_waiting"] == pool.calls
    assert 1 == len({asked["arrived_ms"] for asked in pool.asked if "arrived_ms" in asked})


def test_who_comes_back_stands_where_the_call_began() -> None:
    """Not behind those who came later."""
    line, pool = ScriptedLine(), ScriptedPool(FREE)

    WaitingRoom(call(arrived_ms=1718000000123), Chosen("id"), line, desk(line, pool)).wait()

    assert [1718000000123] == [asked["arrived_ms"] for asked in pool.asked]


def test_nobody_stands_behind_those_who_come_later() -> None:
    """A call that began in the future, by a clock that was set back meanwhile, begins now."""
    line, pool = ScriptedLine(), ScriptedPool(FREE)
    in_an_hour_ms = round((time.time() + 3600) * 1000)

    WaitingRoom(call(arrived_ms=in_an_hour_ms), Chosen("id"), line, desk(line, pool)).wait()
    (asked,) = pool.asked

    assert isinstance(asked["arrived_ms"], int)
    assert asked["arrived_ms"] < in_an_hour_ms


@pytest.mark.parametrize("number", ["110", ""])
def test_a_caller_of_the_fallback_goes_back_to_it(number: str) -> None:
    """Which rings phones, and the number outside, that the pool knows nothing of: the line is no end of that."""
    routing = f'fallback_number = "{number}"\nfallback_seconds = 300\n'
    line = ScriptedLine()

    assert Event.WAITED_TOO_LONG == wait(*[Waiting(1)] * 30, routing=routing, line=line, fell_back=True)
    assert FALLEN_BACK_SECONDS <= line.now < FALLEN_BACK_SECONDS + TICK_SECONDS


@pytest.mark.parametrize(("caller", "number"), [("+6281234567890", "+6281234567890"), ("112", ""), (None, "")])
def test_the_line_knows_a_caller_by_a_number_of_ones_own(caller: str | None, number: str) -> None:
    """What many phones share binds nobody to an operator."""
    line, pool = ScriptedLine(), ScriptedPool(FREE)

    WaitingRoom(call(caller=caller), Chosen("id"), line, desk(line, pool)).wait()

    assert [number] == [asked["number"] for asked in pool.asked]


@pytest.mark.parametrize(("reason", "event"), [(Refusal.NOBODY, Event.NO_OPERATOR), (Refusal.BLIND, Event.POOL_BLIND)])
def test_a_wait_that_can_have_no_end_is_over(reason: Refusal, event: Event) -> None:
    """The last operator logged out, or the watcher died."""
    assert event == wait(Waiting(1), Refused(reason))


def test_a_pool_that_is_away_is_said() -> None:
    """The flow decides what then."""
    with pytest.raises(UnavailableError):
        wait(Waiting(1), UnavailableError("Redis is away"))


@pytest.mark.parametrize(("number", "over"), [("110", Event.WAITED_TOO_LONG), ("", FREE)])
def test_the_outside_number_is_due(number: str, over: Claimed | Event) -> None:
    """After `fallback_seconds`, where there is such a number; where there is none a caller goes on waiting."""
    routing = f'fallback_number = "{number}"\nfallback_seconds = 30\n'

    assert over == wait(*[Waiting(1)] * 40, FREE, routing=routing)


def test_class_names_fit() -> None:
    """Asterisk cuts the name of a class at 79 characters (`MAX_MUSICCLASS`), and two folders are never one class."""
    one, other = (music_class(Path(folder) / "id" / "wait-minutes-15.wav") for folder in ("/srv/own", "/srv/built"))

    assert one != other
    assert 80 > len(one)


def test_wherever_a_prompt_is_found_asterisk_has_its_class() -> None:
    """The city's own recordings and the built ones, in each language."""
    settings = city()
    places = prompt_files(settings)
    configured = render(
        settings, Layout.under(settings.site.state_dir), StatePaths(settings.site.state_dir).prompts, AmiUser("us", "x")
    )["musiconhold.conf"]
    files = [folder / tongue / f"{catalogue.BUSY}.wav" for folder in places.folders for tongue in places.languages]

    assert [] == [file for file in files if f"[{music_class(file)}]\nmode = playlist\n" not in configured]
    assert 4 == len(files)
