"""From a post of Twilio's to a ticket and a reply, or to a new state of a message of ours, in one transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from siaga112 import log
from siaga112.settings import Settings
from sms_gateway import twilio
from sms_gateway.complaints import Complaints
from sms_gateway.errors import EarlyReportError, FaultyRecordError
from sms_gateway.failover import send_elsewhere
from sms_gateway.lines import Lines
from sms_gateway.routing import Line
from sms_gateway.twilio.arriving import arrival_of
from sms_gateway.twilio.errors import Verdict, classify
from sms_gateway.twilio.receipts import TwilioReceipt
from sms_gateway.twilio.record import Hook, TwilioRecord
from tickets.classification import Catalogue
from tickets.database.store import Store
from tickets.messages.handover import Receipt, record_receipt
from tickets.messages.inbox import DeadMessage, bury, receive
from tickets.site import Site
from tickets.vocabulary import MessageState

REPORT_PATIENCE = timedelta(minutes=10)
"""A report that fits no message by then is about one that somebody else sent from this account."""

_log = log.get(__name__)


class TwilioIntake:
    """Handles what the web part puts into the stream, for one city."""

    def __init__(self, settings: Settings, site: Site, catalogue: Catalogue, store: Store, lines: Lines) -> None:
        self._country = settings.site.country
        self._complaints = Complaints(settings, site, catalogue)
        self._store = store
        self._lines = lines

    def handle(self, fields: Mapping[str, str]) -> None:
        """Take one stream entry.

        Raises `FaultyRecordError` when it is no post of Twilio's; `EarlyReportError`, `StoreUnavailableError` and
        `UnavailableError`, when nothing was kept and the entry must come again.
        """
        record = TwilioRecord.from_fields(fields)
        if record.hook is Hook.MESSAGE:
            self._message(record)
        else:
            self._status(record)

    def give_up(self, fields: Mapping[str, str], reason: str) -> None:
        """Keep a message that our own code failed on where a person sees it.

        Raises `FaultyRecordError`, `StoreUnavailableError`.
        """
        record = TwilioRecord.from_fields(fields)
        if record.hook is not Hook.MESSAGE:
            raise FaultyRecordError(f"{record.hook}: no message from a citizen")
        arrival = arrival_of(record.form, record.at, self._country)
        dead = DeadMessage(
            key=arrival.key,
            channel=arrival.channel,
            modem=arrival.modem,
            pdu=record.form.encode(),
            reason=reason,
            at=record.at,
            sender=arrival.sender.name or None,
            recipient=arrival.recipient,
            text=arrival.account,
        )
        with self._store.transaction() as session:
            bury(session, dead)

    def _message(self, record: TwilioRecord) -> None:
        arrival = arrival_of(record.form, record.at, self._country)
        with self._store.transaction() as session:
            stored = receive(session, self._complaints.message_of(arrival))
            if stored is None:
                _log.info("twilio.message_repeated", key=arrival.key)
                return
            self._complaints.take(session, arrival, stored)

    def _status(self, record: TwilioRecord) -> None:
        receipt = TwilioReceipt.read(record.form)
        if receipt is None:
            return
        report = Receipt(key=receipt.key, state=receipt.state, at=record.at, error=receipt.error)
        ways = self._other_ways(receipt)
        with self._store.transaction() as session:
            message = record_receipt(session, report)
            if message is None:
                self._unmatched(record, receipt.key)
            elif message.state is MessageState.FAILED:
                _log.warning("twilio.not_delivered", message=message.id, reason=receipt.error)
                send_elsewhere(session, message, ways, f"{twilio.LINE}: {receipt.error}")

    def _other_ways(self, receipt: TwilioReceipt) -> list[Line]:
        refused_here = receipt.code is not None and classify(receipt.code) is Verdict.OTHER_LINE
        return self._lines.sms() if refused_here else []

    def _unmatched(self, record: TwilioRecord, key: str) -> None:
        if datetime.now(UTC) - record.at < REPORT_PATIENCE:
            raise EarlyReportError(f"no message is {key} yet")
        _log.warning("twilio.report_unmatched", key=key)
