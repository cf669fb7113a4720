"""A city without telephones and the messages that come to it, for tests of the gateway."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hardware.modem.pdu import decode, encode_deliver
from siaga112.app import App
from siaga112.settings import Settings
from sms_gateway.intake import Intake
from sms_gateway.record import SmsRecord
from tests.support.configuration import read
from tickets.database.store import Store
from tickets.messages.lookup import MessageFilter, list_messages
from tickets.model.message import Message
from tickets.model.ticket import Ticket
from tickets.ticketing import TicketFilter, list_tickets
from tickets.vocabulary import Direction

MODEM = "telkomsel-1"
CITIZEN = "+628123450099"
SENT = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)

CITY = """
[site]
code = "UJI"
{site}
[[modems]]
name = "telkomsel-1"
port = "/dev/ttyUSB0"
number = "+628113000112"

[[modems]]
name = "indosat-1"
port = "/dev/ttyUSB1"
"""


def city(more: str = "", *, site: str = 'languages = ["id", "en"]') -> Settings:
    """The settings of the city, with what a test adds, and what it says of the site."""
    return read(CITY.format(site=site) + more)


def intake_of(store: Store, settings: Settings) -> Intake:
    """The gateway's reading side on this store."""
    app = App(settings)
    return Intake(settings, app.site, app.catalogue, store)


def pdus(text: str, sender: str = CITIZEN, *, at: datetime = SENT, reference: int = 7) -> list[str]:
    """What the network delivers of a message, a PDU a part."""
    return [part.hex for part in encode_deliver(sender, text, at, reference=reference)]


def fields(pdu: str, *, modem: str = MODEM, after_s: float = 1) -> dict[str, str]:
    """The stream entry of a PDU that came so long after `SENT`."""
    return SmsRecord(modem, pdu, SENT + timedelta(seconds=after_s)).to_fields()


def take(intake: Intake, *given: str, modem: str = MODEM, after_s: float = 1) -> None:
    """Have these PDUs handled, one after the other."""
    for pdu in given:
        intake.handle(fields(pdu, modem=modem, after_s=after_s))


def tickets_of(store: Store) -> Sequence[Ticket]:
    """All tickets, newest first."""
    with store.reading() as session:
        return list_tickets(session, TicketFilter(limit=1000))


def incoming(store: Store) -> Sequence[Message]:
    """All messages that came, newest first."""
    return _messages(store, Direction.IN)


def outgoing(store: Store) -> Sequence[Message]:
    """All messages that wait or went out, newest first."""
    return _messages(store, Direction.OUT)


def text_of(pdu: str) -> str | None:
    """What it says."""
    return decode(pdu).text


def _messages(store: Store, direction: Direction) -> Sequence[Message]:
    with store.reading() as session:
        return list_messages(session, MessageFilter(direction=direction, limit=1000))
