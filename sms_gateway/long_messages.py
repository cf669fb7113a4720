"""Long messages: parts kept until the last is there, given out incomplete when it is not there in time, and completed
when it comes after all."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hardware.modem.pdu import Concat, Message, decode, join
from sms_gateway.arrival import Arrival, Sender, read_sender
from sms_gateway.identity import is_wrong, key_of
from sms_gateway.record import SmsRecord
from tickets.messages.late_parts import add_late_part
from tickets.messages.parts import Part, add_part

GAP = " […] "
"""Stands in a text where a part is missing."""


def add(session: Session, record: SmsRecord, message: Message, concat: Concat, sender: Sender) -> Arrival | None:
    """Keep a part; the whole message if this part completes it."""
    parts = add_part(session, _part(session, record, message, concat, sender))
    return None if parts is None else _arrival(parts, record.at, sender)


def add_late(
    session: Session, record: SmsRecord, message: Message, concat: Concat, sender: Sender
) -> tuple[str, Arrival] | None:
    """A part of a message that was given out without it: the key that the message had, and what it has become."""
    late = add_late_part(session, _part(session, record, message, concat, sender))
    return None if late is None else (_key(late.before), _arrival(late.after, record.at, sender))


def incomplete(parts: Sequence[Part], country: str) -> Arrival:
    """What has come of a message, with its gaps marked."""
    sender = read_sender(decode(parts[0].pdu).address, country)
    return _arrival(parts, min(part.received_at for part in parts), sender)


def _part(session: Session, record: SmsRecord, message: Message, concat: Concat, sender: Sender) -> Part:
    return Part(
        key=key_of(session, record, message),
        sim=record.modem,
        originator=sender.name,
        reference=concat.ref,
        reference_bits=concat.ref_bits,
        total=concat.total,
        seq=concat.seq,
        pdu=record.pdu,
        # With a clock that stands still all parts ever would lie within one window.
        sent_at=record.at if is_wrong(record, message) else message.time or record.at,
        received_at=record.at,
    )


def _arrival(parts: Sequence[Part], at: datetime, sender: Sender) -> Arrival:
    first = parts[0]
    return Arrival(
        key=_key(parts),
        modem=first.sim,
        sender=sender,
        text=_text(parts),
        pdu="\n".join(part.pdu for part in parts),
        at=at,
        sent_at=first.sent_at,
        missing=first.total - len(parts),
    )


def _key(parts: Sequence[Part]) -> str:
    return hashlib.sha256("".join(part.key for part in parts).encode()).hexdigest()


def _text(parts: Sequence[Part]) -> str:
    """Neighbours are joined before they are decoded, since phones cut without a look at what they cut."""
    text = ""
    due = 1
    for run in _runs(parts):
        text += (GAP if run[0].seq != due else "") + join(decode(part.pdu) for part in run)
        due = run[-1].seq + 1
    return text if due > parts[0].total else text + GAP


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    runs: list[list[Part]] = []
    for part in parts:
        if runs and runs[-1][-1].seq + 1 == part.seq:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs
