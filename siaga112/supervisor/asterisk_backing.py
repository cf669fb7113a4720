"""The managed Asterisk as the supervisor sees it."""

from hardware.asterisk.errors import AsteriskError
from hardware.asterisk.process import ManagedAsterisk
from siaga112 import log
from siaga112.supervisor.errors import ServerDownError


class AsteriskBacking:
    """Calls end before it does: `drain` gives them their time while the parts that serve them still run."""

    name = "asterisk"

    def __init__(self, asterisk: ManagedAsterisk, drain_s: float) -> None:
        self._asterisk = asterisk
        self._drain_s = drain_s

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._asterisk.pid

    def start(self) -> bool:
        """Start it with the current configuration, or adopt the one that runs; True when it was adopted."""
        try:
            return self._asterisk.ensure()
        except (AsteriskError, OSError) as error:
            raise ServerDownError(str(error)) from error

    def fileno(self) -> int:
        """What becomes readable when it ends."""
        return self._asterisk.fileno()

    def answers(self, limit_s: float) -> bool:
        """Whether AMI answers."""
        return self._asterisk.answers(limit_s)

    def tidy(self) -> None:
        """Begin new log files when the current ones have grown."""
        try:
            self._asterisk.rotate_logs()
        except (AsteriskError, OSError) as error:
            log.get("supervisor").warning("logs.not_rotated", server=self.name, reason=str(error))

    def drain(self) -> None:
        """Take no new calls, let those that are up end within `[asterisk] drain_seconds`, then end Asterisk."""
        self._asterisk.stop(self._drain_s)

    def stop(self) -> None:
        """Nothing is left to do after `drain`."""

    def kill(self) -> None:
        """End it at once, calls and all."""
        self._asterisk.kill()
