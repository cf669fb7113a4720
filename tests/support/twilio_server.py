"""A server in the shape of Twilio's REST API: takes messages, lists them page by page, refuses and delays to order."""

import base64
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from twilio.request_validator import RequestValidator

SID = "AC00000000000000000000000000000112"
TOKEN = "hidden-token"
PAGE = 2
"""So few messages a page that a test meets the second page."""

PATH = f"/2010-04-01/Accounts/{SID}/Messages"


def full(sid: str) -> str:
    """`SM1` in the shape that Twilio's SIDs have; none that this server makes is the same."""
    return sid[:2] + sid[2:].rjust(32, "a")


@dataclass(frozen=True)
class Refusal:
    """An answer to order; `after_taking`: the message is there all the same. Without a status the line is cut."""

    status: int | None
    code: int | None = None
    after_taking: bool = False


@dataclass
class Kept:
    """A message as the server keeps it; `body`, `to` and so on as they were posted."""

    sid: str
    fields: dict[str, str]
    direction: str
    created_at: datetime
    media: list[tuple[str, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        """The Message resource."""
        when = format_datetime(self.created_at)
        return {
            "sid": self.sid,
            "account_sid": SID,
            "from": self.fields.get("From"),
            "to": self.fields.get("To"),
            "body": self.fields.get("Body"),
            "direction": self.direction,
            "status": "received" if self.direction == "inbound" else "queued",
            "num_media": str(len(self.media)),
            "date_created": when,
            "date_sent": when,
            "error_code": None,
            "uri": f"{PATH}/{self.sid}.json",
        }


class TwilioServer:
    """One account's server, from entering to leaving."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.requests: list[tuple[str, str]] = []
        self.refusals: deque[Refusal] = deque()
        self.arrived = threading.Condition()
        handler = type("Handler", (_Handler,), {"account": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    def __enter__(self) -> "TwilioServer":
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def url(self) -> str:
        """What `twilio.api_base` takes."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def created(self) -> list[dict[str, str]]:
        """What was posted to be sent, in order."""
        return [kept.fields for kept in self.kept if kept.direction == "outbound-api"]

    def await_created(self, count: int, limit_s: float = 30.0) -> list[dict[str, str]]:
        """Wait until so many messages were posted to be sent."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.created) >= count, limit_s), self.requests
        return self.created

    def await_requests(self, count: int, limit_s: float = 30.0) -> None:
        """Wait until so many requests were answered."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= count, limit_s), self.requests

    def refuse(self, *refusals: Refusal) -> None:
        """Answer the next posts so."""
        self.refusals.extend(refusals)

    def receive(self, sid: str, text: str, *, sender: str, to: str, media: tuple[tuple[str, str], ...] = ()) -> None:
        """A citizen's message that Twilio has, whether a webhook brings it or not."""
        fields = {"From": sender, "To": to, "Body": text}
        self.kept.append(Kept(full(sid), fields, "inbound", datetime.now(UTC), list(media)))


def signed(public_url: str, path: str, fields: dict[str, str], token: str = TOKEN) -> tuple[bytes, dict[str, str]]:
    """A post as Twilio makes it: body and headers."""
    signature = RequestValidator(token).compute_signature(public_url + path, fields)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return urlencode(fields).encode(), headers


class _Handler(BaseHTTPRequestHandler):
    account: TwilioServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        """Nothing: the test asks the server itself."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if not self._admitted() or urlsplit(self.path).path != f"{PATH}.json":
            self._answer(404, {"code": 20404, "message": "not found", "status": 404})
            return
        refusal = self.account.refusals.popleft() if self.account.refusals else None
        kept = None
        if refusal is None or refusal.after_taking:
            fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            kept = Kept(f"SM{len(self.account.kept):032d}", fields, "outbound-api", datetime.now(UTC))
            self.account.kept.append(kept)
        if refusal is not None:
            self._refuse(refusal)
        elif kept is not None:
            self._answer(201, kept.to_json())
        self._said()

    def do_GET(self) -> None:
        if not self._admitted():
            return
        url = urlsplit(self.path)
        if url.path.endswith("/Media.json"):
            self._media(url.path.removeprefix(f"{PATH}/").removesuffix("/Media.json"))
        else:
            self._list({name: values[0] for name, values in parse_qs(url.query).items()})
        self._said()

    def _admitted(self) -> bool:
        expected = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") == expected:
            return True
        self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        self._said()
        return False

    def _list(self, wanted: dict[str, str]) -> None:
        found = [kept for kept in reversed(self.account.kept) if self._matches(kept, wanted)]
        first = int(wanted.get("Page", "0")) * PAGE
        following = None
        if len(found) > first + PAGE:
            query = urlencode(wanted | {"Page": str(first // PAGE + 1)})
            following = f"{PATH}.json?{query}"
        page = [kept.to_json() for kept in found[first : first + PAGE]]
        self._answer(200, {"messages": page, "next_page_uri": following, "page": first // PAGE, "page_size": PAGE})

    def _matches(self, kept: Kept, wanted: dict[str, str]) -> bool:
        after = wanted.get("DateSent>", "")
        return (
            wanted.get("To", kept.fields["To"]) == kept.fields["To"]
            and wanted.get("From", kept.fields["From"]) == kept.fields["From"]
            and (not after or kept.created_at >= datetime.fromisoformat(after))
        )

    def _media(self, sid: str) -> None:
        (kept,) = (kept for kept in self.account.kept if kept.sid == sid)
        items = [
            {"sid": name, "content_type": kind, "parent_sid": sid, "uri": f"{PATH}/{sid}/Media/{name}.json"}
            for name, kind in kept.media
        ]
        self._answer(200, {"media_list": items, "next_page_uri": None})

    def _refuse(self, refusal: Refusal) -> None:
        if refusal.status is None:
            self.close_connection = True
            return
        self._answer(refusal.status, {"code": refusal.code, "message": "refused", "status": refusal.status})

    def _answer(self, status: int, payload: dict[str, object]) -> None:
        body = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _said(self) -> None:
        with self.account.arrived:
            self.account.requests.append((self.command, self.path))
            self.account.arrived.notify_all()
