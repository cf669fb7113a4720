"""Callers' ways through a menu of two levels: each has an end, and the end is a human."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.menu.menu import KEY_SECONDS, Choice, Information, Level, Menu, Submenu
from ivr.menu.source import menu_from
from ivr.menu.walk import MenuWalk, Walked
from tests.support.menus import MENU, with_menu

FIRE = Choice("1", "kebakaran", 1, (("id", "Kebakaran"),), prompt="fire")
LAMP = Choice("1", "lampu", 3, (("id", "Lampu jalan"),), prompt="lamp")
TOWN = Submenu("2", (("id", "Kota"),), Level("kota", (LAMP,)), prompt="town")
FLOOD = Information("8", (("id", "Banjir"),), "flood-news", prompt="flood")
SORRY = Information("9", (("id", "Air"),), "water-news", then_operator=True, prompt="water")
FIRST = Level("utama", (FIRE, TOWN, FLOOD, SORRY))
SMALL = Menu("id", (), FIRST, repeat_key="*", rounds=2)

OFFERED = ["operator", "fire", "town", "flood", "water", "repeat", "wait"]


class Caller:
    """Presses one key after the other, "" being silence, as is what comes after the last."""

    def __init__(self, *keys: str) -> None:
        self.heard: list[list[str]] = []
        self.silences: list[float] = []
        self._keys: Iterator[str] = iter(keys)

    def play(self, names: Iterable[str]) -> str:
        """All of it, then the next key."""
        self.heard.append(list(names))
        return next(self._keys, "")

    def key(self, seconds: float) -> str:
        """None."""
        self.silences.append(seconds)
        return ""


def walk(caller: Caller, menu: Menu = SMALL) -> Walked:
    """One way through the menu."""
    return MenuWalk(menu, caller.play, caller.key).walk(("greeting",))


def test_a_key_of_the_first_menu() -> None:
    """One key, one category."""
    caller = Caller("1")

    assert Walked(FIRE, "1") == walk(caller)
    assert [["greeting", *OFFERED]] == caller.heard


def test_a_key_of_the_second_menu() -> None:
    """Two keys; the second menu says its own keys and nothing else."""
    caller = Caller("2", "1")

    assert Walked(LAMP, "1") == walk(caller)
    assert [["greeting", *OFFERED], ["lamp"]] == caller.heard


@pytest.mark.parametrize("before", [[], ["2"], ["8"], ["*"]], ids=["first", "second", "information", "repeat"])
@pytest.mark.parametrize("key", ["0", "5", "#"])
def test_a_key_that_means_nothing_is_an_operators(before: list[str], key: str) -> None:
    """Wherever it is pressed."""
    assert Walked(None, key) == walk(Caller(*before, key))


@pytest.mark.parametrize("before", [[], ["2"]], ids=["first", "second"])
def test_silence_is_an_operators(before: list[str]) -> None:
    """Nothing is said twice to somebody who does not press: three seconds, then a human."""
    caller = Caller(*before, "")

    assert Walked(None, "") == walk(caller)
    assert [KEY_SECONDS] == caller.silences


def test_after_an_information_the_menu_is_said_again() -> None:
    """And a key chooses there."""
    caller = Caller("8", "", "1")

    assert Walked(FIRE, "1") == walk(caller)
    assert [["greeting", *OFFERED], ["flood-news"], OFFERED] == caller.heard


def test_a_key_during_an_information_is_a_key_of_the_menu() -> None:
    """Who knows what they want need not hear it to the end."""
    caller = Caller("8", "2", "1")

    assert Walked(LAMP, "1") == walk(caller)
    assert [["greeting", *OFFERED], ["flood-news"], ["lamp"]] == caller.heard


def test_an_information_may_lead_to_an_operator() -> None:
    """Then nothing is said after it."""
    caller = Caller("9", "")

    assert Walked(None, "9") == walk(caller)
    assert ["water-news"] == caller.heard[-1]


def test_the_repeat_key_says_the_same_menu_again() -> None:
    """The first one without its greeting, the second one alone."""
    caller = Caller("*", "2", "*", "1")

    assert Walked(LAMP, "1") == walk(caller)
    assert [["greeting", *OFFERED], OFFERED, ["lamp"], ["lamp"]] == caller.heard


@pytest.mark.parametrize("keys", [["*"] * 9, ["8", ""] * 9, ["*", "8", "", "*"], ["8", "8", "8"]])
def test_when_the_rounds_are_used_up_an_operator_comes(keys: list[str]) -> None:
    """Two of them here, whatever they were."""
    caller = Caller(*keys)

    assert walk(caller).choice is None
    assert 3 >= sum(heard[0] in ("operator", "greeting") for heard in caller.heard)
    assert 2 >= caller.heard.count(["flood-news"])


def test_no_repeat_key_no_repeat() -> None:
    """A star is a key like any other then, and silence is not its name."""
    without = Menu("id", (), FIRST)

    assert Walked(None, "*") == walk(Caller("*"), without)
    assert Walked(None, "") == walk(Caller(""), without)


@given(st.lists(st.sampled_from(["", *"0123456789*#"]), max_size=60))
def test_every_way_ends_soon(keys: list[str]) -> None:
    """Whatever is pressed: after a handful of menus the call is an operator's."""
    caller = Caller(*keys)
    walked = walk(caller)

    assert walked.choice in (None, FIRE, LAMP)
    # Two levels and two rounds, each of which may be an information.
    assert 6 >= len(caller.heard)


def test_a_written_menu_is_walked_alike(tmp_path: Path) -> None:
    """The same from a file: two keys, and what the second one chooses."""
    caller = Caller("2", "1")
    walked = walk(caller, menu_from(with_menu(tmp_path, MENU)))

    assert walked.choice is not None
    assert ("lampu", ["menu-kota-1"]) == (walked.choice.category, caller.heard[-1])
