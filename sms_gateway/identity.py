"""What makes a message from a modem the same message when it comes again.

That is above all the service centre's time stamp. Some centres send one that is no time (all zeros); then the same
words of the same sender, weeks later, would look like a repetition and be dropped. For these the hour of arrival stands
in its place: what comes again within the hour, or the one before or after it, is the same, anything else is new.
"""

from datetime import UTC, timedelta

from sqlalchemy.orm import Session

from hardware.modem.pdu import Message, MessageType, fingerprint
from sms_gateway.record import SmsRecord
from tickets.messages.keys import first_known

_HOUR = timedelta(hours=1)


def lacks_time(message: Message) -> bool:
    """Whether a message that can be read otherwise does not tell when it was sent."""
    return message.type is MessageType.DELIVER and message.user_data is not None and message.time is None


def key_of(session: Session, record: SmsRecord, message: Message) -> str:
    """The key of a message, or of one of its parts."""
    if not lacks_time(message):
        return fingerprint(message, record.modem)
    hours = [(record.at + away).astimezone(UTC).strftime("%Y%m%d%H") for away in (timedelta(0), -_HOUR, _HOUR)]
    keys = [fingerprint(message, record.modem, arrived=hour) for hour in hours]
    return first_known(session, keys) or keys[0]
