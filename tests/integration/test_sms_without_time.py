"""Messages whose service centre's time stamp is no time: each is heard once, and the same words later are new."""

import pytest
from structlog.testing import capture_logs

from hardware.modem.pdu.timestamp import encode_timestamp
from siaga112.settings import Settings
from sms_gateway.intake import Intake
from tests.support.sms import SENT, city, intake_of, pdus, take, tickets_of
from tickets.database.store import Store

HOUR = 3600
NO_TIME = "00" * 7


@pytest.fixture
def intake(store: Store) -> Intake:
    """A city that joins nothing: each message is a ticket of its own."""
    settings: Settings = city("[sms]\nsame_ticket_minutes = 0\n")
    return intake_of(store, settings)


def timeless(text: str) -> list[str]:
    """What such a centre sends of a message."""
    stamp = encode_timestamp(SENT).hex().upper()
    found = [pdu.upper() for pdu in pdus(text)]
    assert all(pdu.count(stamp) == 1 for pdu in found)
    return [pdu.replace(stamp, NO_TIME) for pdu in found]


@pytest.mark.parametrize("after_s", [1, 59 * 60, HOUR])
def test_again_within_the_hour(intake: Intake, store: Store, after_s: int) -> None:
    """The modem or the stream gives it again: it is the same, on whichever side of the hour."""
    for begins in (0, 30 * 60):
        take(intake, *timeless(f"Banjir {begins}"), after_s=begins)
        take(intake, *timeless(f"Banjir {begins}"), after_s=begins + after_s)

    assert ["Banjir 1800", "Banjir 0"] == [ticket.text for ticket in tickets_of(store)]


@pytest.mark.parametrize("after_s", [3 * HOUR, 21 * 24 * HOUR])
def test_same_words_later(intake: Intake, store: Store, after_s: int) -> None:
    """Hours or weeks later the same sender needs help again."""
    take(intake, *timeless("Banjir"), after_s=1)
    take(intake, *timeless("Banjir"), after_s=after_s)

    assert ["Banjir", "Banjir"] == [ticket.text for ticket in tickets_of(store)]


def test_long_message_later(intake: Intake, store: Store) -> None:
    """Its parts too: each once within the hour, and all of them again weeks later."""
    text = "Air sungai meluap sampai ke atap rumah. " * 6
    for after_s in (0, 60, 21 * 24 * HOUR):
        take(intake, *timeless(text), after_s=after_s)

    assert [text, text] == [ticket.text for ticket in tickets_of(store)]


def test_it_is_said(intake: Intake) -> None:
    """A person can find out which centre does so."""
    with capture_logs() as logs:
        take(intake, *timeless("Banjir"))

    assert [("sms.no_time", NO_TIME)] == [(line["event"], line["stamp"]) for line in logs if "stamp" in line]
