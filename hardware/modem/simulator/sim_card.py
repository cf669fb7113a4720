"""The SIM card: who it is, and its PIN with three tries (TS 51.011 11.3.1)."""

from __future__ import annotations

from hardware.modem.simulator.replies import CmeError

TRIES = 3
PUK_REQUIRED = 12  # TS 27.007 9.2
PIN_REQUIRED = 11
NOT_INSERTED = 10
NOT_ALLOWED = 3
INCORRECT = 16


class SimCard:
    """A card with an IMSI and a number; it asks for `pin` where that is not empty. Not `present`: an empty holder."""

    def __init__(self, imsi: str, number: str, pin: str, *, present: bool = True) -> None:
        self.imsi = imsi
        self.number = number
        self._pin = pin
        self._locked = bool(pin)
        self._present = present
        self.tries = TRIES

    @property
    def ready(self) -> bool:
        """Whether it can be used."""
        return self._present and not self._locked

    @property
    def wants(self) -> str:
        """What AT+CPIN? says; raises CmeError without a card."""
        self._require_present()
        if not self._locked:
            return "READY"
        return "SIM PIN" if self.tries else "SIM PUK"

    def require_ready(self) -> None:
        """Raise the error that a command gets while the card is locked, or not there."""
        self._require_present()
        if self._locked:
            raise CmeError(PIN_REQUIRED if self.tries else PUK_REQUIRED)

    def enter(self, pin: str) -> None:
        """Unlock it, or lose a try."""
        self._require_present()
        if not self._locked:
            raise CmeError(NOT_ALLOWED)
        if not self.tries:
            raise CmeError(PUK_REQUIRED)
        if pin != self._pin:
            self.tries -= 1
            raise CmeError(INCORRECT)
        self._locked = False
        self.tries = TRIES

    def power_cycle(self) -> None:
        """It asks for its PIN again."""
        self._locked = bool(self._pin)

    def _require_present(self) -> None:
        if not self._present:
            raise CmeError(NOT_INSERTED)
