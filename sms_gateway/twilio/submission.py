"""A message of ours as Twilio is given it."""

from siaga112.settings import Settings
from sms_gateway.twilio import address
from sms_gateway.twilio.api import Submission
from sms_gateway.twilio.errors import TwilioError, Verdict
from tickets.model.message import Message
from tickets.vocabulary import Channel

STATUS_PATH = "/webhooks/twilio/status"


class Submissions:
    """Writes submissions for one city's account."""

    def __init__(self, settings: Settings) -> None:
        self._senders = {
            Channel.SMS: ("sms_from", settings.twilio.sms_from),
            Channel.WHATSAPP: ("whatsapp_from", settings.twilio.whatsapp_from),
        }
        public_url = settings.web.public_url.rstrip("/")
        self._status_callback = public_url + STATUS_PATH if public_url else ""

    def of(self, message: Message) -> Submission:
        """The submission of a message; raises `TwilioError` when the account has no number for its channel."""
        key, number = self._senders[message.channel]
        if not number:
            raise TwilioError(f"twilio.{key} is empty: nothing can leave by {message.channel}", Verdict.OTHER_LINE)
        return Submission(
            to=address.join(message.channel, message.recipient or ""),
            sender=address.join(message.channel, number),
            text=message.text or "",
            status_callback=self._status_callback,
        )
