"""A server that we did not write and that outlives us: what the supervisor needs of it."""

from collections.abc import Iterable
from typing import Protocol


class Backing(Protocol):
    """The managed Asterisk or the private redis-server."""

    name: str

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""

    @property
    def alive(self) -> bool:
        """Whether the process runs."""

    def start(self) -> bool:
        """Start it and wait until it answers; True when one that ran already was adopted. Raises ServerDownError."""

    def descriptors(self) -> Iterable[int]:
        """What becomes readable when it ends."""

    def drain(self) -> None:
        """Take nothing new and let what is in flight end, within its own limit."""

    def stop(self) -> None:
        """End it in good order."""

    def kill(self) -> None:
        """End it at once."""
