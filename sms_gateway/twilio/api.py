"""Twilio's REST API, so far as it is used here: create a message, list messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from requests import exceptions as requests_errors
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.base.values import unset
from twilio.http.response import Response
from twilio.rest import Client

from sms_gateway.twilio.errors import TwilioError, Verdict, classify
from sms_gateway.twilio.http import TIMEOUT_S, TWILIO, RebasedHttpClient

INBOUND = "inbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A message to create; addresses as in `sms_gateway.twilio.address`, `status_callback` "" for none."""

    to: str
    sender: str
    text: str
    status_callback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteMessage:
    """A message as Twilio keeps it; `media` are addresses with their content type."""

    sid: str
    sender: str
    to: str
    text: str
    created_at: datetime | None
    media: tuple[tuple[str, str], ...] = ()


class TwilioApi:
    """One account. Every method raises `TwilioError`, and waits for an answer so long at most as `timeout_s` says."""

    def __init__(self, account_sid: str, auth_token: str, *, base: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self._base = base or TWILIO
        self._http = RebasedHttpClient(self._base, timeout_s=timeout_s)
        # An environment of its own: TWILIO_REGION and its like must not lead the account's token elsewhere.
        self._client = Client(account_sid, auth_token, http_client=self._http, environment={"": ""})

    def create(self, submission: Submission) -> str:
        """Have a message sent, and return its SID: from then on it is Twilio's."""
        with _translated():
            message = self._client.messages.create(
                to=submission.to,
                from_=submission.sender,
                body=submission.text,
                status_callback=submission.status_callback or unset,
            )
            return _text(message.sid)

    def sent(self, *, to: str, sender: str, limit: int) -> list[RemoteMessage]:
        """The newest messages from this sender to this recipient."""
        with _translated():
            found = self._client.messages.list(to=to, from_=sender, limit=limit)
            return [_remote(message) for message in found]

    def received(self, number: str, since: datetime) -> Iterator[RemoteMessage]:
        """What came to a number of ours since then, with its media; page by page."""
        with _translated():
            for message in self._client.messages.stream(to=number, date_sent_after=since.astimezone(UTC)):
                if message.direction == INBOUND:
                    yield _remote(message, self._media(message))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _media(self, message: Any) -> tuple[tuple[str, str], ...]:
        if not int(message.num_media or 0):
            return ()
        return tuple((self._base + item.uri.removesuffix(".json"), item.content_type) for item in message.media.list())


def _remote(message: Any, media: tuple[tuple[str, str], ...] = ()) -> RemoteMessage:
    return RemoteMessage(
        sid=_text(message.sid),
        sender=message.from_ or "",
        to=message.to or "",
        text=message.body or "",
        created_at=message.date_created,
        media=media,
    )


def _text(sid: object) -> str:
    if not isinstance(sid, str) or not sid:
        raise ValueError("a message without a SID")
    return sid


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the library and its HTTP raise into `TwilioError`."""
    try:
        yield
    except TwilioRestException as error:
        raise _refused(error.code, error.status, error.msg) from error
    except TwilioServiceException as error:
        raise _refused(error.code, error.status, error.title) from error
    except TwilioException as error:
        # A page that could not be fetched: the library hands over the answer as it came.
        answers = [part.status_code for part in error.args if isinstance(part, Response)]
        raise _refused(None, next(iter(answers), None), "the list was refused") from error
    except requests_errors.ConnectTimeout as error:
        raise TwilioError("no connection within the time", Verdict.RETRY) from error
    except requests_errors.RequestException as error:
        text = f"no answer: {type(error).__name__}"
        raise TwilioError(text, Verdict.RETRY, doubtful=True) from error
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise TwilioError("an answer that cannot be read", Verdict.RETRY, doubtful=True) from error


def _refused(code: int | None, status: int | None, text: str) -> TwilioError:
    said = " ".join(str(text).removeprefix("Unable to create record: ").split())
    doubtful = status is not None and status >= 500
    return TwilioError(said or f"HTTP {status}", classify(code, status), code=code or status, doubtful=doubtful)
