"""A message memory with numbered places (TS 27.005 3.1, <mem>)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardware.modem.listing import MessageStatus

# What a fault puts into every free place: a draft is nothing that came, so nobody may delete it unasked.
FILLING = "0001000A8121436587090000036176"


@dataclass(slots=True)
class Entry:
    """One stored message. The PDU is kept as it was given, good or bad."""

    status: MessageStatus
    pdu: str

    def read(self) -> None:
        """Reading takes the newness away."""
        if self.status is MessageStatus.REC_UNREAD:
            self.status = MessageStatus.REC_READ


class Memory:
    """So many places from `first` on; a message takes the lowest free one."""

    def __init__(self, name: str, capacity: int, first: int = 1) -> None:
        self.name = name
        self.capacity = capacity
        self._first = first
        self._places: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._places)

    @property
    def full(self) -> bool:
        """Whether nothing more fits in."""
        return len(self._places) >= self.capacity

    def add(self, entry: Entry) -> int:
        """Store it and give its place; the caller has seen that there is room."""
        index = next(place for place in self.indexes() if place not in self._places)
        self._places[index] = entry
        return index

    def indexes(self) -> range:
        """All places there are."""
        return range(self._first, self._first + self.capacity)

    def get(self, index: int) -> Entry | None:
        """Give what lies at a place."""
        return self._places.get(index)

    def delete(self, index: int) -> None:
        """Free a place; a free one stays free."""
        self._places.pop(index, None)

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Give all messages by place."""
        yield from sorted(self._places.items())

    def fill(self) -> None:
        """Put a draft into every free place."""
        while not self.full:
            self.add(Entry(MessageStatus.STO_UNSENT, FILLING))

    def make_room(self) -> None:
        """Take those drafts away again."""
        self._places = {index: entry for index, entry in self._places.items() if entry.pdu != FILLING}
