"""The thread that sends by Twilio, and says on the board how that goes."""

import threading
from time import monotonic

from hardware.modem.health import ModemHealth, ModemState
from redis_queue.errors import QueueError
from siaga112 import log
from sms_gateway import twilio
from sms_gateway.health_board import SAY_EVERY_S, HealthBoard
from sms_gateway.outbox_waits import say_outbox_waits
from sms_gateway.twilio.errors import TwilioError, Verdict
from sms_gateway.twilio.sender import TwilioSender
from tickets.errors import StoreUnavailableError

TICK_S = 0.5
STORE_PAUSE_S = 2.0
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0
"""Between attempts while nothing passes."""


class TwilioLine:
    """Runs from entering to leaving."""

    def __init__(self, sender: TwilioSender, board: HealthBoard) -> None:
        self._sender = sender
        self._board = board
        self._trouble = ""
        self._pause_s = FIRST_PAUSE_S
        self._sending_from = self._show_at = 0.0
        self._log = log.get(__name__)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="twilio")

    def __enter__(self) -> "TwilioLine":
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopping.set()
        self._thread.join()

    def answered(self) -> None:
        """Twilio has answered something else: what was wrong is over, even if there is nothing to send."""
        if self._trouble:
            self._note("")

    def _run(self) -> None:
        while not self._stopping.is_set():
            if monotonic() >= self._sending_from:
                self._send()
            self._show()
            self._stopping.wait(TICK_S)

    def _send(self) -> None:
        try:
            while not self._stopping.is_set() and self._sender.send_next():
                self._note("")
                self._show()
        except TwilioError as error:
            self._note(str(error), alarm=error.verdict is Verdict.ACCOUNT)
        except StoreUnavailableError as error:
            say_outbox_waits(self._log, error, line=twilio.LINE)
            self._sending_from = monotonic() + STORE_PAUSE_S
        except Exception:  # noqa: BLE001 - a thread that ends unseen would leave what waits unsent for ever
            self._log.exception("twilio.line_failed")
            self._sending_from = monotonic() + STORE_PAUSE_S

    def _note(self, trouble: str, *, alarm: bool = False) -> None:
        if trouble:
            self._sending_from = monotonic() + self._pause_s
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            tell = self._log.error if alarm else self._log.warning
            tell("twilio_waits", reason=trouble, mend="check twilio.account_sid and auth_token" if alarm else "")
        else:
            self._pause_s = FIRST_PAUSE_S
        if bool(trouble) != bool(self._trouble):
            self._show_at = 0.0
        self._trouble = trouble

    def _show(self) -> None:
        if monotonic() < self._show_at:
            return
        state = ModemState.DOWN if self._trouble else ModemState.UP
        try:
            self._board.show(ModemHealth(twilio.LINE, state, self._trouble))
        except QueueError as error:
            self._log.warning("twilio.health_not_shown", reason=str(error))
        self._show_at = monotonic() + SAY_EVERY_S
