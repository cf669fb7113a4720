"""A prepaid SIM's credit, asked for now and then by USSD. Messages never wait for the answer."""

import re
from datetime import UTC, datetime
from time import monotonic

from hardware.modem.driver import Modem
from hardware.modem.errors import ModemError
from hardware.modem.ussd import UssdStatus
from siaga112 import log

ASK_EVERY_S = 6 * 3600.0
ASK_AGAIN_S = 1800.0
"""After a refusal, or when no answer came."""

ANSWER_LIMIT_S = 120.0

_AMOUNT = re.compile(r"(?:\bRp\.?|\bIDR|\bpulsa\b\D{0,24}?|\bsaldo\b\D{0,24}?)\s*([0-9][0-9.,]*)", re.IGNORECASE)
_CENTS = re.compile(r"[.,][0-9]{2}$")


def amount(text: str) -> int | None:
    """The first amount in an operator's answer, in whole rupiah; None when none is recognised."""
    match = _AMOUNT.search(text)
    if match is None:
        return None
    whole = _CENTS.sub("", match[1].rstrip(".,"))
    return int(re.sub(r"[.,]", "", whole))


class Credit:
    """What is known of one SIM's credit; `code` is what to ask the network, "" for nothing."""

    def __init__(self, modem: Modem, code: str) -> None:
        self._modem = modem
        self._code = code
        self._due = 0.0
        self._awaited_until: float | None = None
        self._log = log.get(__name__).bind(modem=modem.name)
        self.text: str | None = None
        """What the network said last."""
        self.at: datetime | None = None
        """When it said so."""

    @property
    def rupiah(self) -> int | None:
        """How much is left, by what the network said; None where no amount was recognised."""
        return amount(self.text) if self.text is not None else None

    def look(self) -> bool:
        """Ask when it is time, take the answer when it is there; True when something new is known."""
        if not self._code:
            return False
        if self._awaited_until is not None:
            return self._take()
        if monotonic() >= self._due:
            self._ask()
        return False

    def _ask(self) -> None:
        try:
            self._modem.ask_ussd(self._code)
        except ModemError as error:
            self._log.warning("credit.not_asked", reason=str(error))
            self._due = monotonic() + ASK_AGAIN_S
        else:
            self._awaited_until = monotonic() + ANSWER_LIMIT_S

    def _take(self) -> bool:
        answer = self._modem.take_ussd()
        if answer is None:
            if monotonic() >= (self._awaited_until or 0):
                self._log.warning("credit.not_told", reason="no answer from the network")
                self._rest(ASK_AGAIN_S)
            return False
        known = answer.status in (UssdStatus.DONE, UssdStatus.ASKS) and bool(answer.text)
        self._rest(ASK_EVERY_S if known else ASK_AGAIN_S)
        if known:
            self.text, self.at = " ".join(answer.text.split()), datetime.now(UTC)
            self._log.info("credit.told", text=self.text)
        else:
            self._log.warning("credit.not_told", reason=f"{answer.status.name}: {answer.text}")
        return known

    def _rest(self, seconds: float) -> None:
        self._awaited_until = None
        self._due = monotonic() + seconds
