"""Which of a modem's memories is chosen (AT+CPMS), so that no index is ever used in the wrong one."""

from __future__ import annotations

import time

from hardware.modem.errors import ModemSilentError, RefusedError
from hardware.modem.memories import MemoryUse, candidates, parse_readable, parse_use, without_union
from hardware.modem.transport.link import Link
from hardware.modem.transport.session import Session

CURRENT = ""  # a modem without AT+CPMS has one memory, which has no name
# A choice is trusted for this long: a modem that restarts without a word falls back to its default memory.
TRUSTED_S = 5.0

# TS 27.005 3.2.2 lets mem1 stand alone; some modems want all three.
_FORMS = ('AT+CPMS="{0}"', 'AT+CPMS="{0}","{0}","{0}"')


class MemoryChoice:
    """Finds the memories of one modem and chooses among them. Callers hold the session's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._commands: dict[str, str] = {}
        self._counting: set[str] = set()
        self._use: MemoryUse | None = None
        self._chosen = CURRENT
        self._chosen_in = session.generation
        self._trusted_until = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """The memories that can be read, in the order of emptying; CURRENT alone when the modem cannot choose."""
        return tuple(self._commands) or (CURRENT,)

    def discover(self, link: Link) -> None:
        """Find the memories that can be read and how to choose each."""
        readable = parse_readable(link.ask("AT+CPMS=?").lines)
        found = {name: command for name in candidates(readable) if (command := _working_command(link, name))}
        self._counting.clear()
        self._commands = {name: found[name] for name in without_union(found)}
        self.distrust()

    def choose(self, link: Link, memory: str) -> MemoryUse | None:
        """Make `memory` the one that indexes mean; give how full it was when it was chosen, where the modem says.

        Raises RefusedError, ModemSilentError, PortLostError.
        """
        if memory == CURRENT or self._is_chosen(memory):
            return self._use
        self.distrust()
        answer = link.ask(self._commands[memory])
        if not answer.ok:
            raise RefusedError(f'AT+CPMS="{memory}"', answer.final)
        use = parse_use(memory, answer.lines)
        if use is None and memory in self._counting:
            # It always told numbers: this OK belongs to an earlier command, and the next answers would be mixed up.
            link.distrust()
            raise ModemSilentError(f'another command\'s answer to AT+CPMS="{memory}"')
        if use:
            self._counting.add(memory)
        self._use = use
        self._chosen, self._chosen_in = memory, self._session.generation
        self._trusted_until = time.monotonic() + TRUSTED_S
        return self._use

    def distrust(self) -> None:
        """Choose anew the next time, which also counts anew."""
        self._trusted_until = 0.0
        self._use = None

    def _is_chosen(self, memory: str) -> bool:
        same = memory == self._chosen and self._chosen_in == self._session.generation
        return same and time.monotonic() < self._trusted_until


def _working_command(link: Link, memory: str) -> str:
    commands = (form.format(memory) for form in _FORMS)
    return next((command for command in commands if link.ask(command).ok), "")
