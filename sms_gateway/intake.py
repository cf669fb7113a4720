"""From a raw PDU to a ticket and a reply, in one transaction.

Whatever comes twice (the network, the modem or the stream delivers again) finds its key in the database and changes
nothing. What cannot be read is kept as a dead message with its raw PDU and the reason.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from hardware.modem.pdu import Message, MessageType, decode
from siaga112 import log, phone
from siaga112.settings import Settings
from sms_gateway import long_messages
from sms_gateway.arrival import Arrival, read_sender
from sms_gateway.complaints import ACTOR, Complaints
from sms_gateway.errors import EarlyReportError
from sms_gateway.identity import is_wrong, key_of, lacks_time
from sms_gateway.received import unreadable, whole_message
from sms_gateway.record import SmsRecord
from tickets.calls.caller_locations import forget_locations
from tickets.classification import Catalogue
from tickets.database.store import Store
from tickets.messages.inbox import DeadMessage, bury, complete, receive
from tickets.messages.parts import take_incomplete, waiting_parts
from tickets.messages.reports import StatusReport, record_report
from tickets.site import Site
from tickets.vocabulary import Channel

REPORT_PATIENCE = timedelta(minutes=1)
"""A status report that fits no message by then is about one that somebody else sent by this SIM."""

_log = log.get(__name__)


class Intake:
    """Handles what the modems put into the stream, for one city."""

    def __init__(self, settings: Settings, site: Site, catalogue: Catalogue, store: Store) -> None:
        self._country = settings.site.country
        self._part_wait = timedelta(seconds=settings.sms.multipart_wait_seconds)
        self._complaints = Complaints(settings, site, catalogue)
        self._store = store

    def handle(self, fields: Mapping[str, str]) -> None:
        """Take one stream entry.

        Raises `FaultyRecordError` when it is no stored SMS; `EarlyReportError` and `StoreUnavailableError`, when
        nothing was kept and the entry must come again.
        """
        record = SmsRecord.from_fields(fields)
        message = decode(record.pdu)
        with self._store.transaction() as session:
            if message.type is MessageType.STATUS_REPORT:
                self._report(session, record, message)
            elif reason := unreadable(message):
                self._bury(session, record, message, reason)
            else:
                self._deliver(session, record, message)

    def give_up(self, fields: Mapping[str, str], reason: str) -> None:
        """Keep an entry that our own code failed on as a dead message, which a person sees and can have tried again.

        Raises `FaultyRecordError`, `StoreUnavailableError`.
        """
        record = SmsRecord.from_fields(fields)
        with self._store.transaction() as session:
            self._bury(session, record, decode(record.pdu), reason)

    def take_incomplete(self) -> None:
        """Make tickets of long messages whose missing parts have not come in time; raises `StoreUnavailableError`."""
        with self._store.reading() as session:
            if not waiting_parts(session):
                return
        now = datetime.now(UTC)
        with self._store.transaction() as session:
            for parts in take_incomplete(session, received_before=now - self._part_wait, now=now):
                _log.warning("sms.incomplete", modem=parts[0].sim, parts=len(parts), total=parts[0].total)
                self._take(session, long_messages.incomplete(parts, self._country))

    def forget_locations(self) -> None:
        """Delete callers' places that are of no use any more; raises `StoreUnavailableError`."""
        with self._store.transaction() as session:
            if count := forget_locations(session, now=datetime.now(UTC)):
                _log.info("locations.forgotten", count=count)

    def _report(self, session: Session, record: SmsRecord, message: Message) -> None:
        report = StatusReport(
            modem=record.modem,
            reference=message.reference or 0,
            recipient=phone.normalise(message.number or "", self._country),
            status=message.status or 0,
            at=record.at,
        )
        if record_report(session, report) is not None:
            return
        if datetime.now(UTC) - record.at < REPORT_PATIENCE:
            raise EarlyReportError(f"no message of {record.modem} has the reference {report.reference} yet")
        _log.warning("report.unmatched", modem=record.modem, reference=report.reference)

    def _bury(self, session: Session, record: SmsRecord, message: Message, reason: str) -> None:
        dead = DeadMessage(
            key=key_of(session, record, message),
            channel=Channel.SMS,
            modem=record.modem,
            pdu=record.pdu,
            reason=reason,
            at=record.at,
            sender=message.number,
            text=message.text,
        )
        if bury(session, dead) is not None:
            _log.error("sms.dead", modem=record.modem, reason=reason)

    def _deliver(self, session: Session, record: SmsRecord, message: Message) -> None:
        if lacks_time(message) or is_wrong(record, message):
            _log.warning("sms.no_time", modem=record.modem, stamp=message.timestamp.hex().upper())
        sender = read_sender(message.address, self._country)
        if message.concat is not None:
            late = long_messages.add_late(session, record, message, message.concat, sender)
            if late is not None:
                key, whole = late
                complete(session, key, self._complaints.message_of(whole), actor=ACTOR, error=whole.shortfall)
                return
        arrival = whole_message(session, record, message, sender)
        if arrival is not None:
            self._take(session, arrival)

    def _take(self, session: Session, arrival: Arrival) -> None:
        stored = receive(session, self._complaints.message_of(arrival))
        if stored is None:
            _log.info("sms.repeated", modem=arrival.modem)
            return
        self._complaints.take(session, arrival, stored)
