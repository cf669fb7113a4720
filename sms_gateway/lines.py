"""The lines of a city as they are now."""

from collections.abc import Callable
from time import monotonic

from siaga112.settings import Settings
from sms_gateway import twilio
from sms_gateway.health_board import HealthBoard
from sms_gateway.routing import Line


def sms_lines(settings: Settings) -> list[str]:
    """The names of the lines that SMS can leave by, the best first: the modems, then Twilio."""
    by_twilio = settings.twilio.account_sid and settings.twilio.sms_from
    return [*(modem.name for modem in settings.modems), *([twilio.LINE] if by_twilio else [])]


class Lines:
    """Reads the lines' states from the board, and remembers since when each is down. Not for several threads."""

    def __init__(self, settings: Settings, board: HealthBoard, *, clock: Callable[[], float] = monotonic) -> None:
        self._names = sms_lines(settings)
        self._board = board
        self._clock = clock
        self._down_since: dict[str, float] = {}

    def sms(self) -> list[Line]:
        """The lines that SMS can leave by, the best first; raises `UnavailableError` when Redis is away."""
        return [Line(name, self._board.read(name).works) for name in self._names]

    def down_s(self, name: str) -> float:
        """For how long a line has been down as far as was seen here; a line that is no more counts as down."""
        now = self._clock()
        if self._board.read(name).works:
            self._down_since.pop(name, None)
            return 0.0
        return now - self._down_since.setdefault(name, now)
