"""Gets a modem that does not do its work back to it, a rung at a time."""

from time import monotonic

from hardware.modem.driver import Modem
from hardware.modem.errors import ModemError
from hardware.modem.health import ModemHealth
from hardware.modem.ladder import Ladder, Rung
from siaga112 import log


class Recovery:
    """The ladder of one modem, climbed in the thread that owns the modem."""

    def __init__(self, modem: Modem) -> None:
        self._modem = modem
        self._ladder = Ladder()
        self._log = log.get(__name__).bind(modem=modem.name)
        self.stuck = False
        """Whether all was tried, so that a person must look."""

    @property
    def trouble_s(self) -> float:
        """For how long the modem has not worked."""
        return self._ladder.trouble_s(monotonic())

    def after(self, health: ModemHealth) -> None:
        """Do what is due after a look at the modem."""
        if health.trouble is None:
            self._ladder.well()
            self.stuck = False
            return
        rung = self._ladder.step(health.trouble, monotonic())
        if rung is Rung.ALARM:
            self.stuck = True
        elif rung:
            self._take(rung, health.reason)

    def _take(self, rung: Rung, reason: str) -> None:
        self._log.warning("modem.restarting", how=rung.name.lower(), reason=reason)
        try:
            if rung is Rung.RADIO:
                self._modem.restart_radio()
            else:
                self._modem.reset()
        except ModemError as error:
            self._log.warning("modem.not_restarted", how=rung.name.lower(), reason=str(error))
