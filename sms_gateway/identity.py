"""What makes a message from a modem the same message when it comes again.

That is above all the service centre's time stamp. Some centres send one that is no time (all zeros), or always the same
of a clock that stands still; then the same words of the same sender, weeks later, would look like a repetition and be
dropped. For these the hour of arrival stands in its place: what comes again within the hour, or the one before or after
it, is the same, anything else is new.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from hardware.modem.pdu import Message, MessageType, fingerprint
from sms_gateway.record import SmsRecord
from tickets.messages.keys import first_known, kept_at

_HOUR = timedelta(hours=1)

PLAUSIBLE = timedelta(days=2)
"""A time that is further from the arrival tells nothing. No time zone that is wrong is so far off, and a message that
waited for longer while we were off comes but once."""

PROMPT = timedelta(minutes=10)
"""So soon after its time the network delivers to a modem that is there. Short, since words that come within it after a
clock's stop are taken for a repetition ever after: a doubled ticket costs less than a lost message."""


def lacks_time(message: Message) -> bool:
    """Whether a message that can be read otherwise does not tell when it was sent."""
    return message.type is MessageType.DELIVER and message.user_data is not None and message.time is None


def is_wrong(record: SmsRecord, message: Message) -> bool:
    """Whether a message tells a time at which it cannot well have been sent."""
    return message.time is not None and abs(record.at - message.time) > PLAUSIBLE


def key_of(session: Session, record: SmsRecord, message: Message) -> str:
    """The key of a message, or of one of its parts."""
    plain = fingerprint(message, record.modem)
    wrong = is_wrong(record, message)
    if not wrong and not lacks_time(message):
        return plain
    hours = [(record.at + away).astimezone(UTC).strftime("%Y%m%d%H") for away in (timedelta(0), -_HOUR, _HOUR)]
    keys = [fingerprint(message, record.modem, arrived=hour) for hour in hours]
    if wrong and _is_the_same(record, message, kept_at(session, plain)):
        return plain
    return first_known(session, keys) or keys[0]


def _is_the_same(record: SmsRecord, message: Message, kept: datetime | None) -> bool:
    """Whether a message whose time is wrong now is the one that was kept when its time was plausible.

    A clock that stands still was plausible for two days too, and what came then says nothing about what comes weeks
    later. What came promptly after its time had a right one, and may lie in the modem since.
    """
    if kept is None or message.time is None:
        return False
    return abs(kept - message.time) <= PROMPT or abs(record.at - kept) <= PLAUSIBLE
