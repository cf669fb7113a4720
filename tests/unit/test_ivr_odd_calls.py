"""Silent callers and pranks: challenged, put behind, brought forward, and never refused."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ivr.call_flow import CallFlow
from ivr.call_states import State
from redis_queue.operators import Claimed, Refusal, Refused, Waiting
from tests.support.call_desk import Answer, KeptFacts, KeptInMind, ScriptedLine, ScriptedPool, call, city, desk

BUSY = Refused(Refusal.BUSY)
LANGUAGE_MENU = "[ivr]\nlanguage_menu = true\n"
PRANKSTER = "+6281234567890"


@dataclass
class Served:
    """A call that was served, and what was seen of it."""

    state: State
    line: ScriptedLine
    pool: ScriptedPool

    @property
    def behind(self) -> list[object]:
        """Whether the caller was put behind the others, each time that the script stood in line."""
        return [asked["behind"] for asked in self.pool.asked if "behind" in asked]


def serve(
    *answers: Answer,
    keys: dict[str, str] | None = None,
    extra: str = "",
    heard: Callable[[], bool] = bool,
    diverted: bool = False,
    **known: object,
) -> Served:
    """Run one call; `heard` tells whether there has been a sign of life."""
    line, pool = ScriptedLine(keys), ScriptedPool(*(answers or (Claimed("1001"),)))
    mind = KeptInMind(diverted=frozenset({PRANKSTER} if diverted else ()), heard=heard)
    state = CallFlow(call(**known), line, desk(line, pool, city(extra), KeptFacts(), remembered=mind)).run()
    return Served(state, line, pool)


def test_a_silent_caller_reaches_a_free_operator_at_once() -> None:
    """A machine never has the last word: no challenge where a human is free."""
    served = serve()

    assert State.ROUTED is served.state
    assert "id/challenge" not in served.line.heard()


@pytest.mark.parametrize("extra", ["", LANGUAGE_MENU], ids=["at the menu", "at the language"])
def test_a_silent_caller_is_challenged_in_line(extra: str) -> None:
    """With nobody free: behind the others, and asked for a sign before all else."""
    served = serve(BUSY, Waiting(2), Waiting(2), Claimed("1001"), extra=extra)

    assert State.ROUTED is served.state
    assert [True] == served.behind
    assert ["id/challenge", "id/busy"] == served.line.heard()[-2:]


@pytest.mark.parametrize("keys", [{"wait": "2"}, {"wait": "9"}], ids=["a choice", "any other key"])
def test_who_pressed_a_key_is_not_silent(keys: dict[str, str]) -> None:
    """A key counts as life, whatever lies on it."""
    served = serve(BUSY, Waiting(1), Waiting(1), Claimed("1001"), keys=keys)

    assert [False] == served.behind
    assert "id/challenge" not in served.line.heard()


def test_who_spoke_in_the_menu_is_not_silent() -> None:
    """A voice counts as life."""
    served = serve(BUSY, Waiting(1), Waiting(1), Claimed("1001"), heard=lambda: True)

    assert [False] == served.behind
    assert "id/challenge" not in served.line.heard()


def test_a_sign_that_comes_while_one_is_put_behind_is_not_lost() -> None:
    """Whoever listened found nobody in line yet; the script brings the caller forward itself."""
    signs = iter([False, False])  # after the menu, and before standing in line
    served = serve(BUSY, Waiting(2), Claimed("1001"), heard=lambda: next(signs, True))

    assert [True] == served.behind
    assert ["claim", "wait", "promote", "keep_waiting"] == served.pool.calls


def test_a_diverted_number_is_challenged_first() -> None:
    """Before the greeting; who presses a key or speaks goes on as everybody."""
    by_key = serve(diverted=True, keys={"prank-challenge": "1", "greeting": "1"})
    by_voice = serve(diverted=True, keys={"greeting": "1"}, heard=lambda: True)

    assert [["id/prank-challenge", "id/greeting"]] * 2 == [by_key.line.heard(), by_voice.line.heard()]
    assert [State.ROUTED] * 2 == [by_key.state, by_voice.state]


def test_a_diverted_number_that_stays_silent_reaches_an_operator_all_the_same() -> None:
    """Never refused: without the menu to whoever is free, else behind the others."""
    free = serve(diverted=True)
    busy = serve(BUSY, Waiting(1), Claimed("1001"), diverted=True)

    assert ["id/prank-challenge"] == free.line.heard()
    assert [State.ROUTED] * 2 == [free.state, busy.state]
    assert [True] == busy.behind


def test_the_language_is_still_asked_for_after_the_challenge() -> None:
    """Where the city asks."""
    served = serve(diverted=True, keys={"prank-challenge": "1"}, extra=LANGUAGE_MENU)

    assert ["id/prank-challenge", "id/greeting"] == served.line.heard()[:2]


@pytest.mark.parametrize("caller", [None, "", "anonymous", "000000000000000", "911356938035643809"])
def test_who_has_no_number_of_their_own_is_never_diverted(caller: str | None) -> None:
    """A phone without a SIM shares its number with others, or has none: nobody pays for somebody else's pranks."""
    line, pool = ScriptedLine(), ScriptedPool(Claimed("1001"))
    mind = KeptInMind(diverted=frozenset({caller or ""}))
    state = CallFlow(call(caller=caller), line, desk(line, pool, remembered=mind)).run()

    assert State.ROUTED is state
    assert "id/prank-challenge" not in line.heard()
