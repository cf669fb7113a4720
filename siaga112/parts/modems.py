"""`modems serve`: every modem's thread, and the simulated modems among them."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from time import monotonic

from hardware.modem.driver import Modem
from hardware.modem.pin_memory import SimPin
from hardware.modem.simulator import SimulatedModem
from hardware.modem.simulator.modem import DEFAULT_NUMBER
from siaga112.app import App
from siaga112.parts.on_board import on_board
from siaga112.parts.vitals import Vital, Vitals
from siaga112.settings import Modem as ModemSettings
from sms_gateway.health_board import HealthBoard
from sms_gateway.modem_line import ModemLine
from sms_gateway.modem_watch import ModemWatch, WatchSettings
from sms_gateway.sender import Sender
from sms_gateway.signal_history import SignalHistory

SIMULATOR = "simulator"
"""The port of a modem that we simulate ourselves."""

FIRST_ATTEMPT_LIMIT_S = 15.0
"""So long the part waits for all its modems before it calls itself ready: a dead one must not hold up the living."""

LINE_LIMIT_S = 900.0
"""A modem that answers nothing is waited for, command by command, and a long message to send takes minutes."""


@contextmanager
def modems(app: App) -> Iterator[Vitals]:
    """Serve all modems of the configuration until left."""
    app.require_keeping_redis()
    with ExitStack() as stack:
        stack.callback(app.store.close)
        stack.enter_context(on_board(app, [modem.name for modem in app.settings.modems]))
        lines = []
        for settings in app.settings.modems:
            line = _line(app, settings, _port(app, settings, stack))
            line.start()
            stack.callback(line.stop)
            lines.append(line)
        # Called before the first `stop` waits for its thread: what they have in hand ends at the same time.
        for line in lines:
            stack.callback(line.ask_to_stop)
        until = monotonic() + FIRST_ATTEMPT_LIMIT_S
        for line in lines:
            line.wait_attempted(max(until - monotonic(), 0))
        yield tuple(Vital(line.name, line.progress, LINE_LIMIT_S) for line in lines)


def _port(app: App, settings: ModemSettings, stack: ExitStack) -> str:
    if settings.port != SIMULATOR:
        return settings.port
    link = app.paths.modems / settings.name
    link.parent.mkdir(parents=True, exist_ok=True)
    stack.enter_context(SimulatedModem(link, number=settings.number or DEFAULT_NUMBER))
    return str(link)


def _line(app: App, settings: ModemSettings, port: str) -> ModemLine:
    wake = threading.Event()
    code = settings.pin.get_secret_value()
    pin = SimPin(code, app.paths.state_dir / "sim-pins") if code else None
    modem = Modem(settings.name, port, settings.baudrate, pin=pin, on_wake=wake.set)
    sender = Sender(
        settings.name,
        modem,
        app.store,
        per_minute=settings.sms_per_minute,
        validity=timedelta(hours=app.settings.sms.validity_hours),
    )
    watched = WatchSettings(settings.balance_ussd, settings.credit_alarm_rupiah, settings.silence_alarm_hours)
    watch = ModemWatch(modem, HealthBoard(app.redis), SignalHistory(app.redis), watched)
    return ModemLine(settings.name, modem, wake=wake, stream=app.sms_stream, sender=sender, watch=watch)
