"""The library's input and output on our session: what its SerialComms does with a port and a thread, done by ours."""

from __future__ import annotations

import logging
from typing import Any

from hardware.modem.at.events import Answer
from hardware.modem.at.results import Final
from hardware.modem.at.urc import prefix
from hardware.modem.errors import LibraryPathError, ModemSilentError
from hardware.modem.library import SerialComms, TimeoutException
from hardware.modem.transport.deadlines import Deadline, deadline_of, name_of
from hardware.modem.transport.link import Link
from hardware.modem.transport.optional import SILENCE
from hardware.modem.transport.session import Session

# TS 27.007 9.2: SIM busy; 515 is Wavecom's "please wait". The library tries again for ever, with growing pauses.
_BUSY = frozenset({14, 515})
BUSY_LIMIT = 5

# What the library wants is so when it is called. ATZ would bring back the stored profile, which may have ATV0.
_SET_ALREADY = frozenset({"ATZ", "ATE0", "AT+CMEE=1", "AT+CMGF=0"})


class EngineComms(SerialComms):  # type: ignore[misc]  # the library has no types
    """Stands where SerialComms stood below GsmModem: `super().connect()` and `super().write()` land here."""

    def __init__(self, port: str, baudrate: int, *, session: Session, **library: Any) -> None:
        super().__init__(port, baudrate, **library)
        # It logs commands as they are, numbers and PIN included. This logger has no handler and no parent.
        self.log = logging.Logger("gsmmodem", level=logging.CRITICAL + 1)
        self._session = session
        self._refused: set[str] = set()
        self._busy_answers = 0

    def connect(self) -> None:
        """Nothing is opened here: whoever has the library set up has opened the session."""
        self._session.make_ready()
        self.alive = True

    def memory_changed(self) -> None:
        """The library has chosen a memory; called while nobody else can use the line."""

    def close(self) -> None:
        """Let the port go."""
        self.alive = False
        self._session.close()

    def write(
        self,
        data: str,
        waitForResponse: bool = True,  # noqa: N803 - the library's name
        timeout: float = 10,
        expectedResponseTermSeq: str | None = None,  # noqa: N803
    ) -> list[str]:
        """Run one command for the library; gives the lines of its answer and the final result, as the library reads it.

        Raises PortLostError, and the library's own TimeoutException.
        """
        if not waitForResponse or expectedResponseTermSeq:
            raise LibraryPathError("commands with a prompt are sent by Modem.send")
        command = data.strip()
        if command in _SET_ALREADY:
            return ["OK"]
        usual = deadline_of(command)
        longest = max(timeout, usual.total_s)
        try:
            with self._session.transaction() as link:
                answer = self._ask(link, command, Deadline(longest, longest))
        except ModemSilentError as error:
            raise TimeoutException from error
        if not answer.ok and not command.endswith("?"):  # a query is how the library finds out what there is
            self._refused.add(name_of(command))
        return [*_own_lines(answer), self._result(answer.final)]

    def _ask(self, link: Link, command: str, deadline: Deadline) -> Answer:
        """All that the library asks can be done without: what this modem says nothing to is not waited for again."""
        name = name_of(command)
        if name in link.unanswered:
            return Answer(command, (), SILENCE)
        try:
            return link.ask(command, deadline)
        except ModemSilentError:
            link.unanswered.add(name)
            raise

    def _result(self, final: Final) -> str:
        self._busy_answers = self._busy_answers + 1 if final.code in _BUSY else 0
        if final.ok:
            return final.text
        if final.code is None or self._busy_answers > BUSY_LIMIT:
            return "ERROR"
        return f"{final.kind.value}: {final.code}"


def _own_lines(answer: Answer) -> list[str]:
    """The library takes the first line for the answer: where some bear the command's name, others are not it."""
    name = name_of(answer.command).removeprefix("AT")
    own = [line for line in answer.lines if prefix(line) == name]
    return own or list(answer.lines)
