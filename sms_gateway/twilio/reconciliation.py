"""What no webhook brought: the web part was down, Redis was away, Twilio gave up trying.

Twilio is asked for what came to our numbers; what is not in the database goes into the stream like a post, and has the
same key, so that it does no harm when the webhook comes after all.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from redis import Redis

from redis_queue.errors import translated
from redis_queue.streams import Stream
from siaga112 import log, phone
from siaga112.settings import Settings
from sms_gateway.twilio import address
from sms_gateway.twilio.api import RemoteMessage, TwilioApi
from sms_gateway.twilio.form import Form
from sms_gateway.twilio.message import KEY
from sms_gateway.twilio.record import Hook, TwilioRecord
from tickets.database.store import Store
from tickets.messages.handover import known_keys
from tickets.vocabulary import Channel

DONE_KEY = "siaga112:twilio:reconciled"
"""Until when everything is known to be in: an RFC 3339 time."""

OVERLAP = timedelta(minutes=15)
"""Looked at again each time: Twilio lists a message a while after it came."""

FIRST_LOOK_BACK = timedelta(hours=24)
LONGEST_LOOK_BACK = timedelta(days=7)
BATCH = 100

_log = log.get(__name__)


class Reconciliation:
    """Compares what Twilio has with what we have."""

    def __init__(self, settings: Settings, api: TwilioApi, store: Store, stream: Stream, redis: Redis) -> None:
        self._addresses = _addresses(settings)
        self._api = api
        self._store = store
        self._stream = stream
        self._redis = redis

    def look(self) -> int:
        """Bring in what is missing, and say how many messages that were.

        Raises `TwilioError`, `StoreUnavailableError`, `QueueError`: then the next look covers this one's time.
        """
        began = datetime.now(UTC)
        since = self._since(began)
        missed = sum(self._bring(number, since) for number in self._addresses)
        with translated():
            self._redis.set(DONE_KEY, began.isoformat())
        if missed:
            _log.warning("twilio.messages_missed", count=missed, since=since.isoformat())
        return missed

    def _since(self, now: datetime) -> datetime:
        with translated():
            done = self._redis.get(DONE_KEY)
        if done is None:
            return now - FIRST_LOOK_BACK
        return max(datetime.fromisoformat(str(done)) - OVERLAP, now - LONGEST_LOOK_BACK)

    def _bring(self, number: str, since: datetime) -> int:
        remotes = self._api.received(number, since)
        missed = 0
        while batch := list(islice(remotes, BATCH)):
            missing = self._missing(batch)
            if missing:
                self._stream.add_all(_record(remote).to_fields() for remote in missing)
            missed += len(missing)
        return missed

    def _missing(self, batch: Sequence[RemoteMessage]) -> list[RemoteMessage]:
        with self._store.reading() as session:
            known = known_keys(session, (KEY + remote.sid for remote in batch))
        return [remote for remote in batch if KEY + remote.sid not in known]


def _addresses(settings: Settings) -> tuple[str, ...]:
    """Where citizens can write to: a name as sender takes no answers."""
    twilio = settings.twilio
    numbers = ((Channel.SMS, twilio.sms_from), (Channel.WHATSAPP, twilio.whatsapp_from))
    return tuple(
        address.join(channel, number) for channel, number in numbers if number and not phone.is_alphanumeric(number)
    )


def _record(remote: RemoteMessage) -> TwilioRecord:
    """A message as a webhook would have brought it; a place is not listed."""
    fields = {"MessageSid": remote.sid, "From": remote.sender, "To": remote.to, "Body": remote.text}
    for index, (url, kind) in enumerate(remote.media):
        fields |= {f"MediaUrl{index}": url, f"MediaContentType{index}": kind}
    return TwilioRecord(Hook.MESSAGE, Form.of(**fields), remote.created_at or datetime.now(UTC))
