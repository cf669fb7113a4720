"""The messages in a modem: listed in every memory, deleted by their places and only as they were listed.

N messages in one memory take N + 2 commands, and two more for each further memory; where there are many, several go on
one line. A batch delete (``AT+CMGD=1,4``) would be one command, and would also delete what arrived after the listing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from hardware.modem.errors import ModemSilentError, RefusedError, StaleListingError
from hardware.modem.listing import StoredPdu, parse_cmgl, parse_cmgr
from hardware.modem.memories import MemoryUse
from hardware.modem.memory_choice import MemoryChoice
from hardware.modem.routed import ROUTED, RoutedPdus
from hardware.modem.together import WORTH_IT, deletions, reads_several, time_for
from hardware.modem.transport.deadlines import listing_deadline
from hardware.modem.transport.link import Link
from hardware.modem.transport.session import Session
from siaga112.log import get

log = get(__name__)

INVALID_INDEX = 321  # TS 27.005 3.2.5: nothing lies there
USUAL_CAPACITY = 255  # one byte of record number, TS 51.011 9.2.3


class MessageStore:
    """Lists and deletes over a session; safe to use from several threads."""

    def __init__(self, session: Session, routed: RoutedPdus) -> None:
        self._session = session
        self._routed = routed
        self._choice = MemoryChoice(session)
        self._listed: set[tuple[str, int]] = set()
        self._listed_in = session.generation
        self._told_deleted: dict[tuple[str, int], str] = {}
        self._fullest = ""
        self._together: bool | None = None  # not known yet
        self._together_in = session.generation

    @property
    def memories(self) -> tuple[str, ...]:
        """The memories that are emptied, in order; one without a name when the modem cannot choose."""
        return self._choice.names

    def discover(self) -> None:
        """Find the memories that this modem has."""
        with self._session.transaction() as link:
            self._choice.discover(link)

    def list_stored(self, only: Collection[str] = ()) -> list[StoredPdu]:
        """Give every message of every memory, and those that were handed over without being stored.

        With `only`, the memories of these names, as far as they are there. A memory that cannot be read does not hide
        the others; when none can, its error is raised.
        """
        with self._session.transaction() as link:
            stored = self._list_all(link, [name for name in self.memories if name in only] or self.memories)
        return [*stored, *self._routed.listed()]

    def delete(self, memory: str, index: int) -> None:
        """Delete one listed message. Nothing there any more is no error. One thread lists and deletes, not several.

        Raises StaleListingError when it was not listed since the modem last started or was tried since the listing;
        RefusedError, ModemSilentError and PortLostError, after which it must be listed again.
        """
        if memory == ROUTED:
            self._routed.delete(index)
            return
        with self._session.transaction() as link:
            self._check_listed(memory, index)
            self._choice.choose(link, memory)
            # Choosing may have told that the modem has just started.
            self._check_listed(memory, index)
            # Before the command: if its answer is lost, the place may be free already and hold a new message soon.
            self._listed.discard((memory, index))
            answer = link.ask(f"AT+CMGD={index}")
            if not answer.ok and answer.final.code != INVALID_INDEX:
                raise RefusedError(_in("AT+CMGD", memory), answer.final)

    def delete_together(self, stored: Sequence[StoredPdu]) -> bool:
        """Delete listed messages of one memory, several on a line; False, and nothing done, when this is not the way.

        Raises as `delete` does; RefusedError when a line was refused, of which nobody knows how much was carried out.
        """
        memory = stored[0].memory
        if memory == ROUTED or len(stored) < WORTH_IT:
            return False
        with self._session.transaction() as link:
            if not self._reads_several(link):
                return False
            self._check_all_listed(stored)
            by_index = {one.index: one.pdu_hex for one in stored}
            for indexes, line in deletions(list(by_index)):
                self._choice.choose(link, memory)
                # Choosing may have told that the modem has just started.
                self._check_all_listed(one for one in stored if one.index in indexes)
                self._listed -= {(memory, index) for index in indexes}
                answer = link.ask(line, time_for(line, len(indexes)))
                if not answer.ok:
                    self._together = False
                    raise RefusedError(_in("AT+CMGD", memory), answer.final)
                self._told_deleted |= {(memory, index): by_index[index] for index in indexes}
        return True

    def learn_together(self) -> None:
        """Find out whether several can be deleted with a line, while there is time for it."""
        with self._session.transaction() as link:
            self._reads_several(link)

    def distrust(self) -> None:
        """Choose the memory anew before the next command: somebody else has chosen one."""
        self._choice.distrust()

    def use(self) -> tuple[MemoryUse, ...]:
        """Give how full each memory is, as the modem counts."""
        with self._session.transaction() as link:
            self._choice.distrust()
            counts = [self._choice.choose(link, memory) for memory in self.memories]
        return tuple(count for count in counts if count)

    def _check_listed(self, memory: str, index: int) -> None:
        if self._listed_in != self._session.generation or (memory, index) not in self._listed:
            raise StaleListingError(f"place {index} in {memory or 'the memory'} is not as it was listed: list again")

    def _check_all_listed(self, stored: Iterable[StoredPdu]) -> None:
        for one in stored:
            self._check_listed(one.memory, one.index)

    def _reads_several(self, link: Link) -> bool:
        if self._together is None or self._together_in != self._session.generation:
            self._together = reads_several(link)
            self._together_in = self._session.generation
        return self._together

    def _list_all(self, link: Link, memories: Iterable[str]) -> list[StoredPdu]:
        generation = self._session.generation
        stored: list[StoredPdu] = []
        failures: list[RefusedError | ModemSilentError] = []
        # The fullest one last: it stays chosen for the deleting.
        for memory in sorted(memories, key=lambda name: name == self._fullest):
            try:
                stored += _without_twins(stored, self._list_memory(link, memory))
            except (RefusedError, ModemSilentError) as error:
                log.warning("modem.memory_passed_over", port=self._session.url, memory=memory, reason=str(error))
                failures.append(error)
        if failures and not stored:
            raise failures[0]
        if any(self._told_deleted.get((one.memory, one.index)) == one.pdu_hex for one in stored):
            log.warning("modem.deletes_one_at_a_time", port=self._session.url)
            self._together = False
        self._told_deleted.clear()
        self._fullest = max(self.memories, key=[one.memory for one in stored].count)
        self._listed = {(one.memory, one.index) for one in stored}
        self._listed_in = generation
        return stored

    def _list_memory(self, link: Link, memory: str) -> list[StoredPdu]:
        self._choice.distrust()
        use = self._choice.choose(link, memory)
        deadline = listing_deadline(use.stored if use else USUAL_CAPACITY, self._session.baudrate)
        answer = link.ask("AT+CMGL=4", deadline)
        if not answer.ok:
            link.ask("AT+CMGF=0")  # a modem that restarted is in text mode, where 4 is no status
            answer = link.ask("AT+CMGL=4", deadline)
        if answer.ok:
            return parse_cmgl(memory, answer.lines)
        if use and use.stored == 0:
            return []
        found = _read_each(link, use) if use else []
        if not found:
            raise RefusedError(_in("AT+CMGL", memory), answer.final)
        return found


def _read_each(link: Link, use: MemoryUse) -> list[StoredPdu]:
    """One rotten record makes some modems refuse the whole listing: then each place is read by itself."""
    found: list[StoredPdu] = []
    for index in range(use.capacity + 1):  # some count from 0, some from 1
        answer = link.ask(f"AT+CMGR={index}")
        if answer.ok:
            found += parse_cmgr(use.name, index, answer.lines)
        if len(found) >= use.stored:
            break
    return found


def _without_twins(stored: list[StoredPdu], more: list[StoredPdu]) -> list[StoredPdu]:
    """Two names of one memory list the same message at the same place: once is enough.

    Should two memories truly hold the same at the same place, the second is listed when the first is deleted.
    """
    known = {(one.index, one.pdu_hex) for one in stored}
    return [one for one in more if (one.index, one.pdu_hex) not in known]


def _in(command: str, memory: str) -> str:
    return f"{command} in {memory or 'the memory'}"
