"""Who watches over one modem: its state on the board, its alarms, its recovery, its credit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hardware.modem.driver import Modem
from hardware.modem.health import ModemHealth, ModemState
from redis_queue.errors import QueueError
from siaga112 import log
from sms_gateway.alarms import AlarmBook, Facts, alarms_of
from sms_gateway.credit import Credit
from sms_gateway.flapping import Flapping
from sms_gateway.health_board import HealthBoard, Notes
from sms_gateway.recovery import Recovery
from sms_gateway.signal_history import SignalHistory


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What the configuration says about it: a USSD code or "", rupiah or 0, and hours or 0."""

    balance_ussd: str = ""
    credit_alarm_rupiah: int = 0
    silence_alarm_hours: int = 0


class ModemWatch:
    """All of it for one modem, called by the thread that owns the modem alone."""

    def __init__(self, modem: Modem, board: HealthBoard, signals: SignalHistory, settings: WatchSettings) -> None:
        self._modem = modem
        self._board = board
        self._signals = signals
        self._credit_limit = settings.credit_alarm_rupiah
        self._silence_limit = timedelta(hours=settings.silence_alarm_hours) or None
        self._credit = Credit(modem, settings.balance_ussd)
        self._recovery = Recovery(modem)
        self._flapping = Flapping()
        self._alarms = AlarmBook(modem.name)
        self._heard_at: datetime | None = None
        self._health: ModemHealth | None = None
        self._log = log.get(__name__).bind(modem=modem.name)

    @property
    def state(self) -> ModemState | None:
        """How the modem was when last looked at."""
        return self._health.state if self._health else None

    def look(self) -> None:
        """Look at the modem, and act on it."""
        self.note(self._modem.health())

    def note(self, health: ModemHealth) -> None:
        """Take what was found, show it, and do what is due to get the modem back to work."""
        if health.state is not self.state:
            say = self._log.info if health.state is ModemState.UP else self._log.error
            say("modem_state", state=health.state.value, reason=health.reason)
        self._health = health
        self._flapping.see(health.state is ModemState.UP, datetime.now(UTC))
        self._recovery.after(health)
        self._show(health)

    def heard(self) -> None:
        """Messages came."""
        self._heard_at = datetime.now(UTC)
        try:
            self._board.keep_heard(self._modem.name, self._heard_at)
        except QueueError as error:
            self._log.warning("modem.health_not_shown", reason=str(error))

    def idle(self) -> None:
        """Do what has time: ask for the credit, take the answer."""
        if self._health and self.state is ModemState.UP and self._credit.look():
            self._show(self._health)

    def _show(self, health: ModemHealth) -> None:
        try:
            alarms = self._alarms.update(alarms_of(health, self._facts()))
            credit = self._credit
            notes = Notes(tuple(map(str, alarms)), credit.text, credit.rupiah, credit.at, self._heard_at)
            self._board.show(health, notes)
            if health.signal_dbm is not None:
                self._signals.note(self._modem.name, health.signal_dbm, datetime.now(UTC))
        except QueueError as error:
            self._log.warning("modem.health_not_shown", reason=str(error))

    def _facts(self) -> Facts:
        return Facts(
            trouble_s=self._recovery.trouble_s,
            stuck=self._recovery.stuck,
            flapping=self._flapping.is_on(datetime.now(UTC)),
            told_full=self._modem.told_full,
            send_refusal=self._modem.send_refusal,
            silent_for=self._silent_for() if self._silence_limit else None,
            silence_limit=self._silence_limit,
            credit=self._credit.rupiah,
            credit_limit=self._credit_limit,
        )

    def _silent_for(self) -> timedelta:
        """Counted over restarts of ours; from now on where nothing was ever heard."""
        now = datetime.now(UTC)
        if self._heard_at is None:
            self._heard_at = self._board.last_heard(self._modem.name)
        if self._heard_at is None:
            self._heard_at = now
            self._board.keep_heard(self._modem.name, now)
        return now - self._heard_at
