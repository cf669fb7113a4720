"""What one modem sends: the messages that the database holds for it, one after the other."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from hardware.modem.driver import Modem
from hardware.modem.errors import Decision, ModemError, RefusedError
from hardware.modem.pdu import UnencodableError, encode_submit
from siaga112 import log
from sms_gateway.pace import Pace
from sms_gateway.routing import DETOUR_AT
from tickets.database.store import Store
from tickets.errors import UnknownMessageError
from tickets.messages.outbox import (
    claim_outgoing,
    mark_failed,
    mark_sent,
    outgoing_due,
    requeue_stale,
    wanted_since,
)
from tickets.model.message import Message

FIRST_RETRY = timedelta(seconds=30)
ATTEMPTS = 6
"""With the pause doubled each time, the last attempt comes after a quarter of an hour."""

_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class _Sent:
    """The modem took all parts; `references` are those that it told."""

    message_id: int
    references: Sequence[int]
    at: datetime

    def write(self, session: Session) -> None:
        mark_sent(session, self.message_id, self.references, at=self.at)


@dataclass(frozen=True, slots=True)
class _Failed:
    """It did not go out; `retry_at` None: it never will. `elsewhere`: this SIM cannot send it, another one may."""

    message_id: int
    reason: str
    retry_at: datetime | None
    elsewhere: bool

    def write(self, session: Session) -> None:
        message = mark_failed(session, self.message_id, self.reason, retry_at=self.retry_at)
        if self.elsewhere:
            # Another line need not wait for it to fail again; where there is none it is tried here all the same.
            message.attempts = max(message.attempts, DETOUR_AT)


class Sender:
    """Sends by one modem at the pace its SIM allows."""

    def __init__(self, name: str, modem: Modem, store: Store, *, per_minute: int, validity: timedelta) -> None:
        self._name = name
        self._modem = modem
        self._store = store
        self._pace = Pace(per_minute)
        self._validity = validity
        self._recovered = False
        self._unwritten: _Sent | _Failed | None = None

    def send_next(self) -> bool:
        """Send the next message that is due; False when there is none, or the SIM must rest.

        Raises `StoreUnavailableError`; a modem's trouble is written to the message instead.
        """
        self._write_outcome()
        if not self._pace.allows(time.monotonic()):
            return False
        message = self._claim()
        if message is None:
            return False
        self._unwritten = self._send(message)
        self._write_outcome()
        return True

    def _claim(self) -> Message | None:
        now = datetime.now(UTC)
        if self._recovered:
            with self._store.reading() as session:
                if not outgoing_due(session, self._name, now):
                    return None
        with self._store.transaction() as session:
            if not self._recovered:
                requeue_stale(session, self._name)
            message = claim_outgoing(session, self._name, now)
        self._recovered = True
        return message

    def _send(self, message: Message) -> _Sent | _Failed:
        if datetime.now(UTC) - wanted_since(message) > self._validity:
            # What it says of a ticket is no longer so, and the sender has called or gone elsewhere.
            return self._failed(message, "not sent within its validity", None)
        references = []
        try:
            for part in encode_submit(
                message.recipient or "",
                message.text or "",
                reference=message.id % 256,
                validity=self._validity,
                status_report=True,
            ):
                references.append(self._modem.send(part.hex, part.tpdu_length))
                self._pace.note(time.monotonic())
        except UnencodableError as error:
            return self._failed(message, str(error), None)
        except ModemError as error:
            # A port that is gone or a modem that is silent mostly comes back: what decides is what the network says.
            elsewhere = isinstance(error, RefusedError) and error.decision is Decision.OTHER_MODEM
            retry_at = _retry_at(error, message.attempts)
            return self._failed(message, str(error), retry_at, elsewhere=elsewhere)
        _log.info("sms.sent", modem=self._name, message=message.id, parts=len(references), to=message.recipient)
        # A modem that names no reference cannot be matched with a report; the message counts as sent all the same.
        return _Sent(message.id, [reference for reference in references if reference >= 0], datetime.now(UTC))

    def _failed(self, message: Message, reason: str, retry_at: datetime | None, *, elsewhere: bool = False) -> _Failed:
        _log.warning("sms.not_sent", modem=self._name, message=message.id, reason=reason, again=retry_at is not None)
        return _Failed(message.id, reason, retry_at, elsewhere)

    def _write_outcome(self) -> None:
        """Written before anything else is claimed: else a database that is away would have the message sent again."""
        if self._unwritten is None:
            return
        try:
            with self._store.transaction() as session:
                self._unwritten.write(session)
        except UnknownMessageError as error:
            _log.error("sms.outcome_unwanted", modem=self._name, message=self._unwritten.message_id, reason=str(error))
        self._unwritten = None


def _retry_at(error: ModemError, attempts: int) -> datetime | None:
    if attempts >= ATTEMPTS or (isinstance(error, RefusedError) and error.decision is Decision.GIVE_UP):
        return None
    doubled: int = 2 ** (attempts - 1)
    return datetime.now(UTC) + FIRST_RETRY * doubled
