"""Places that callers' phones send: to the ticket of the call, and nowhere else; on each kind of database."""

from datetime import UTC, datetime, timedelta

import pytest

from hardware.modem.pdu import Ports, encode_data_deliver
from siaga112.app import App
from sms_gateway.intake import Intake
from tests.support.aml import DATA, TEXT
from tests.support.sms import CITIZEN, SENT, city, incoming, intake_of, outgoing, pdus, take, tickets_of
from tickets.calls.caller_locations import KEPT, forget_locations
from tickets.calls.facts import CallFact
from tickets.calls.merging import record_fact
from tickets.database.store import Store
from tickets.ticketing import Location, locate
from tickets.vocabulary import CallFactKind as Kind
from tickets.vocabulary import Channel, MessageState, TicketAction

CONTEXT = App(city()).call_context
HERE = (51.53321, -0.12601, 14.0)


@pytest.fixture
def intake(store: Store) -> Intake:
    """The reading side of a city."""
    return intake_of(store, city())


def call(store: Store, start: float, end: float | None = None, *, name: str = "c1", caller: str = CITIZEN) -> None:
    """A call that rang at `start` and, unless it is live, ended at `end`, in seconds after `SENT`."""
    facts = [CallFact(call_id=name, kind=Kind.ARRIVED, at=SENT + timedelta(seconds=start), caller=caller)]
    facts.append(CallFact(call_id=name, kind=Kind.ROUTED, at=SENT + timedelta(seconds=start + 1), operator="1001"))
    if end is not None:
        facts.append(CallFact(call_id=name, kind=Kind.ENDED, at=SENT + timedelta(seconds=end)))
    for fact in facts:
        with store.transaction() as session:
            record_fact(session, fact, CONTEXT)


def fix(lat: float, radius: str, top: str) -> list[str]:
    """The PDU of an AML message."""
    return pdus(f'A"ML=1;lt={lat};lg=114.3;rd={radius};top={top};lc=68;pm=G')


def places(store: Store) -> list[tuple[float | None, float | None, float | None]]:
    """Where each ticket is, the newest first."""
    return [(ticket.latitude, ticket.longitude, ticket.radius) for ticket in tickets_of(store)]


@pytest.mark.parametrize(
    "given",
    [
        pdus(TEXT),
        [encode_data_deliver(CITIZEN, DATA, SENT, ports=Ports(9200, 0)).hex],
        pdus('A"ML=1;lt=+00.00000;lg=+00.00000;rd=N;pm=N'),
        pdus('A"ML=9;?'),
        pdus(TEXT, "TELKOMSEL"),
        pdus(TEXT + ";" + "x" * 200),
    ],
)
def test_no_complaint(intake: Intake, store: Store, given: list[str]) -> None:
    """No ticket, no answer, never dead; of the place, the SIM and the phone nothing is kept with the message."""
    take(intake, *given, *given)
    (message,) = incoming(store)

    assert ([], []) == (list(tickets_of(store)), list(outgoing(store)))
    assert (MessageState.HANDLED, None, None) == (message.state, message.ticket_id, message.pdu)
    assert str(message.text).startswith('A"ML=')
    assert len(str(message.text)) <= len('A"ML=999')


@pytest.mark.parametrize(("start", "end"), [(-30, None), (-30, 0), (61, 70), (-400, -299)])
def test_within(intake: Intake, store: Store, start: float, end: float | None) -> None:
    """From 60 s before the call until 300 s after it, whichever of both the worker hears of first."""
    call(store, start, end, name="c1")
    take(intake, *pdus(TEXT))
    call(store, start, end, name="c2")

    assert [HERE, HERE] == places(store)


@pytest.mark.parametrize(("start", "end"), [(62, 70), (-400, -300)])
def test_outside(intake: Intake, store: Store, start: float, end: float) -> None:
    """What came earlier or later is about something else."""
    call(store, start, end)
    take(intake, *pdus(TEXT))

    assert [(None, None, None)] == places(store)


def test_history(intake: Intake, store: Store) -> None:
    """The ticket's history says how sure it is, how it was found and when."""
    call(store, 0)
    take(intake, *pdus(TEXT))
    with store.reading() as session:
        (ticket,) = (session.merge(each) for each in tickets_of(store))
        told = [event.detail for event in ticket.events if event.action is TicketAction.LOCATED]

    assert ["51.53321,-0.12601 within 14 m (68 %), wifi, at 2022-01-31T17:17:48+00:00"] == told


def test_data_message(intake: Intake, store: Store) -> None:
    """The place of an old phone's data message is as good."""
    call(store, 0)
    take(intake, encode_data_deliver(CITIZEN, DATA, SENT, ports=Ports(9200, 0)).hex)

    assert [(37.42175, -122.08461, 20.0)] == places(store)


def test_somebody_else(intake: Intake, store: Store) -> None:
    """A place belongs to the calls of the same number, however it is written, and to no other."""
    call(store, 0, name="c1")
    call(store, 1, name="c2", caller="+628123450098")
    take(intake, *pdus(TEXT, "08123450099"))

    assert [(None, None, None), HERE] == places(store)


def test_called_again(intake: Intake, store: Store) -> None:
    """Who was cut off and calls again has both tickets placed, also where the place comes between the calls."""
    call(store, -60, -30, name="c1")
    take(intake, *pdus(TEXT))
    call(store, 30, name="c2")

    assert [HERE, HERE] == places(store)


@pytest.mark.parametrize(
    ("fixes", "lat"),
    [
        ([(1.0, "50", "20260301050000"), (2.0, "20", "20260301050010")], 2.0),
        ([(2.0, "20", "20260301050010"), (1.0, "50", "20260301050000")], 2.0),
        ([(1.0, "20", "20260301050000"), (2.0, "199", "20260301050010")], 2.0),
        ([(1.0, "20", "20260301050000"), (2.0, "200", "20260301050010")], 1.0),
        ([(1.0, "20", "20260301050000"), (2.0, "N", "20260301050010")], 1.0),
        ([(1.0, "N", "20260301050000"), (2.0, "900", "20260301050010")], 2.0),
        ([(1.0, "20", "20990101000000"), (2.0, "20", "20260301045959")], 1.0),
    ],
)
def test_several(intake: Intake, store: Store, fixes: list[tuple[float, str, str]], lat: float) -> None:
    """The newest counts, in whatever order they come, but not one with ten times the radius."""
    call(store, 0)
    for number, given in enumerate(fixes):
        take(intake, *fix(*given), after_s=number + 1)

    assert [lat] == [place[0] for place in places(store)]


def test_placed_by_a_person(intake: Intake, store: Store) -> None:
    """A place that somebody gave the ticket stays."""
    call(store, 0)
    with store.transaction() as session:
        locate(session.merge(tickets_of(store)[0]), Location(-8.2, 114.3), None)
    take(intake, *pdus(TEXT))

    assert [(-8.2, 114.3, None)] == places(store)


def test_forgotten(intake: Intake, store: Store) -> None:
    """A place that no call came for is deleted after half an hour; one that has its call is kept for the next one."""
    call(store, 0)
    take(intake, *pdus(TEXT), *pdus(TEXT, "+628123450098"))
    now = datetime.now(UTC)
    counts = []
    for after in (timedelta(0), KEPT + timedelta(minutes=1), timedelta(hours=25)):
        with store.transaction() as session:
            counts.append(forget_locations(session, now=now + after))

    assert [0, 1, 1] == counts


def test_no_call_ticket_of_sms(intake: Intake, store: Store) -> None:
    """A place goes to calls only: a complaint by SMS of the same number is another matter."""
    take(intake, *pdus("Banjir"), *pdus(TEXT))

    assert [(Channel.SMS, None)] == [(ticket.channel, ticket.latitude) for ticket in tickets_of(store)]
