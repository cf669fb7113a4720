"""What leaves by Twilio: the messages that the database holds for it, one after the other.

At least once, and no more than once so far as can be known: what Twilio has acknowledged is written down before
anything else is done, and where an answer was lost, or this process died, Twilio is asked what it has before the
message is created again.
"""

from datetime import UTC, datetime, timedelta

from redis_queue.errors import QueueError
from siaga112 import log
from siaga112.settings import Settings
from sms_gateway import twilio
from sms_gateway.lines import Lines
from sms_gateway.twilio.api import Submission, TwilioApi
from sms_gateway.twilio.errors import TwilioError, Verdict
from sms_gateway.twilio.message import KEY
from sms_gateway.twilio.outcomes import Later, Outcome, Refused, Taken
from sms_gateway.twilio.submission import Submissions
from tickets.database.store import Store
from tickets.errors import StoreUnavailableError, UnknownMessageError
from tickets.messages.handover import in_hand, known_keys
from tickets.messages.outbox import claim_outgoing, outgoing_due, requeue_stale
from tickets.model.message import Message

FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(minutes=10)
MOST_ATTEMPTS = 6
"""A message that has failed so often, by whatever line, is offered to no other line any more."""

CLOCKS_APART = timedelta(minutes=5)
"""So far Twilio's clock may be behind ours."""

NEWEST = 20
"""Messages to one recipient among which a lost one is looked for."""

_log = log.get(__name__)


class TwilioSender:
    """Sends by one account. Not for several threads."""

    def __init__(self, settings: Settings, api: TwilioApi, store: Store, lines: Lines) -> None:
        self._submissions = Submissions(settings)
        self._validity = timedelta(hours=settings.sms.validity_hours)
        self._api = api
        self._store = store
        self._lines = lines
        self._recovered = False
        self._doubtful: set[int] = set()
        self._unwritten: Outcome | None = None

    def send_next(self) -> bool:
        """Send the next message that is due; False when there is none.

        Raises `StoreUnavailableError`, and `TwilioError` when nothing passes now: the message then waits.
        """
        self._write_outcome()
        message = self._claim()
        if message is None:
            return False
        trouble = None
        try:
            self._unwritten = self._send(message)
        except TwilioError as error:
            trouble = error
            self._unwritten = self._wait(message, error)
        except (StoreUnavailableError, QueueError) as error:
            self._unwritten = Later(message.id, str(error), None)
        self._write_outcome()
        if trouble is not None:
            raise trouble
        return True

    def _claim(self) -> Message | None:
        now = datetime.now(UTC)
        if self._recovered:
            with self._store.reading() as session:
                if not outgoing_due(session, twilio.LINE, now):
                    return None
        with self._store.transaction() as session:
            if not self._recovered:
                self._doubtful |= in_hand(session, twilio.LINE)
                requeue_stale(session, twilio.LINE)
            message = claim_outgoing(session, twilio.LINE, now)
        self._recovered = True
        return message

    def _send(self, message: Message) -> Outcome:
        try:
            submission = self._submissions.of(message)
            sid = self._lost(message, submission) or self._api.create(submission)
        except TwilioError as error:
            if error.verdict in {Verdict.RETRY, Verdict.ACCOUNT}:
                raise
            return self._refused(message, error)
        self._doubtful.discard(message.id)
        _log.info("twilio.sent", message=message.id, channel=message.channel.value, to=message.recipient, sid=sid)
        return Taken(message.id, KEY + sid, datetime.now(UTC))

    def _lost(self, message: Message, submission: Submission) -> str | None:
        """The SID of this message, if an earlier attempt came through after all."""
        if message.id not in self._doubtful:
            return None
        since = message.created_at - CLOCKS_APART
        sids = [
            remote.sid
            for remote in self._api.sent(to=submission.to, sender=submission.sender, limit=NEWEST)
            if remote.text == submission.text and (remote.created_at is None or remote.created_at >= since)
        ]
        with self._store.reading() as session:
            known = known_keys(session, (KEY + sid for sid in sids))
        return next((sid for sid in sids if KEY + sid not in known), None)

    def _refused(self, message: Message, error: TwilioError) -> Refused:
        elsewhere = error.verdict is Verdict.OTHER_LINE and message.attempts < MOST_ATTEMPTS
        _log.warning("twilio.refused", message=message.id, reason=str(error), verdict=error.verdict.value)
        return Refused(message.id, str(error), self._lines.sms() if elsewhere else ())

    def _wait(self, message: Message, error: TwilioError) -> Later | Refused:
        if error.doubtful:
            self._doubtful.add(message.id)
        if error.verdict is Verdict.ACCOUNT:
            return Later(message.id, str(error), None)
        now = datetime.now(UTC)
        if now - message.created_at > self._validity:
            return Refused(message.id, f"not sent within its validity; last: {error}")
        doubled = FIRST_RETRY * 2 ** min(message.attempts - 1, 10)
        return Later(message.id, str(error), now + min(doubled, LONGEST_RETRY))

    def _write_outcome(self) -> None:
        """Written before anything else is claimed: else a database that is away would have the message sent again."""
        if self._unwritten is None:
            return
        try:
            with self._store.transaction() as session:
                self._unwritten.write(session)
        except UnknownMessageError as error:
            _log.error("twilio.outcome_unwanted", message=self._unwritten.message_id, reason=str(error))
        self._unwritten = None
