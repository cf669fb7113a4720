"""Messages whose service centre tells no time, or a wrong one: heard once, and the same words later are new."""

from datetime import timedelta

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


@pytest.mark.parametrize("away", [timedelta(days=-8000), timedelta(days=-3), timedelta(days=365)])
def test_clock_that_stands_still(intake: Intake, store: Store, away: timedelta) -> None:
    """Every message has the same wrong time: each is heard once, and the same words weeks later again."""
    stuck = pdus("Banjir", at=SENT + away)
    for after_s in (1, 60, 21 * 24 * HOUR, 21 * 24 * HOUR + 60):
        take(intake, *stuck, after_s=after_s)

    assert ["Banjir", "Banjir"] == [ticket.text for ticket in tickets_of(store)]


@pytest.mark.parametrize("text", ["Banjir", "Air sungai meluap sampai ke atap rumah. " * 6], ids=["short", "long"])
@pytest.mark.parametrize("stopped_h", [1, 47])
def test_clock_that_stopped_lately(intake: Intake, store: Store, text: str, stopped_h: int) -> None:
    """Words that came while its time was plausible yet: two days long the same, weeks later new, and heard once."""
    for after_h in (0, 1, 2, 21 * 24, 21 * 24 + 1):
        take(intake, *pdus(text), after_s=(stopped_h + after_h) * HOUR)

    assert [text, text] == [ticket.text for ticket in tickets_of(store)]


def test_parts_by_a_clock_that_stands_still(intake: Intake, store: Store) -> None:
    """Two messages of the same reference, days apart, of which each lost a part: none of one completes the other."""
    text = "Air sungai meluap sampai ke atap rumah. " * 6
    stuck = SENT - timedelta(days=8000)
    first, second = pdus(text, at=stuck), pdus(text.upper(), at=stuck)
    take(intake, first[0], after_s=1)
    take(intake, second[1], after_s=5 * 24 * HOUR)

    assert [] == list(tickets_of(store))
    take(intake, second[0], after_s=5 * 24 * HOUR + 60)
    assert [text.upper()] == [ticket.text for ticket in tickets_of(store)]


def test_message_that_a_modem_does_not_let_go(intake: Intake, store: Store) -> None:
    """It came when its time was right; listed again after weeks it is the same."""
    for after_s in (1, 21 * 24 * HOUR, 22 * 24 * HOUR):
        take(intake, *pdus("Banjir"), after_s=after_s)

    assert ["Banjir"] == [ticket.text for ticket in tickets_of(store)]


@pytest.mark.parametrize("zone_h", [-14, 14, 26])
def test_wrong_time_zone(intake: Intake, store: Store, zone_h: int) -> None:
    """A time that is only hours off tells messages apart as ever: what is given again much later is the same."""
    for after_s in (1, 5 * HOUR):
        take(intake, *pdus("Banjir", at=SENT + timedelta(hours=zone_h)), after_s=after_s)

    assert ["Banjir"] == [ticket.text for ticket in tickets_of(store)]
