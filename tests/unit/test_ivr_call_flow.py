"""A call's way from greeting to operator, each path of it, over a scripted line and pool."""

from dataclasses import dataclass, field

import pytest

from ivr.call import Chosen, FailedOperator, Route
from ivr.call_flow import CallFlow
from ivr.call_states import FINAL, TRANSITIONS, Event, State, after
from ivr.errors import IllegalEventError
from ivr.prompts import catalogue
from redis_queue.errors import UnavailableError
from redis_queue.operators import Claimed, Refusal, Refused, Waiting
from tests.support.call_desk import Answer, KeptFacts, ScriptedLine, ScriptedPool, call, city, desk
from tickets.vocabulary import CallFactKind

BUSY = Refused(Refusal.BUSY)
NOBODY = Refused(Refusal.NOBODY)
BLIND = Refused(Refusal.BLIND)
AWAY = UnavailableError("Redis is away")

WELCOME = ["id/greeting", "id/site", "id/notice"]
MENU = ["id/operator", "id/category-kebakaran", "id/category-lampu", "id/wait"]
LANGUAGE_MENU = "[ivr]\nlanguage_menu = true\n"


@dataclass
class Served:
    """A call that was served, and all that was seen of it."""

    state: State
    line: ScriptedLine
    pool: ScriptedPool
    facts: list[CallFactKind] = field(default_factory=list)


def serve(
    *answers: Answer,
    keys: dict[str, str] | None = None,
    lost_at: str = "",
    extra: str = "",
    missing: tuple[str, ...] = (),
    **known: object,
) -> Served:
    """Run one call."""
    line, pool, facts = ScriptedLine(keys, lost_at), ScriptedPool(*(answers or (Claimed("1001"),))), KeptFacts()
    state = CallFlow(call(**known), line, desk(line, pool, city(extra), facts, missing)).run()
    return Served(state, line, pool, [fact.kind for fact in facts.sent])


def test_a_caller_who_chooses_reaches_an_operator_of_that_category() -> None:
    """Greeting, notice, menu; a valid key ends the talking at once and decides category and priority."""
    served = serve(keys={"category-lampu": "2"})
    caller = {"node": "n1", "number": "+6281234567890", "exclude": frozenset()}
    asked = {"language": "id", "category": "lampu", "priority": 3, **caller}

    assert served.state is State.ROUTED
    assert [*WELCOME, *MENU[:3]] == served.line.heard()
    assert [Chosen("id", "lampu", 3, "Lampu jalan")] == served.line.noted
    assert [asked] == served.pool.asked
    assert [Route("1001", 15, ("1001",))] == served.line.routed
    assert served.facts == [CallFactKind.ARRIVED, CallFactKind.CHOSEN, CallFactKind.ROUTED]


@pytest.mark.parametrize("piece", ["greeting", "site", "notice", "operator", "category-kebakaran", "wait", ""])
def test_a_key_counts_during_any_piece(piece: str) -> None:
    """Who knows the menu need not hear it; "" is the silence after it."""
    served = serve(keys={piece: "1"})

    assert [Chosen("id", "kebakaran", 1, "Kebakaran")] == served.line.noted
    assert "category-lampu" not in served.line.heard()[-1]


@pytest.mark.parametrize("key", ["0", "9", "*", "#", ""])
def test_who_does_not_choose_is_the_most_urgent(key: str) -> None:
    """A wrong key and silence lead to an operator as well, before every caller who could choose."""
    served = serve(keys={"wait": key})

    assert served.state is State.ROUTED
    caller = {"node": "n1", "number": "+6281234567890", "exclude": frozenset()}
    assert [{"language": "id", "category": "", "priority": 1, **caller}] == served.pool.asked
    assert served.facts == [CallFactKind.ARRIVED, CallFactKind.ROUTED]


def test_silence_lasts_three_seconds_after_the_menu() -> None:
    """Seven pieces of 2 s and 3 s of silence: then an operator is called all the same."""
    assert len(WELCOME + MENU) * 2.0 + 3.0 == serve().line.now


def test_the_route_is_the_last_that_is_said() -> None:
    """Nothing follows the route on the line: its last command is the mark that it is meant."""
    served = serve(keys={"greeting": "1"})

    assert served.line.said[-1] == "route"
    assert served.line.ended == 0
    assert "leave" not in served.pool.calls


def test_the_language_is_asked_first_where_the_city_wants_it() -> None:
    """Each language asks for itself; the menu and the claim follow in the one that was chosen."""
    served = serve(keys={"language-en": "2", "category-kebakaran": "1"}, extra=LANGUAGE_MENU)

    heard = ["id/greeting", "id/site", "id/language-id", "en/language-en", "en/notice", "en/operator"]
    assert [*heard, "en/category-kebakaran"] == served.line.heard()
    assert [Chosen("en"), Chosen("en", "kebakaran", 1, "Kebakaran")] == served.line.noted
    assert served.pool.asked[0]["language"] == "en"


def test_silence_at_the_language_leads_to_an_operator() -> None:
    """In the city's own language, as the most urgent; the menu would keep whoever cannot press a key from a human."""
    served = serve(extra=LANGUAGE_MENU)

    assert ["id/greeting", "id/site", "id/language-id", "en/language-en", "id/notice"] == served.line.heard()
    assert [("id", "", 1)] == [(asked["language"], asked["category"], asked["priority"]) for asked in served.pool.asked]
    assert [Route("1001", 15, ("1001",))] == served.line.routed


def test_a_language_can_be_chosen_until_an_operator_is_called() -> None:
    """A key counts during every prompt, in the notice of the recording too."""
    served = serve(keys={"notice": "2"}, extra=LANGUAGE_MENU)

    assert served.line.noted[0] == Chosen("en")
    assert "en/category-kebakaran" in served.line.heard()


def test_a_wrong_key_at_the_language_leads_to_an_operator() -> None:
    """It is a human that is wanted, not another menu."""
    served = serve(keys={"greeting": "0"}, extra=LANGUAGE_MENU)

    assert served.line.heard() == ["id/greeting"]
    assert [Route("1001", 15, ("1001",))] == served.line.routed


def test_no_notice_without_recording() -> None:
    """Nobody is told of a recording that is not made."""
    assert "id/notice" not in serve(extra="[recording]\nenabled = false\n").line.heard()


def test_a_missing_prompt_is_passed_over() -> None:
    """No sound at all still leads to an operator."""
    everything = (catalogue.GREETING, catalogue.SITE, catalogue.NOTICE, catalogue.OPERATOR, catalogue.WAIT)
    served = serve(missing=(*everything, "category-kebakaran", "category-lampu"))

    assert served.state is State.ROUTED
    assert served.line.heard() == []


@pytest.mark.parametrize(
    ("answer", "last"),
    [(NOBODY, "handed over"), (BLIND, "note"), (AWAY, "note")],
    ids=["nobody", "blind", "Redis away"],
)
def test_without_an_operator_the_dialplan_goes_on_at_once(answer: Answer, last: str) -> None:
    """No word more, and the line is given back first; the mark that it is meant only where nothing has failed."""
    served = serve(answer, keys={"greeting": "1"})

    assert served.state is State.FALLBACK
    assert last == served.line.said[-1]
    assert served.line.heard() == ["id/greeting"]
    assert served.line.routed == []
    assert served.line.ended == 1
    assert served.pool.calls == ["claim", "leave"]


@pytest.mark.parametrize(
    ("answers", "last"),
    [((BUSY, Waiting(1)), "handed over, outside first"), ((BUSY, Waiting(1), NOBODY), "handed over")],
    ids=["too long", "the last one went home"],
)
def test_who_waits_is_handed_over_as_the_city_wants_it(answers: tuple[Answer, ...], last: str) -> None:
    """That is said, so that it counts as no failure."""
    line, pool = ScriptedLine({"greeting": "1"}), ScriptedPool(*answers)
    patient = city(routing='fallback_number = "110"\nfallback_seconds = 30\n')

    assert State.FALLBACK is CallFlow(call(), line, desk(line, pool, patient)).run()
    assert last == line.said[-1]


def test_a_server_that_stops_hands_the_waiting_to_the_fallback() -> None:
    """Who waits is not held by a server that ends."""
    line, pool = ScriptedLine({"greeting": "1"}), ScriptedPool(BUSY, Waiting(1))
    closing = desk(line, pool)
    closing.closing.set()

    assert State.FALLBACK is CallFlow(call(), line, closing).run()
    assert pool.calls[-1] == "leave"


HANGUPS = {
    "in the greeting": ("greeting", [], False),
    "in the menu": ("category-lampu", [], False),
    "in the silence": ("key", [], False),
    "while it is all busy": ("busy", [BUSY, Waiting(1)], True),
    "in the music": ("waiting", [BUSY, Waiting(1)], True),
    "when an operator was found": ("route", [Claimed("1001")], True),
    "when the wait is over": ("music off", [BUSY, Waiting(1), Claimed("1001")], True),
}


@pytest.mark.parametrize(("where", "answers", "left"), HANGUPS.values(), ids=HANGUPS.keys())
def test_a_hangup_leaves_nobody_reserved(where: str, answers: list[Answer], left: bool) -> None:
    """Wherever the caller hangs up: no route, out of the line, the claim given back."""
    served = serve(*answers, lost_at=where)

    assert served.state is State.HUNG_UP
    assert served.line.routed == []
    assert left == ("leave" in served.pool.calls)
    assert CallFactKind.ROUTED not in served.facts


def test_a_later_try_asks_for_another_operator_without_a_menu() -> None:
    """Who has chosen already hears no menu: the failure is told, and everybody tried is passed over."""
    served = serve(
        Claimed("1003"),
        chosen=Chosen("en", "lampu", 3, "Lampu jalan"),
        failed=FailedOperator("1002", "NOANSWER"),
        tried=("1001", "1002"),
    )
    caller = {"node": "n1", "number": "+6281234567890", "exclude": frozenset({"1001", "1002"})}
    asked = {"language": "en", "category": "lampu", "priority": 3, **caller}

    assert served.pool.calls == ["failed 1002 NOANSWER", "claim"]
    assert served.line.heard() == []
    assert [asked] == served.pool.asked
    assert [Route("1003", 15, ("1001", "1002", "1003"))] == served.line.routed
    assert served.facts == [CallFactKind.ROUTED]


@pytest.mark.parametrize(
    ("status", "told"),
    [("BUSY", "BUSY"), ("CONGESTION", "CONGESTION"), ("", "CHANUNAVAIL"), ("INVALIDARGS", "CHANUNAVAIL")],
)
def test_every_dial_status_means_something(status: str, told: str) -> None:
    """A status that Dial gives for another reason counts as a phone that could not be rung."""
    served = serve(chosen=Chosen("id"), failed=FailedOperator("1001", status), tried=("1001",))

    assert f"failed 1001 {told}" == served.pool.calls[0]


def test_a_later_try_may_have_to_wait_too() -> None:
    """The others are busy: the caller waits for one of them, those tried stay excluded."""
    served = serve(
        BUSY, Waiting(1), Claimed("1003"), chosen=Chosen("id"), failed=FailedOperator("1001", "BUSY"), tried=("1001",)
    )

    assert served.state is State.ROUTED
    assert frozenset({"1001"}) == served.pool.asked[1]["exclude"]


# -- the table itself


def test_every_state_that_is_not_final_can_lose_caller_and_pool() -> None:
    """The two things that may always happen are in every row."""
    assert set(State) - FINAL == set(TRANSITIONS)
    for state, row in TRANSITIONS.items():
        assert State.HUNG_UP is after(state, Event.HUNG_UP)
        assert State.FALLBACK is after(state, Event.POOL_LOST), row


def test_no_event_ends_a_call_but_the_callers_own() -> None:
    """Only a hang-up leads to HUNG_UP; every other end has a way to a human."""
    ends = {event for row in TRANSITIONS.values() for event, state in row.items() if state is State.HUNG_UP}

    assert {Event.HUNG_UP} == ends


def test_every_state_leads_to_an_end() -> None:
    """From each state a final one can be reached, and every state can be reached from the start."""
    reached, frontier = {State.START}, [State.START]
    while frontier:
        following = set(TRANSITIONS.get(frontier.pop(), {}).values()) - reached
        reached |= following
        frontier += following

    assert set(State) == reached


def test_an_illegal_event_is_a_typed_error() -> None:
    """What the table does not have cannot happen silently."""
    with pytest.raises(IllegalEventError):
        after(State.MENU, Event.CLAIMED)
