"""From a raw PDU to a ticket and a reply, in one transaction.

Whatever comes twice (the network, the modem or the stream delivers again) finds its key in the database and changes
nothing. What cannot be read is kept as a dead message with its raw PDU and the reason.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hardware.modem.pdu import Message, MessageType, decode, fingerprint, join
from siaga112 import log, phone
from siaga112.settings import Settings
from sms_gateway.classifier import Classifier
from sms_gateway.record import SmsRecord
from sms_gateway.replies import Replies
from tickets.classification import Catalogue
from tickets.inbox import DeadMessage, InboundMessage, bury, mark_handled, receive
from tickets.model_message import Message as StoredMessage
from tickets.model_ticket import Ticket
from tickets.outbox import OutgoingMessage, queue_outgoing
from tickets.parts import Part, add_part
from tickets.reports import StatusReport, record_report
from tickets.site import Site
from tickets.store import Store
from tickets.ticketing import NewTicket, open_ticket
from tickets.vocabulary import Channel

ACTOR = "sms"

_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A whole message: what a long one's parts say together."""

    key: str
    sender: str | None
    text: str
    pdu: str
    sent_at: datetime | None


class Intake:
    """Handles what the modems put into the stream, for one city."""

    def __init__(self, settings: Settings, site: Site, catalogue: Catalogue, store: Store) -> None:
        self._settings = settings
        self._site = site
        self._catalogue = catalogue
        self._store = store
        self._classifier = Classifier(settings.categories)
        self._replies = Replies(settings)
        self._own_numbers = {self._normal(modem.number) for modem in settings.modems if modem.number}
        self._blocked = {self._normal(number) for number in settings.sms.blocked}

    def handle(self, fields: Mapping[str, str]) -> None:
        """Take one stream entry.

        Raises `FaultyRecordError` when it is no stored SMS, `StoreUnavailableError` when the database is away: then
        nothing was kept and the entry must come again.
        """
        record = SmsRecord.from_fields(fields)
        message = decode(record.pdu)
        with self._store.transaction() as session:
            if message.type is MessageType.STATUS_REPORT:
                self._report(session, record, message)
            elif message.type is MessageType.DELIVER and message.text is not None:
                self._deliver(session, record, message)
            else:
                self._bury(session, record, message)

    def _report(self, session: Session, record: SmsRecord, message: Message) -> None:
        report = StatusReport(
            modem=record.modem,
            reference=message.reference or 0,
            recipient=self._normal(message.number or ""),
            status=message.status or 0,
            at=record.at,
        )
        if record_report(session, report) is None:
            _log.warning("status_report_unmatched", modem=record.modem, reference=report.reference)

    def _bury(self, session: Session, record: SmsRecord, message: Message) -> None:
        reason = "; ".join(message.errors) or "data, no text: nothing here reads it"
        dead = DeadMessage(
            key=fingerprint(message, record.sim),
            channel=Channel.SMS,
            modem=record.modem,
            pdu=record.pdu,
            reason=reason,
            at=record.at,
            sender=message.number,
        )
        if bury(session, dead) is not None:
            _log.error("sms_dead", modem=record.modem, reason=reason)

    def _deliver(self, session: Session, record: SmsRecord, message: Message) -> None:
        arrival = self._whole(session, record, message)
        if arrival is None:
            return
        stored = receive(
            session,
            InboundMessage(
                key=arrival.key,
                channel=Channel.SMS,
                modem=record.modem,
                sender=arrival.sender,
                recipient=self._own_number(record.modem),
                text=arrival.text,
                at=record.at,
                sent_at=arrival.sent_at,
                pdu=arrival.pdu,
            ),
        )
        if stored is None:
            _log.info("sms_repeated", modem=record.modem)
            return
        if arrival.sender in self._blocked:
            mark_handled(stored, None, actor=ACTOR, at=record.at)
            return
        ticket = self._open(session, stored, arrival)
        mark_handled(stored, ticket, actor=ACTOR, at=record.at)
        self._reply(session, stored, ticket, record)
        _log.info("sms_ticket", ticket=ticket.number, category=ticket.category, sender=arrival.sender)

    def _whole(self, session: Session, record: SmsRecord, message: Message) -> _Arrival | None:
        """The message if it is whole, or becomes so by this part; None while parts are missing."""
        key = fingerprint(message, record.sim)
        sender = self._normal(message.number) if message.number else None
        if message.concat is None:
            return _Arrival(key, sender, message.text or "", record.pdu, message.time)
        parts = add_part(
            session,
            Part(
                key=key,
                sim=record.sim,
                originator=sender or "",
                reference=message.concat.ref,
                reference_bits=message.concat.ref_bits,
                total=message.concat.total,
                seq=message.concat.seq,
                pdu=record.pdu,
                sent_at=message.time or record.at,
                received_at=record.at,
            ),
        )
        if parts is None:
            return None
        whole_key = hashlib.sha256("".join(part.key for part in parts).encode()).hexdigest()
        text = join(decode(part.pdu) for part in parts)
        return _Arrival(whole_key, sender, text, "\n".join(part.pdu for part in parts), parts[0].sent_at)

    def _open(self, session: Session, stored: StoredMessage, arrival: _Arrival) -> Ticket:
        verdict = self._classifier.classify(arrival.text)
        category = self._catalogue.find(verdict.category) or self._catalogue.unclassified()
        return open_ticket(
            session,
            self._site,
            NewTicket(
                channel=Channel.SMS,
                category=category.category,
                priority=category.priority,
                agencies=category.agencies,
                text=arrival.text,
                at=stored.created_at,
                actor=ACTOR,
                reporter=arrival.sender,
                language=self._settings.site.languages[0].value,
            ),
        )

    def _reply(self, session: Session, stored: StoredMessage, ticket: Ticket, record: SmsRecord) -> None:
        sender = stored.sender or ""
        # A name or a short code cannot be answered, and one of our own numbers would answer back for ever.
        if not phone.is_subscriber(sender, self._settings.site.country) or sender in self._own_numbers:
            return
        language = ticket.language or self._settings.site.languages[0].value
        text = self._replies.received(ticket=ticket.number, category=ticket.category, language=language)
        queue_outgoing(
            session,
            OutgoingMessage(
                modem=record.modem,
                to=sender,
                text=text,
                at=record.at,
                ticket=ticket,
                in_reply_to=stored,
                priority=ticket.priority,
            ),
        )

    def _normal(self, number: str) -> str:
        return phone.normalise(number, self._settings.site.country)

    def _own_number(self, modem: str) -> str | None:
        found = self._settings.modem(modem)
        return found.number or None if found else None
