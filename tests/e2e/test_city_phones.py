"""What operators do by the feature codes of their phones, and every odd call, in a whole running city."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from hardware.softphone import IncomingCall, OutgoingCall, Phone, answering
from hardware.softphone.address import SipUri
from redis_queue.states import OperatorState
from siaga112.parts.recordings import retention
from tests.support.asterisk_server import write_tone
from tests.support.city import PROMPT_HZ, City, converse
from tests.support.eventual import eventually
from tickets.calls.facts import CallFact
from tickets.calls.recording_views import view_recording
from tickets.calls.recordings import RecordingFilter, list_recordings
from tickets.model.call import CallFactRow
from tickets.vocabulary import CallFactKind

AGENCY = "119"
TONES = {
    "logged-in": 600,
    "logged-out": 650,
    "paused": 750,
    "resumed": 800,
    "marked-prank": 950,
    "nothing-marked": 1050,
    "no-callbacks": 1100,
    "calling-back": 1150,
    "not-allowed": 1250,
    "challenge": 1350,
    "prank-challenge": 1450,
}
"""What is heard for each prompt that matters here."""

VOICE_HZ = 500


@pytest.fixture(scope="module")
def phones_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city whose 1003 is a supervisor, with an agency to be called, where one mark diverts a number."""
    city = City(tmp_path_factory.mktemp("city"))
    for name, hertz in TONES.items():
        write_tone(city.folder / "sounds" / "id" / f"{name}.wav", hertz, 1.5)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SIAGA112__OPERATORS__1003__SUPERVISOR", "true")
        environment.setenv("SIAGA112__AGENCIES__DINKES__PHONE", AGENCY)
        environment.setenv("SIAGA112__ROUTING__PRANK_CALLS", "1")
        try:
            city.start()
            yield city
            city.stop()
        finally:
            city.close()


@pytest.fixture
def city(phones_city: City) -> Iterator[City]:
    """The same for one test, which leaves it without phones and calls."""
    yield phones_city
    phones_city.app.pool.logout("1003")
    phones_city.rest()


def dial(city: City, phone: Phone, code: str) -> OutgoingCall:
    """A call of an operator's phone."""
    return phone.call(f"sip:{code}@127.0.0.1:{city.app.settings.asterisk.sip_port}")


def hears(city: City, phone: Phone, code: str, prompt: str) -> None:
    """The phone dials the code, hears that prompt, and the call ends by itself."""
    dialled = dial(city, phone, code)
    dialled.wait_tone(TONES[prompt], 10)
    dialled.wait_ended(10)


@contextmanager
def busy_desk(city: City, carrier: Phone, number: str) -> Iterator[tuple[Phone, OutgoingCall]]:
    """1001 on duty and in a talk, and nobody else."""
    with city.on_duty("1001", answering()) as desk:
        call = city.dial_and_press(carrier, number, "1")
        desk.incoming().wait_answered()
        city.await_state("1001", OperatorState.TALKING)
        yield desk, call


def take(city: City, carrier: Phone, desk: Phone, number: str, key: str = "1") -> tuple[OutgoingCall, IncomingCall]:
    """A call that this desk takes."""
    call = city.dial_and_press(carrier, number, key)
    leg = desk.incoming()
    leg.wait_answered()
    city.await_state(desk.user, OperatorState.TALKING)
    return call, leg


def test_duty_by_telephone(city: City) -> None:
    """On duty, pause, again, off duty: each is done and said; the phone that dials is whose state it is."""
    with city.phone("1003", answering()) as phone:
        eventually("1003 reachable", lambda: city.operator("1003").reason == "off_duty")
        hears(city, phone, "*11", "logged-in")
        city.await_state("1003", OperatorState.AVAILABLE)
        hears(city, phone, "*13", "paused")
        city.await_state("1003", OperatorState.PAUSED)
        hears(city, phone, "*14", "resumed")
        city.await_state("1003", OperatorState.AVAILABLE)
        hears(city, phone, "*12", "logged-out")
        city.await_state("1003", OperatorState.OFFLINE)


def test_a_prank_is_marked_diverted_and_still_answered(city: City, city_carrier: Phone) -> None:
    """The mark is the call's outcome; the number then hears a challenge first, answered or not it reaches a human."""
    number = "081200000301"
    with city.on_duty("1001", answering()) as desk:
        call, leg = take(city, city_carrier, desk, number)
        call.hangup()
        leg.wait_ended()
        hears(city, desk, "*21", "marked-prank")
        marked = eventually(
            "the mark", lambda: [row for row in city.records("+6281200000301") if row["outcome"] == "prank"]
        )
        eventually("the diversion", lambda: city.app.redis.exists("siaga112:prank:+6281200000301"))
        city.await_available("1001")
        again = city.dial(city_carrier, number)
        again.wait_tone(TONES["prank-challenge"])
        again.press("1")
        again.wait_tone(PROMPT_HZ)
        again.press("7")
        desk.incoming().wait_answered()
        again.hangup()
        city.await_available("1001")
        silent = city.dial(city_carrier, number)
        silent.wait_tone(TONES["prank-challenge"])
        leg = desk.incoming(20)
        leg.wait_answered()
        converse(silent, leg)
        silent.hangup()

    assert ["1001"] == [row["operator"] for row in marked]


def test_nothing_to_mark(city: City) -> None:
    """An operator without a call in the last hour hears so."""
    with city.on_duty("1002") as phone:
        hears(city, phone, "*21", "nothing-marked")


def test_an_abandoned_caller_is_called_back(city: City, city_carrier: Phone) -> None:
    """By one code, with the line's own number; the operator takes no other call meanwhile; the list is cleared."""
    with busy_desk(city, city_carrier, "081200000302") as (desk, first):
        waiting = city.dial_and_press(city_carrier, "081200000303", "7")
        city.await_waiting(1)
        waiting.hangup()
        missed = city.await_record("+6281200000303")
        assert "abandoned" == missed["outcome"]
        eventually("the list", lambda: city.app.redis.zscore("siaga112:callbacks", "+6281200000303"))
        first.hangup()
        city.await_available("1001")
        calling = dial(city, desk, "*23")
        calling.wait_tone(TONES["calling-back"])
        back = city_carrier.incoming(10)
        shown = (SipUri.parse(back.invite.uri).user, back.remote_number)
        back.answer()
        converse(back, calling)
        city.await_state("1001", OperatorState.TALKING)
        calling.hangup()
        back.wait_ended()
        eventually("the list cleared", lambda: not city.app.redis.exists("siaga112:callbacks"))
        city.await_available("1001")
        hears(city, desk, "*23", "no-callbacks")
    record = city.await_call_out("+6281200000303")

    assert ("6281200000303", "112") == shown
    assert ("1001", "answered", missed["ticket"]) == (record["operator"], record["outcome"], record["ticket"])
    assert record["ticket"] == recording_of(city, record["id"])["ticket"]


def test_a_call_to_an_agency_is_recorded(city: City, city_carrier: Phone) -> None:
    """It has a record of its own, and is about no ticket."""
    city_carrier.manners = answering()
    with city.phone("1002", answering()) as desk:
        calling = dial(city, desk, AGENCY)
        converse(city_carrier.incoming(10), calling)
        calling.hangup()
        calling.wait_ended()
    record = city.await_call_out(AGENCY)

    assert ("1002", "answered", None) == (record["operator"], record["outcome"], record["ticket"])
    assert record["id"] == recording_of(city, record["id"])["call_id"]


def recording_of(city: City, call_id: object) -> dict[str, object]:
    """A call's recording, once it is linked."""
    app = city.app

    def look() -> dict[str, object] | None:
        with app.store.reading() as session:
            found = list_recordings(session, RecordingFilter())
            views = [view_recording(row, retention(app.settings.recording), "", app.settings.tz) for row in found]
        return next((view.to_json() for view in views if view.call_id == call_id), None)

    return eventually(f"the recording of {call_id}", look)


def test_a_silent_caller_is_put_behind_and_brought_forward_by_a_key(city: City, city_carrier: Phone) -> None:
    """The challenge, the place behind, and the front after any key."""
    with busy_desk(city, city_carrier, "081200000304") as (desk, first):
        silent = city.dial(city_carrier, "081200000305")
        silent.wait_tone(TONES["challenge"], 20)
        loud = city.dial_and_press(city_carrier, "081200000306", "1")
        city.await_waiting(2)
        before = line(city)
        silent.press("5")
        eventually("the front", lambda: line(city) != before)
        first.hangup()
        leg = desk.incoming(20)
        leg.wait_answered()
        converse(silent, leg)
        silent.hangup()
        loud.hangup()
        records = [city.await_record(f"+62812000003{number}") for number in ("05", "06")]

    assert [records[1]["id"], records[0]["id"]] == before
    assert ["answered", "abandoned"] == [record["outcome"] for record in records]


def line(city: City) -> list[str]:
    """The calls in line, next first."""
    return [caller.call_id for caller in city.app.pool.waiting()]


@pytest.mark.parametrize(("number", "speaks", "outcome"), [("307", False, "silent"), ("308", True, "abandoned")])
def test_who_hangs_up_unheard_was_silent(
    city: City, city_carrier: Phone, number: str, speaks: bool, outcome: str
) -> None:
    """Without a key and without a sound; one sound in the whole wait makes it a caller who gave up."""
    with busy_desk(city, city_carrier, "081200000309") as (_desk, first):
        caller = city.dial(city_carrier, f"081200000{number}")
        caller.wait_tone(TONES["challenge"], 20)
        (call_id,) = line(city)
        if speaks:
            caller.play_tone(VOICE_HZ)
            eventually("a sign of life", lambda: city.app.redis.get(f"siaga112:life:{call_id}") == "alive")
        caller.hangup()
        record = eventually(
            "its outcome",
            lambda: next((row for row in city.records(f"+6281200000{number}") if row["outcome"] == outcome), None),
        )
        first.hangup()

    assert record["ticket"]


@pytest.mark.parametrize("number", ["anonymous", "911356938035643809", "000000000000000"])
def test_a_phone_without_a_number_of_its_own(city: City, city_carrier: Phone, number: str) -> None:
    """No caller ID, or the digits that a network puts in its place: answered as everybody, marked without effect."""
    with city.on_duty("1001", answering()) as desk:
        for _ in range(2):
            call, leg = take(city, city_carrier, desk, number)
            converse(call, leg)
            call.hangup()
            leg.wait_ended()
            hears(city, desk, "*21", "marked-prank")
            city.await_available("1001")

    assert [] == [key for key in city.app.redis.keys("siaga112:prank:*") if number in key]


def test_a_caller_led_to_an_agency_is_transferred(city: City, city_carrier: Phone) -> None:
    """After asking; the operator is free again while the two talk, the record tells it."""
    with city.on_duty("1001", answering()) as desk:
        call, leg = take(city, city_carrier, desk, "081200000310", "7")
        leg.press("*41")
        leg.wait_tone(425, 10)
        leg.press(AGENCY)
        agency = city_carrier.incoming(10)
        agency.answer()
        converse(agency, leg)
        leg.hangup()
        converse(call, agency)
        city.await_available("1001")
        call.hangup()
        record = city.await_record("+6281200000310")

    assert ("transferred", "1001") == (record["outcome"], record["operator"])


def test_a_caller_led_to_a_colleague_stays_one_answered_call(city: City, city_carrier: Phone) -> None:
    """The colleague has the call, the first operator is free; no phone ever had two."""
    with city.on_duty("1001", answering()) as desk:
        call, leg = take(city, city_carrier, desk, "081200000311", "7")
        with city.on_duty("1002", answering()) as colleague:
            leg.press("*42")
            leg.wait_tone(425, 10)
            leg.press("1002")
            talk = colleague.incoming(10)
            talk.wait_answered()
            converse(call, talk)
            held = city.await_state("1002", OperatorState.TALKING)
            city.await_available("1001")
            call.hangup()
            record = city.await_record("+6281200000311")
            city.await_available("1002")

    assert (record["id"], "answered") == (held.call_id, record["outcome"])


def test_a_supervisor_listens_and_nobody_else_does(city: City, city_carrier: Phone) -> None:
    """Whoever is no supervisor hears so; the supervisor hears the talk, and that is written down."""
    with busy_desk(city, city_carrier, "081200000312") as (_desk, call):
        with city.phone("1002") as colleague:
            hears(city, colleague, "*331001", "not-allowed")
        with city.phone("1003") as supervisor:
            eventually("1003 reachable", lambda: city.operator("1003").reason == "off_duty")
            listening = dial(city, supervisor, "*311001")
            call.play_tone(VOICE_HZ)
            listening.wait_tone(VOICE_HZ, 10)
            call.hangup()
            listening.wait_ended()
        record = city.await_record("+6281200000312")

    assert [("operator:1003", "listen")] == listenings(city, record["id"])


def listenings(city: City, call_id: str) -> list[tuple[str | None, str | None]]:
    """Who listened to a call, and how."""
    with city.app.store.reading() as session:
        rows = session.scalars(select(CallFactRow.fields).where(CallFactRow.call_id == call_id))
        facts = [CallFact.from_fields(json.loads(fields)) for fields in rows]
    return [(fact.actor, fact.detail) for fact in facts if fact.kind is CallFactKind.LISTENED]
