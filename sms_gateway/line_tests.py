"""Has each modem write to itself in time, keeps whether that came, and says when it fails, and when no more."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from redis_queue.probes import ProbeNotes, sms_probe
from siaga112 import log, phone
from siaga112.settings import Modem, Settings
from sms_gateway.health_board import HealthBoard, ModemView
from sms_gateway.loopback import line_test_state, queue_line_test, withdraw_line_test
from tickets.database.store import Store
from tickets.errors import UnknownMessageError
from tickets.vocabulary import MessageState

AGAIN_UNSENT = timedelta(minutes=1)
"""A modem that could not even be asked is asked again so soon: that costs nothing."""

UNSENT_TRIES = 3
"""So many in a row are an alarm: a modem, or the part that serves it, may just be starting."""

AGAIN_LOST = timedelta(hours=1)
"""A message that did not come has cost what an SMS costs: the next one waits so long, or its interval."""

_log = log.get(__name__)


def own_number(modem: Modem, view: ModemView, country: str) -> str:
    """The number of a modem's SIM: as configured, else as the SIM tells it; "" when neither does."""
    return modem.number or (phone.normalise(view.number, country) if view.number else "")


def unknown_number(modem: str) -> str:
    """What is said of one whose number nobody knows."""
    return f"modems[{modem}].number is empty, and its SIM does not tell it: write the SIM's own number"


@dataclass(frozen=True, slots=True)
class _Waiting:
    message_id: int
    since: datetime


def _now() -> datetime:
    return datetime.now(UTC)


class LineTests:
    """The test messages of one installation; of several workers one makes each. Not for several threads."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        board: HealthBoard,
        notes: ProbeNotes,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._modems = settings.modems
        self._country = settings.site.country
        self._every = timedelta(hours=settings.monitoring.sms_hours)
        self._limit = timedelta(minutes=settings.monitoring.sms_limit_minutes)
        self._store = store
        self._board = board
        self._notes = notes
        self._now = now
        self._waiting: dict[str, _Waiting] = {}
        self._unsent: Counter[str] = Counter()

    def look(self) -> None:
        """Begin what is due, follow what has begun; raises `StoreUnavailableError`, `UnavailableError`."""
        for modem in self._modems if self._every else ():
            waiting = self._waiting.get(modem.name)
            if waiting is not None:
                self._follow(modem.name, waiting)
            elif self._notes.take_turn(sms_probe(modem.name), self._every):
                self._begin(modem)

    def _begin(self, modem: Modem) -> None:
        view = self._board.read(modem.name)
        number = own_number(modem, view, self._country)
        if not view.works:
            self._cannot_send(modem.name, f"{view.state}: {view.reason}")
        elif not number:
            self._cannot_send(modem.name, unknown_number(modem.name))
        else:
            del self._unsent[modem.name]
            with self._store.transaction() as session:
                message_id = queue_line_test(session, modem.name, number, self._now()).id
            self._waiting[modem.name] = _Waiting(message_id, self._now())

    def _cannot_send(self, name: str, problem: str) -> None:
        self._unsent[name] += 1
        if self._unsent[name] < UNSENT_TRIES:
            self._notes.postpone(sms_probe(name), AGAIN_UNSENT)
        else:
            self._fail(name, problem, AGAIN_UNSENT)

    def _follow(self, name: str, waiting: _Waiting) -> None:
        try:
            with self._store.reading() as session:
                test = line_test_state(session, waiting.message_id)
        except UnknownMessageError as error:  # an older database was put in the place of this one
            self._fail(name, str(error), AGAIN_LOST)
            return
        took = self._now() - waiting.since
        if test.came:
            del self._waiting[name]
            if self._notes.passed(sms_probe(name), self._now(), took.total_seconds()):
                _log.info("probe.alarm_over", probe=sms_probe(name))
        elif test.state is MessageState.FAILED:
            self._fail(name, f"it could not be sent: {test.error}", AGAIN_LOST)
        elif took >= self._limit:
            with self._store.transaction() as session:
                withdraw_line_test(session, waiting.message_id)
            minutes = int(self._limit.total_seconds() // 60)
            what = "it has not come" if test.sent else "it has not been sent"
            self._fail(name, f"{what} within {minutes} minutes", AGAIN_LOST)

    def _fail(self, name: str, problem: str, again_in: timedelta) -> None:
        self._waiting.pop(name, None)
        self._notes.postpone(sms_probe(name), min(again_in, self._every))
        if self._notes.failed(sms_probe(name), self._now(), problem):
            _log.error("probe.alarm", probe=sms_probe(name), text=problem)
