"""AML messages on their way: the place goes to the ticket of the sender's call, and the rest is not kept."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from siaga112 import log
from sms_gateway.aml import AmlFix, read_aml
from sms_gateway.arrival import Arrival
from tickets.calls.caller_locations import ACTOR, Positioned, take_location
from tickets.messages.inbox import mark_handled
from tickets.model.message import Message
from tickets.ticketing import Location

_log = log.get(__name__)


def without_place(arrival: Arrival) -> Arrival:
    """What the inbox may keep: of an AML message that it came, neither where the sender was nor which SIM and phone."""
    fix = read_aml(arrival.text)
    return arrival if fix is None else replace(arrival, text=f'A"ML={fix.version or ""}', pdu=None)


def take_place(session: Session, arrival: Arrival, stored: Message, fix: AmlFix) -> None:
    """Settle an AML message: no ticket, no reply, and its place, if it has one, to the call of the same number."""
    mark_handled(stored, None, actor=ACTOR, at=arrival.at)
    found = _positioned(arrival, fix)
    tickets = () if found is None else take_location(session, found, now=datetime.now(UTC))
    _log.info(
        "aml.read",
        sender=arrival.sender.name,
        version=fix.version,
        method=fix.method,
        placed=found is not None,
        ml_ok=fix.ml_ok,
        network=f"{fix.mcc or '?'}-{fix.mnc or '?'}",
        tickets=[ticket.number for ticket in tickets],
    )


def _positioned(arrival: Arrival, fix: AmlFix) -> Positioned | None:
    if fix.lat is None or fix.lon is None or not arrival.sender.is_subscriber:
        return None
    return Positioned(
        number=arrival.sender.name,
        location=Location(fix.lat, fix.lon, fix.radius),
        positioned_at=fix.time or arrival.at,
        received_at=arrival.at,
        method=fix.method,
        confidence=fix.confidence,
    )
