"""Leading a caller on: warm and blind, inside and outside, by key and by the phone; nobody is led into nothing."""

from collections.abc import Iterator

import pytest

from hardware.softphone import Phone, answering
from hardware.softphone.address import SipUri
from tests.support.asterisk_server import MUSIC_HZ, AsteriskServer
from tests.support.ways_out import (
    AGENCY,
    CALLER_HZ,
    NEIGHBOUR,
    NEIGHBOUR_AS_DIALLED,
    OPERATOR_HZ,
    OTHER_HZ,
    ask,
    talk,
    with_ways_out,
)


@pytest.fixture(scope="module")
def asterisk_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskServer]:
    """One Asterisk with an agency and a neighbour."""
    server = with_ways_out(AsteriskServer(tmp_path_factory.mktemp("asterisk")))
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def operator(asterisk: AsteriskServer) -> Iterator[Phone]:
    """The phone of 1001, whose calls these are."""
    with asterisk.phone("1001", answering()) as phone:
        yield phone


def test_asks_a_colleague_and_leads_the_caller_on(asterisk: AsteriskServer, carrier: Phone, operator: Phone) -> None:
    """The caller hears music meanwhile, the two operators each other; then the caller and the colleague do."""
    with asterisk.phone("1002") as colleague, talk(asterisk, carrier, operator) as (call, leg):
        ask(leg, "1002")
        call.wait_tone(MUSIC_HZ)
        asked = colleague.incoming(10)
        shown = asked.remote_number
        asked.answer()
        asked.play_tone(OTHER_HZ)
        leg.wait_tone(OTHER_HZ)
        asked.wait_tone(OPERATOR_HZ)
        heard_meanwhile = call.hears_tone(OTHER_HZ)
        leg.hangup()
        call.wait_tone(OTHER_HZ)
        asked.wait_tone(CALLER_HZ)
        led = asterisk.events.wait("Siaga112Led")

    assert "1001" == shown
    assert not heard_meanwhile
    assert ("1001", "1002") == (led.get("Operator"), led.get("To"))


@pytest.mark.parametrize("dialled", [NEIGHBOUR_AS_DIALLED, NEIGHBOUR.removeprefix("+")])
def test_a_caller_from_another_region_is_led_to_the_neighbour(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone, dialled: str
) -> None:
    """By trunk, with the line's own number, after the operators have talked."""
    with talk(asterisk, carrier, operator) as (call, leg):
        ask(leg, dialled)
        asked = carrier.incoming(10)
        asked.answer()
        asked.play_tone(OTHER_HZ)
        leg.wait_tone(OTHER_HZ)
        asked.wait_tone(OPERATOR_HZ)
        leg.press("*45")
        leg.wait_ended()
        call.wait_tone(OTHER_HZ)
        asked.wait_tone(CALLER_HZ)

    assert (NEIGHBOUR.removeprefix("+"), "112") == (SipUri.parse(asked.invite.uri).user, asked.remote_number)


def test_a_conference_with_the_agency(asterisk: AsteriskServer, carrier: Phone, operator: Phone) -> None:
    """All three hear each other; when the operator leaves, the two others go on."""
    with talk(asterisk, carrier, operator) as (call, leg):
        ask(leg, AGENCY)
        agency = carrier.incoming(10)
        agency.answer()
        agency.wait_tone(OPERATOR_HZ)
        leg.press("*43")
        agency.play_tone(OTHER_HZ)
        call.silence()
        leg.silence()
        call.wait_tone(OTHER_HZ)
        leg.wait_tone(OTHER_HZ)
        agency.silence()
        call.play_tone(CALLER_HZ)
        agency.wait_tone(CALLER_HZ)
        leg.wait_tone(CALLER_HZ)
        call.silence()
        leg.play_tone(OPERATOR_HZ)
        agency.wait_tone(OPERATOR_HZ)
        call.wait_tone(OPERATOR_HZ)
        leg.hangup()
        agency.play_tone(OTHER_HZ)
        call.wait_tone(OTHER_HZ)
        led = asterisk.events.wait("Siaga112Led")
        call.hangup()
        agency.wait_ended()

    assert ("1001", AGENCY) == (led.get("Operator"), led.get("To"))
    assert AGENCY == asterisk.call_record(led.get("CallID")).led_to


def test_who_does_not_answer_leaves_the_caller_with_the_operator(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone
) -> None:
    """After the ringing, or as soon as the operator takes it back."""
    with asterisk.phone("1002") as colleague, talk(asterisk, carrier, operator) as (call, leg):
        ask(leg, "1002")
        colleague.incoming(10).wait_ended(15)
        leg.wait_tone(CALLER_HZ, 10)
        ask(leg, "1002")
        asked = colleague.incoming(10)
        leg.press("*44")
        asked.wait_ended()
        leg.wait_tone(CALLER_HZ, 10)
        call.wait_tone(OPERATOR_HZ)


def test_a_phone_that_is_busy_or_off_leaves_the_caller_with_the_operator(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone
) -> None:
    """At once."""
    with talk(asterisk, carrier, operator) as (call, leg):
        ask(leg, "1002")
        leg.wait_tone(CALLER_HZ, 10)
        call.wait_tone(OPERATOR_HZ)


def test_an_operator_who_hangs_up_while_it_rings_leaves_the_caller_to_a_human(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone
) -> None:
    """Answered there: the caller is led on. Not answered: the next human, as after any operator who is gone."""
    with asterisk.phone("1002") as colleague, asterisk.phone("1003") as third:
        with talk(asterisk, carrier, operator) as (call, leg):
            ask(leg, "1002")
            asked = colleague.incoming(10)
            leg.hangup()
            asked.answer()
            asked.play_tone(OTHER_HZ)
            call.wait_tone(OTHER_HZ)
            led = asterisk.events.wait("Siaga112Led")
        with talk(asterisk, carrier, operator) as (call, leg):
            operator.manners = answering(60)
            ask(leg, "1002")
            colleague.incoming(10)
            leg.hangup()
            again = operator.incoming(20)
            again.answer()
            again.play_tone(OPERATOR_HZ)
            call.wait_tone(OPERATOR_HZ)

        assert () == third.calls
    assert ("1001", "1002") == (led.get("Operator"), led.get("To"))


@pytest.mark.parametrize("by", ["key", "phone"])
def test_blind_transfer(asterisk: AsteriskServer, carrier: Phone, operator: Phone, by: str) -> None:
    """The operator is free at once; the caller hears music, then the colleague."""
    with asterisk.phone("1002") as colleague, talk(asterisk, carrier, operator) as (call, leg):
        if by == "key":
            ask(leg, "1002", "*42")
        else:
            assert 202 == leg.refer("1002")
            leg.hangup()  # as RFC 5589 section 6.1 has the phone do
        rings = colleague.incoming(10)
        leg.wait_ended()
        call.wait_tone(MUSIC_HZ)
        rings.answer()
        rings.play_tone(OTHER_HZ)
        call.wait_tone(OTHER_HZ)
        rings.wait_tone(CALLER_HZ)
        led = asterisk.events.wait("Siaga112Led")

    assert ("1001", "1002") == (led.get("Operator"), led.get("To"))
    assert "1002" == asterisk.call_record(led.get("CallID")).led_to


@pytest.mark.parametrize("target", ["1002", AGENCY])
def test_a_blind_transfer_that_nobody_answers_comes_back(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone, target: str
) -> None:
    """To the operator who did it: no answer inside, refused outside."""
    with asterisk.phone("1002"), talk(asterisk, carrier, operator) as (call, leg):
        leg.refer(target)
        if target == AGENCY:
            carrier.incoming(10).refuse(486)
        back = operator.incoming(15)
        back.wait_answered()
        back.play_tone(OPERATOR_HZ)
        call.wait_tone(OPERATOR_HZ)
        back.wait_tone(CALLER_HZ)


def test_a_blind_transfer_whose_phone_drops_comes_back(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone
) -> None:
    """A colleague's phone that answers and is gone at once has spoken with nobody."""
    with asterisk.phone("1002") as colleague, talk(asterisk, carrier, operator) as (call, leg):
        leg.refer("1002")
        dropped = colleague.incoming(10)
        dropped.answer()
        dropped.wait_answered()
        dropped.hangup()
        back = operator.incoming(15)
        back.play_tone(OPERATOR_HZ)
        call.wait_tone(OPERATOR_HZ)
        back.wait_tone(CALLER_HZ)


def test_a_blind_transfer_whose_operator_is_gone_too_goes_to_the_next_human(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone
) -> None:
    """The fallback takes the caller."""
    with asterisk.phone("1002") as colleague, talk(asterisk, carrier, operator) as (call, leg):
        ask(leg, "1002", "*42")
        first = colleague.incoming(10)
        operator.unregister()
        first.wait_ended(15)
        second = colleague.incoming(20)
        second.answer()
        second.play_tone(OTHER_HZ)
        call.wait_tone(OTHER_HZ)


def test_hold(asterisk: AsteriskServer, carrier: Phone, operator: Phone) -> None:
    """By the phone's own key: the caller hears music and not the operator, until the call is taken back."""
    with talk(asterisk, carrier, operator) as (call, leg):
        leg.hold()
        call.wait_tone(MUSIC_HZ)
        leg.resume()
        call.wait_tone(OPERATOR_HZ)
        leg.wait_tone(CALLER_HZ)


def test_the_phone_asks_by_a_second_call_and_leads_on(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone
) -> None:
    """Hold, a call of the phone's own to the agency, and SIP's transfer of the one into the other (RFC 3891)."""
    with talk(asterisk, carrier, operator) as (call, leg):
        leg.hold()
        call.wait_tone(MUSIC_HZ)
        second = asterisk.dial(operator, AGENCY, number="1001")
        agency = carrier.incoming(10)
        agency.answer()
        agency.play_tone(OTHER_HZ)
        second.wait_tone(OTHER_HZ)
        status = leg.refer(AGENCY, to=second)
        call.wait_tone(OTHER_HZ)
        agency.wait_tone(CALLER_HZ)
        event = asterisk.events.wait("AttendedTransfer")

    assert 200 == status
    assert AGENCY == event.get("SecondTransfererExten")


@pytest.mark.parametrize("target", ["1002", AGENCY])
def test_a_phone_that_leads_on_while_it_rings_gets_the_caller_back(
    asterisk: AsteriskServer, carrier: Phone, operator: Phone, target: str
) -> None:
    """The same transfer before anybody answered there, and nobody does: the caller is not lost with the second call."""
    with asterisk.phone("1002") as colleague, talk(asterisk, carrier, operator) as (call, leg):
        leg.hold()
        call.wait_tone(MUSIC_HZ)
        second = asterisk.dial(operator, target, number="1001")
        asked = (carrier if target == AGENCY else colleague).incoming(10)
        second.wait_ringing()
        status = leg.refer(target, to=second)
        leg.hangup()
        second.wait_ended(10)
        asked.refuse(486)
        back = operator.incoming(15)
        back.play_tone(OPERATOR_HZ)
        call.wait_tone(OPERATOR_HZ)
        back.wait_tone(CALLER_HZ)
        call.hangup()
        record = asterisk.call_record(asterisk.events.wait("Siaga112Ended").get("CallID"))

    assert 200 == status
    assert ("1001", False) == (record.operator, record.answered_at is None)


def test_a_caller_leads_nobody_on(asterisk: AsteriskServer, carrier: Phone, operator: Phone) -> None:
    """Neither by keys nor by SIP."""
    with asterisk.phone("1002") as colleague, talk(asterisk, carrier, operator) as (call, leg):
        call.press("*421002")
        call.press("*411002")
        leg.wait_keys("*421002*411002")
        refused = call.refer("1002")
        leg.wait_tone(CALLER_HZ)

        assert () == colleague.calls
    assert 400 <= refused < 700
