"""Trunks of the same priority take calls to outside in turn; the others wait until those are down or full."""

import re
from pathlib import Path

import pytest

from hardware.asterisk.layout import Layout
from hardware.asterisk.render import AmiUser, render
from siaga112.settings import Settings

STEP = re.compile(
    r"GotoIf\(\$\[(?:\(\$\{SIAGA112_TURN\} % (?P<of>\d+) (?P<when><=|>) (?P<place>\d+)\) \| )?\$\{GROUP_COUNT\(.*\n"
    r".*Dial\([^@]*@trunk-(?P<trunk>[a-z0-9]+),"
)
"""What is passed over, and the trunk that is dialled if it is not."""


def asked(turn: int, **priorities: int) -> list[str]:
    """The trunks in the order in which the dialplan asks them, with this count of calls."""
    trunks = [{"name": name, "host": "192.0.2.1", "priority": priority} for name, priority in priorities.items()]
    settings = Settings.model_validate({"trunks": trunks, "operators": [{"extension": "1001", "secret": "geheim"}]})
    files = render(settings, Layout.under(Path("/var/lib/siaga112")), Path("/srv/prompts"), AmiUser("user", "secret"))
    back = files["extensions.conf"].partition("[siaga112-call-back]")[2].partition("\n[")[0]
    return [step["trunk"] for step in STEP.finditer(back) if not passed_over(turn, step)]


def passed_over(turn: int, step: re.Match[str]) -> bool:
    """What Asterisk makes of the expression."""
    if step["of"] is None:
        return False
    first, place = turn % int(step["of"]), int(step["place"])
    return first <= place if step["when"] == "<=" else first > place


@pytest.mark.parametrize(
    ("turn", "order"),
    [(0, ["b", "a", "c"]), (1, ["b", "a", "c"]), (2, ["b", "a", "c"])],
)
def test_by_priority(turn: int, order: list[str]) -> None:
    """Whose turn it is changes nothing where each trunk has a priority of its own."""
    assert order == asked(turn, a=2, b=1, c=3)


@pytest.mark.parametrize(
    ("turn", "order"),
    [
        (0, ["a", "b", "c"]),
        (1, ["b", "c", "a"]),
        (2, ["c", "a", "b"]),
        (3, ["a", "b", "c"]),
    ],
)
def test_in_turn(turn: int, order: list[str]) -> None:
    """Each begins once in three calls, and each call asks every trunk once."""
    assert order == asked(turn, a=1, b=1, c=1)


@pytest.mark.parametrize(("turn", "order"), [(4, ["a", "b", "c", "x", "y"]), (5, ["a", "c", "b", "y", "x"])])
def test_shares_one_after_the_other(turn: int, order: list[str]) -> None:
    """Two that share come before two others that share."""
    assert order == asked(turn, x=3, a=1, b=2, y=3, c=2)
