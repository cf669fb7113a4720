"""One opening of the port: the engine, the thread that feeds it, and the waiting for answers.

A link is never mended: when its port is lost, another link takes its place.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hardware.modem.at.engine import AtEngine
from hardware.modem.at.events import Answer, Event, OutOfStep, Prompt, Urc
from hardware.modem.at.states import State
from hardware.modem.errors import ModemSilentError, PortLostError
from hardware.modem.port import Port
from hardware.modem.transport.deadlines import PROMPT, Deadline, deadline_of, name_of
from siaga112.log import get

log = get(__name__)

NUMERIC_S = 1.0  # a digit in place of the final result has nothing after it
BARE_S = 1.0  # an OK that has not come so long after the answer will not come


class Link:
    """Asks and waits. One caller at a time (the session sees to that); `on_urc` runs in the reader thread."""

    def __init__(self, port: Port, on_urc: Callable[[Urc], None]) -> None:
        self._port = port
        self._on_urc = on_urc
        self._engine = AtEngine()
        self._changed = threading.Condition()
        self._inbox: list[Answer | OutOfStep | Prompt] = []
        self._heard_at = time.monotonic()
        self._lost: PortLostError | None = None
        self._closing = False
        self.unanswered: set[str] = set()
        """Names of commands that this modem says nothing to."""
        self._reader = threading.Thread(target=self._read_on, name=f"modem reader {port.url}", daemon=True)
        self._reader.start()

    @property
    def lost(self) -> bool:
        """Whether the port has gone away."""
        return self._lost is not None

    @property
    def dirty(self) -> bool:
        """Whether a late answer may still come, so that nothing can be asked."""
        with self._changed:
            return self._engine.state is not State.IDLE

    def ask(self, command: str, deadline: Deadline | None = None, *, bare: bool = False) -> Answer:
        """Send a command, give its answer, of whatever kind. Raises PortLostError, ModemSilentError.

        `bare` tells that this modem may leave out the OK.
        """
        self._send(lambda: self._in_step().send(command))
        if bare:
            self._await_bare()
        return self._answer(self._await(name_of(command), deadline or deadline_of(command)))

    def _await_bare(self) -> None:
        """Wait until the answer is there, with OK or with a pause in its place."""
        with self._changed:
            while not self._inbox and not self._lost:
                if self._changed.wait(BARE_S):
                    continue
                answer = self._engine.accept_bare()
                if answer:
                    self._inbox.append(answer)
                return

    def ask_for_prompt(self, command: str) -> Answer | None:
        """Send a command that takes a body: None when the modem prompts for it, else its refusal."""
        self._send(lambda: self._in_step().send_for_prompt(command))
        got = self._await(name_of(command), PROMPT)
        if isinstance(got, Prompt):
            return None
        answer = self._answer(got)
        if answer.ok:
            # Nothing can be done before the body is there: this OK belongs to an earlier command.
            self.distrust()
            raise ModemSilentError(f"{self._port.url}: OK in place of the prompt of {name_of(command)}")
        return answer

    def send_body(self, command: str, body: str) -> Answer:
        """Send the body that the modem prompted for, give the answer to the command.

        A modem that changed its mind after the prompt has answered already: then the body stays here.
        """
        self._send(lambda: self._engine.send_body(body) if self._engine.state is State.BODY else b"")
        return self._answer(self._await(name_of(command), deadline_of(command)))

    def distrust(self) -> None:
        """Take answers and commands for out of step, from what the caller saw in an answer."""
        with self._changed:
            self._engine.expire()

    def interrupt(self) -> None:
        """Free the modem from text entry; the line must be made quiet after it."""
        self._send(self._engine.interrupt)

    def settle(self) -> None:
        """Take the line as quiet."""
        with self._changed:
            self._engine.settle()

    def wait_quiet(self, quiet_s: float, limit_s: float) -> bool:
        """Wait until nothing has come for `quiet_s`; False when that did not happen within `limit_s`."""
        started = time.monotonic()
        with self._changed:
            while True:
                self._raise_if_lost()
                now = time.monotonic()
                left = max(self._heard_at, started) + quiet_s - now
                if left <= 0:
                    return True
                if now - started > limit_s:
                    return False
                self._changed.wait(left)

    def close(self) -> None:
        """End the reader and let the port go."""
        self._closing = True
        self._reader.join()
        self._port.close()

    def _send(self, step: Callable[[], bytes]) -> None:
        with self._changed:
            self._raise_if_lost()
            data = step()
        try:
            self._port.write(data)
        except PortLostError as error:
            # Part of the command may be out: only a new opening gives a clean line.
            self._lose(error)
            raise

    def _in_step(self) -> AtEngine:
        if self._engine.state is State.DIRTY:
            raise ModemSilentError(f"{self._port.url}: an answer came that nobody awaited")
        return self._engine

    def _await(self, name: str, deadline: Deadline) -> Answer | OutOfStep | Prompt:
        started = time.monotonic()
        with self._changed:
            while not self._inbox:
                self._raise_if_lost()
                heard = max(self._heard_at, started)
                silence_s = min(NUMERIC_S, deadline.silence_s) if self._engine.sounds_numeric else deadline.silence_s
                left = min(started + deadline.total_s, heard + silence_s) - time.monotonic()
                if left <= 0:
                    lines = self._engine.expire()
                    raise ModemSilentError(f"{self._port.url}: no end of the answer to {name} ({len(lines)} lines)")
                self._changed.wait(left)
            return self._inbox.pop(0)

    def _answer(self, got: Answer | OutOfStep | Prompt) -> Answer:
        if isinstance(got, Answer):
            return got
        raise ModemSilentError(f"{self._port.url}: another command's answer came")

    def _raise_if_lost(self) -> None:
        if self._lost:
            raise PortLostError(self._port.url, self._lost.reason)

    def _lose(self, error: PortLostError) -> None:
        with self._changed:
            self._lost = self._lost or error
            self._changed.notify_all()

    def _read_on(self) -> None:
        try:
            while not self._closing and not self._lost:
                data = self._port.read()
                if data:
                    self._received(data)
        except PortLostError as error:
            self._lose(error)
        except Exception as error:
            # A reader that dies unseen would leave a modem deaf for ever.
            log.exception("modem.reader_failed", port=self._port.url)
            self._lose(PortLostError(self._port.url, f"the reader failed: {error!r}"))

    def _received(self, data: bytes) -> None:
        with self._changed:
            self._heard_at = time.monotonic()
            events = self._engine.receive(data)
            self._inbox += [event for event in events if isinstance(event, Answer | OutOfStep | Prompt)]
            self._changed.notify_all()
        for event in events:
            self._announce(event)

    def _announce(self, event: Event) -> None:
        if not isinstance(event, Urc):
            return
        try:
            self._on_urc(event)
        except Exception:
            log.exception("modem.event_handler_failed", code=event.code)
