"""A small city and its reports, for tests about tickets."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tickets.calls.merging import CallContext
from tickets.classification import Catalogue, Classification
from tickets.messages.inbox import InboundMessage
from tickets.messages.parts import Part
from tickets.site import Site
from tickets.ticketing import NewTicket
from tickets.vocabulary import Channel

JAKARTA = ZoneInfo("Asia/Jakarta")
SITE = Site("BWI", JAKARTA)
NOON = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)

FIRE = Classification("kebakaran", "Kebakaran", 1, ("damkar",))
ANIMALS = Classification("binatang", "Gangguan binatang", 2, ("damkar", "bpbd"))
OTHER = Classification("lainnya", "Lainnya", 3, ("kominfo",))
CONTEXT = CallContext(SITE, "112", Catalogue((FIRE, OTHER, ANIMALS)))


def after(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def report(text: str = "Ada kebakaran di pasar", at: datetime = NOON, **changes: object) -> NewTicket:
    """A fire, reported by SMS."""
    values: dict[str, object] = {
        "channel": Channel.SMS,
        "category": "kebakaran",
        "priority": 1,
        "agencies": ("damkar", "bpbd"),
        "reporter": "+628123450099",
        "text": text,
        "at": at,
        "actor": "sms",
    }
    return NewTicket(**(values | changes))  # type: ignore[arg-type]


def sms(key: str = "k1", text: str | None = "Ada kebakaran di pasar", at: datetime = NOON) -> InboundMessage:
    """An SMS as the worker read it."""
    return InboundMessage(
        key=key,
        channel=Channel.SMS,
        modem="telkomsel-1",
        sender="+628123450099",
        recipient="+628113000112",
        text=text,
        at=at,
        pdu="0791",
    )


def part(seq: int, *, total: int = 2, at: datetime = NOON, **changes: object) -> Part:
    """A part of a long SMS; its key tells its number and time."""
    values: dict[str, object] = {
        "key": f"{seq}@{at.isoformat()}",
        "sim": "510101234567890",
        "originator": "+628123450099",
        "reference": 7,
        "reference_bits": 8,
        "total": total,
        "seq": seq,
        "pdu": f"pdu-{seq}",
        "sent_at": at,
        "received_at": at,
    }
    return Part(**(values | changes))  # type: ignore[arg-type]
