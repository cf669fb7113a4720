"""A city with a Twilio account: the gateway's parts around a real store, a real Redis and a server like Twilio's."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import httpx
from redis import Redis

from console.application import make_application
from console.server import WebServer
from console.services import Services
from hardware.modem.health import ModemHealth, ModemState
from redis_queue.fail_opens import FailOpens
from redis_queue.names import TWILIO_STREAM
from redis_queue.probes import ProbeNotes, call_probe, sms_probe
from redis_queue.reader import StreamReader
from redis_queue.recording_room import RecordingRoom
from redis_queue.streams import Entry, Stream
from redis_queue.trunk_notes import TrunkNotes
from siaga112.app import App
from siaga112.settings import Settings, demo_settings
from sms_gateway import twilio
from sms_gateway.health_board import HealthBoard
from sms_gateway.lines import Lines
from sms_gateway.twilio.api import TwilioApi
from sms_gateway.twilio.intake import TwilioIntake
from sms_gateway.twilio.reconciliation import Reconciliation
from sms_gateway.twilio.sender import TwilioSender
from sms_gateway.twilio.signature import SignatureCheck
from tests.support.ports import free_port
from tests.support.twilio_server import SID, TOKEN, TwilioServer, full, signed
from tickets.database.store import Store
from tickets.messages.lookup import MessageFilter, list_messages
from tickets.ticketing import TicketFilter, list_tickets
from tickets.views import view_message, view_ticket
from tickets.vocabulary import Direction

PUBLIC_URL = "https://112.example.go.id"
OUR_SMS = "+15005550006"
OUR_WHATSAPP = "+15005550007"
CITIZEN = "+6281234567890"
MODEM = "simulator"
CALL_PROBE, SMS_PROBE = call_probe("node"), sms_probe(MODEM)
PROBED_EVERY = timedelta(minutes=5)
"""The demo city's modem."""

MESSAGE = "/webhooks/twilio/message"
STATUS = "/webhooks/twilio/status"

Json = dict[str, Any]


def settings_of(folder: Path, **changes: Mapping[str, Any]) -> Settings:
    """The demo city with an account."""
    account = {"account_sid": SID, "auth_token": TOKEN, "sms_from": OUR_SMS, "whatsapp_from": OUR_WHATSAPP}
    return demo_settings(
        folder,
        {
            "web": {"public_url": PUBLIC_URL},
            **changes,
            "twilio": {**account, **changes.get("twilio", {})},
        },
    )


def sms(sid: str, text: str, **more: str) -> dict[str, str]:
    """A citizen's SMS as Twilio posts it."""
    account = {"MessageSid": full(sid), "AccountSid": SID}
    return account | {"From": CITIZEN, "To": OUR_SMS, "Body": text, "NumMedia": "0"} | more


def whatsapp(sid: str, text: str, **more: str) -> dict[str, str]:
    """A citizen's WhatsApp message as Twilio posts it."""
    return sms(sid, text) | {"From": f"whatsapp:{CITIZEN}", "To": f"whatsapp:{OUR_WHATSAPP}"} | more


class TwilioCity:
    """Web, worker and sender of one city, each driven by the test; the web runs from entering to leaving."""

    def __init__(self, settings: Settings, store: Store, redis: Redis, server: TwilioServer | None = None) -> None:
        self.settings = settings
        self.store = store
        self.stream = Stream(redis, TWILIO_STREAM)
        self.board = HealthBoard(redis)
        app = App(settings)
        self._timezone = settings.tz
        lines = Lines(settings, self.board)
        self.lines = lines
        self.intake = TwilioIntake(settings, app.site, app.catalogue, store, lines)
        self._reader = StreamReader(self.stream, "test")
        self._stack = ExitStack()
        self.api = TwilioApi(SID, TOKEN, base=server.url if server else "http://127.0.0.1:1", timeout_s=2.0)
        self.sender = TwilioSender(settings, self.api, store, lines)
        self.reconciliation = Reconciliation(settings, self.api, store, self.stream, redis)
        check = SignatureCheck(SID, TOKEN, settings.web.public_url) if settings.twilio.account_sid else None
        modems = tuple(modem.name for modem in settings.modems)
        self.services = Services(
            store=store,
            streams={"twilio": self.stream},
            pool=None,
            reaches_a_human=True,
            fail_opens=FailOpens(redis),
            recording_room=RecordingRoom(redis),
            trunk_notes=TrunkNotes(redis),
            board=self.board,
            modems=modems,
            probes={CALL_PROBE: PROBED_EVERY, SMS_PROBE: PROBED_EVERY},
            probe_notes=ProbeNotes(redis),
            twilio=check,
            twilio_stream=self.stream,
        )
        self.port = free_port()

    def __enter__(self) -> Self:
        self._stack.callback(self.api.close)
        self._stack.enter_context(WebServer(make_application(self.services), "127.0.0.1", self.port))
        self.client = self._stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30))
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """Post as Twilio would, by this account unless told otherwise; a header given here replaces Twilio's."""
        body, twilios = signed(PUBLIC_URL, path, {"AccountSid": SID} | fields)
        return self.client.post(path, content=body, headers=twilios | headers)

    def modem_is(self, state: ModemState) -> None:
        """What the modem part says of the city's modem."""
        self.board.show(ModemHealth(MODEM, state, ""))

    def twilio_is(self, state: ModemState) -> None:
        """What the web part says of Twilio."""
        self.board.show(ModemHealth(twilio.LINE, state, ""))

    def take(self) -> Entry:
        """Take one entry in hand, and no more."""
        (entry,) = self._reader.read(count=1, block_ms=1)
        return entry

    def work(self) -> int:
        """Handle what is in the stream, as the worker does; how many entries that were."""
        self.stream.ensure()
        entries = self._reader.read(count=1000, block_ms=1)
        for entry in entries:
            self.intake.handle(entry.fields)
            self.stream.done(entry)
        return len(entries)

    def tickets(self) -> list[Json]:
        """All tickets as listings show them, newest first."""
        with self.store.reading() as session:
            return [view_ticket(ticket, self._timezone).to_json() for ticket in list_tickets(session, TicketFilter())]

    def messages(self, direction: Direction) -> list[Json]:
        """All messages as listings show them, newest first."""
        with self.store.reading() as session:
            found = list_messages(session, MessageFilter(direction=direction))
            return [view_message(message, self._timezone).to_json() for message in found]
