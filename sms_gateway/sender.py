"""What one modem sends: the messages that the database holds for it, one after the other."""

import time
from datetime import UTC, datetime, timedelta

from hardware.modem.driver import Modem
from hardware.modem.errors import Decision, ModemError, RefusedError
from hardware.modem.pdu import UnencodableError, encode_submit
from siaga112 import log
from sms_gateway.pace import Pace
from tickets.outbox import claim_outgoing, mark_failed, mark_sent, requeue_stale
from tickets.store import Store

FIRST_RETRY = timedelta(seconds=30)
ATTEMPTS = 6
"""With the pause doubled each time, the last attempt comes after a quarter of an hour."""

_log = log.get(__name__)


class Sender:
    """Sends by one modem at the pace its SIM allows."""

    def __init__(self, name: str, modem: Modem, store: Store, *, per_minute: int, validity: timedelta) -> None:
        self._name = name
        self._modem = modem
        self._store = store
        self._pace = Pace(per_minute)
        self._validity = validity
        self._recovered = False

    def send_next(self) -> bool:
        """Send the next message that is due; False when there is none, or the SIM must rest.

        Raises `StoreUnavailableError`; a modem's trouble is written to the message instead.
        """
        if not self._pace.allows(time.monotonic()):
            return False
        with self._store.transaction() as session:
            if not self._recovered:
                requeue_stale(session, self._name)
            message = claim_outgoing(session, self._name, datetime.now(UTC))
        self._recovered = True
        if message is None:
            return False
        self._send(message.id, message.recipient or "", message.text or "", message.attempts)
        return True

    def _send(self, message_id: int, to: str, text: str, attempts: int) -> None:
        references = []
        try:
            for part in encode_submit(
                to, text, reference=message_id % 256, validity=self._validity, status_report=True
            ):
                references.append(self._modem.send(part.hex, part.tpdu_length))
                self._pace.note(time.monotonic())
        except UnencodableError as error:
            self._failed(message_id, str(error), None)
        except ModemError as error:
            self._failed(message_id, str(error), self._retry_at(error, attempts))
        else:
            # A modem that names no reference cannot be matched with a report; the message counts as sent all the same.
            known = [reference for reference in references if reference >= 0]
            with self._store.transaction() as session:
                mark_sent(session, message_id, known, at=datetime.now(UTC))
            _log.info("sms_sent", modem=self._name, message=message_id, parts=len(references), to=to)

    def _retry_at(self, error: ModemError, attempts: int) -> datetime | None:
        if attempts >= ATTEMPTS or (isinstance(error, RefusedError) and error.decision is Decision.GIVE_UP):
            return None
        doubled: int = 2 ** (attempts - 1)
        return datetime.now(UTC) + FIRST_RETRY * doubled

    def _failed(self, message_id: int, reason: str, retry_at: datetime | None) -> None:
        _log.warning("sms_not_sent", modem=self._name, message=message_id, reason=reason, again=retry_at is not None)
        with self._store.transaction() as session:
            mark_failed(session, message_id, reason, retry_at=retry_at)
