"""`web`: the web server, and all business with Twilio: it is the part that the internet reaches."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from console.application import make_application
from console.server import WebServer
from console.services import Services
from redis_queue.fail_opens import FailOpens
from redis_queue.probes import ProbeNotes
from redis_queue.recording_room import RecordingRoom
from redis_queue.trunk_notes import TrunkNotes
from siaga112 import log
from siaga112.app import App
from siaga112.monitoring.schedule import probes
from siaga112.parts.on_board import on_board
from siaga112.parts.periodic import Periodic
from siaga112.parts.vitals import Vital, Vitals
from sms_gateway.health_board import HealthBoard
from sms_gateway.lines import Lines
from sms_gateway.twilio import LINE
from sms_gateway.twilio.api import TwilioApi
from sms_gateway.twilio.line import TwilioLine
from sms_gateway.twilio.reconciliation import Reconciliation
from sms_gateway.twilio.sender import TwilioSender
from sms_gateway.twilio.signature import Refusal, SignatureCheck

RECONCILE_EVERY_S = 180.0
"""How often Twilio is asked for what no webhook brought; the first time at the start."""

SERVE_LIMIT_S = 60.0
"""The loop that serves goes round ten times a second; what takes long is done beside it."""

_log = log.get(__name__)


@contextmanager
def web(app: App) -> Iterator[Vitals]:
    """Serve until left."""
    settings = app.settings.web
    with ExitStack() as stack:
        stack.callback(app.store.close)
        server = stack.enter_context(WebServer(make_application(_services(app)), settings.bind, settings.port))
        if app.settings.twilio.account_sid:
            app.require_keeping_redis()
            _open_twilio(app, stack)
        yield (Vital("web", server.progress, SERVE_LIMIT_S),)


def _services(app: App) -> Services:
    twilio = app.settings.twilio
    token = twilio.auth_token.get_secret_value()
    check = SignatureCheck(twilio.account_sid, token, app.settings.web.public_url)
    streams = {"sms": app.sms_stream, "calls": app.call_stream, "twilio": app.twilio_stream}
    telephony = bool(app.settings.trunks or app.settings.operators)
    return Services(
        store=app.store,
        streams=streams,
        pool=app.pool if telephony else None,
        reaches_a_human=app.settings.reaches_a_human,
        fail_opens=FailOpens(app.redis),
        recording_room=RecordingRoom(app.redis),
        trunk_notes=TrunkNotes(app.redis),
        board=HealthBoard(app.redis),
        modems=tuple(modem.name for modem in app.settings.modems),
        probes=probes(app.settings),
        probe_notes=ProbeNotes(app.redis),
        twilio=check if twilio.account_sid else None,
        twilio_stream=app.twilio_stream,
    )


def _open_twilio(app: App, stack: ExitStack) -> None:
    settings = app.settings.twilio
    if not app.settings.web.public_url:
        _log.warning("twilio.webhooks_refused", reason=Refusal.NO_PUBLIC_URL.value)
    board = HealthBoard(app.redis)
    api = TwilioApi(settings.account_sid, settings.auth_token.get_secret_value(), base=settings.api_base)
    stack.callback(api.close)
    sender = TwilioSender(app.settings, api, app.store, Lines(app.settings, board))
    stack.enter_context(on_board(app, [LINE]))
    line = stack.enter_context(TwilioLine(sender, board))
    reconciliation = Reconciliation(app.settings, api, app.store, app.twilio_stream, app.redis)

    def reconcile() -> None:
        reconciliation.look()
        line.answered()

    stack.enter_context(Periodic("twilio-reconciliation", reconcile, every_s=RECONCILE_EVERY_S, at_once=True))
