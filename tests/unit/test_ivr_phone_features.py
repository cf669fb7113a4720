"""Feature codes: each is done, said, and of an operator's own making only."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from ivr.desk import Desk
from ivr.phone_features import Dialled, Done, Feature, Following, serve
from redis_queue.errors import UnavailableError, UnknownOperatorError
from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState
from tests.support.call_desk import KeptFacts, KeptInMind, ScriptedLine, city, desk
from tickets.vocabulary import CallFactKind, Mark

CALL = "1718000000.12"
STAFF = """
[[operators]]
extension = "1001"

[[operators]]
extension = "1009"
supervisor = true
"""


@dataclass
class Roster:
    """A pool of which only wishes and states are asked."""

    known: tuple[str, ...] = ("1001", "1009")
    states: list[OperatorStatus] = field(default_factory=list)
    wishes: list[str] = field(default_factory=list)
    away: bool = False

    def login(self, extension: str) -> None:
        """Keep the wish."""
        self._wish("login", extension)

    def logout(self, extension: str) -> None:
        """Keep the wish."""
        self._wish("logout", extension)

    def pause(self, extension: str) -> None:
        """Keep the wish."""
        self._wish("pause", extension)

    def resume(self, extension: str) -> None:
        """Keep the wish."""
        self._wish("resume", extension)

    def snapshot(self) -> list[OperatorStatus]:
        """As the test says."""
        return self.states

    def _wish(self, wish: str, extension: str) -> None:
        if self.away:
            raise UnavailableError("away")
        if extension not in self.known:
            raise UnknownOperatorError(extension)
        self.wishes.append(f"{wish} {extension}")


def talking(extension: str, call_id: str) -> OperatorStatus:
    """One operator in a call."""
    return OperatorStatus(extension, extension, OperatorState.TALKING, datetime(2026, 5, 1, tzinfo=UTC), call_id, "")


def desk_of(roster: Roster, facts: KeptFacts | None = None, remembered: KeptInMind | None = None) -> Desk:
    """A desk of an operator and a supervisor."""
    return desk(ScriptedLine(), roster, city(STAFF), facts, remembered=remembered)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("feature", "said"),
    [("login", "logged-in"), ("logout", "logged-out"), ("pause", "paused"), ("resume", "resumed")],
)
def test_duty(feature: str, said: str) -> None:
    """What the operator wants is what the pool is told."""
    roster = Roster()

    assert Done(said) == serve(Dialled(Feature(feature), "1001"), desk_of(roster))
    assert [f"{feature} 1001"] == roster.wishes


def test_who_is_off_duty_takes_no_calls_again() -> None:
    """A pause is ended, going off duty is not, and the phone says so."""
    gone = OperatorStatus("1001", "1001", OperatorState.OFFLINE, datetime(2026, 5, 1, tzinfo=UTC), None, "off_duty")

    assert Done("logged-out", good=False) == serve(Dialled(Feature.RESUME, "1001"), desk_of(Roster(states=[gone])))


def test_a_phone_of_nobody_is_refused() -> None:
    """An extension that has left the roster hears so."""
    assert Done("not-allowed", good=False) == serve(Dialled(Feature.LOGIN, "1777"), desk_of(Roster()))


def test_without_redis_nothing_is_said() -> None:
    """The script ends without its mark, and the phone hears the dialplan's own tone."""
    with pytest.raises(UnavailableError):
        serve(Dialled(Feature.LOGIN, "1001"), desk_of(Roster(away=True)))


@pytest.mark.parametrize("mark", [Mark.PRANK, Mark.GHOST])
def test_the_last_call_is_marked(mark: Mark) -> None:
    """By the operator whose call it was."""
    facts = KeptFacts()
    done = serve(Dialled(Feature(mark.value), "1001"), desk_of(Roster(), facts, KeptInMind(call_of={"1001": CALL})))

    assert Done(f"marked-{mark}") == done
    assert [(CALL, CallFactKind.MARKED, "operator:1001", mark)] == [
        (fact.call_id, fact.kind, fact.actor, fact.mark) for fact in facts.sent
    ]


def test_without_a_call_nothing_is_marked() -> None:
    """Another operator's call is none of theirs."""
    facts = KeptFacts()
    done = serve(Dialled(Feature.PRANK, "1001"), desk_of(Roster(), facts, KeptInMind(call_of={"1009": CALL})))

    assert Done("nothing-marked", good=False) == done
    assert [] == facts.sent


def test_the_next_of_the_call_back_list() -> None:
    """Each code takes one; an empty list is said."""
    known = desk_of(Roster(), remembered=KeptInMind(numbers=["+628111111111"]))
    done = [serve(Dialled(Feature.CALLBACK, "1001"), known) for _ in range(2)]

    assert [
        Done("calling-back", following=Following.CALL, number="+628111111111"),
        Done("no-callbacks", good=False),
    ] == done


FORGED = ["+8821612345678", "+628091234567", "+60123456789"]


def test_a_forged_number_is_not_called_back() -> None:
    """Satellite, premium and foreign numbers stay in the list; the operator hears why, and they hold up nobody else."""
    honest, left = KeptInMind(numbers=[*FORGED, "+628111111111"]), KeptInMind(numbers=[*FORGED])
    done = [serve(Dialled(Feature.CALLBACK, "1001"), desk_of(Roster(), remembered=known)) for known in (honest, left)]

    assert [
        Done("calling-back", following=Following.CALL, number="+628111111111"),
        Done("callback-barred", good=False),
    ] == done
    assert [FORGED, FORGED] == [honest.numbers, left.numbers]


def test_a_foreign_country_that_is_named_is_called_back() -> None:
    """Its ordinary numbers."""
    named = city(STAFF, routing='callback_countries = ["MY"]')
    known = KeptInMind(numbers=["+601600123456", "+60123456789"])
    done = serve(Dialled(Feature.CALLBACK, "1001"), desk(ScriptedLine(), Roster(), named, remembered=known))  # type: ignore[arg-type]

    assert Done("calling-back", following=Following.CALL, number="+60123456789") == done


@pytest.mark.parametrize("how", ["listen", "whisper", "barge"])
def test_a_supervisor_listens_and_it_is_written_down(how: str) -> None:
    """Who, to which call, and in which way."""
    facts = KeptFacts()
    roster = Roster(states=[talking("1001", CALL)])
    done = serve(Dialled(Feature(how), "1009", "1001"), desk_of(roster, facts, KeptInMind(call_of={"1001": CALL})))

    assert Done("", following=Following.LISTEN) == done
    assert [(CALL, CallFactKind.LISTENED, "operator:1009", how)] == [
        (fact.call_id, fact.kind, fact.actor, fact.detail) for fact in facts.sent
    ]


def test_nobody_listens_where_it_cannot_be_written_down() -> None:
    """The phone hears that nothing was done."""
    roster = Roster(states=[talking("1001", CALL)])
    unwritten = desk_of(roster, KeptFacts(away=True), KeptInMind(call_of={"1001": CALL}))

    with pytest.raises(UnavailableError):
        serve(Dialled(Feature.LISTEN, "1009", "1001"), unwritten)


@pytest.mark.parametrize(("dialled_on", "hears"), [("kota-1", True), ("kota-2", False), ("", False)])
def test_only_calls_of_the_same_machine_are_listened_to(dialled_on: str, hears: bool) -> None:
    """Another's are not to be heard, and what nobody heard is not written down."""
    facts, call_id = KeptFacts(), f"kota-1-{CALL}"
    roster = Roster(states=[talking("1001", call_id)])
    known = desk_of(roster, facts, KeptInMind(call_of={"1001": call_id}))
    done = serve(Dialled(Feature.LISTEN, "1009", "1001", node=dialled_on), known)

    assert (Done("", following=Following.LISTEN) if hears else Done("", good=False)) == done
    assert [call_id] * hears == [fact.call_id for fact in facts.sent]


@pytest.mark.parametrize(
    ("operator", "target", "said"),
    [
        ("1001", "1009", "not-allowed"),
        ("1777", "1001", "not-allowed"),
        ("1009", "1009", "not-allowed"),
        ("1009", "1002", ""),
    ],
    ids=["no supervisor", "nobody", "to oneself", "who talks with nobody"],
)
def test_who_may_not_listen_does_not(operator: str, target: str, said: str) -> None:
    """And nothing is written down, since nothing was heard."""
    facts = KeptFacts()
    roster = Roster(states=[talking("1001", CALL), talking("1009", CALL)])
    known = KeptInMind(call_of={"1001": CALL, "1009": CALL})

    assert Done(said, good=False) == serve(Dialled(Feature.LISTEN, operator, target), desk_of(roster, facts, known))
    assert [] == facts.sent


def test_what_an_operators_own_phone_dialled_is_not_listened_to() -> None:
    """It is no caller's call, and no record could tell of it."""
    roster = Roster(states=[talking("1001", "1.99")])
    known = KeptInMind(call_of={"1001": CALL})

    assert Done("", good=False) == serve(Dialled(Feature.LISTEN, "1009", "1001"), desk_of(roster, remembered=known))


def test_every_dialled_feature_has_a_code() -> None:
    """What the dialplan names is what is served here."""
    assert {feature.value for feature in Feature} <= set(type(city().features).model_fields)
