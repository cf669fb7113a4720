"""A server that we did not write and that outlives us: what the supervisor needs of it."""

from typing import Protocol


class Backing(Protocol):
    """The managed Asterisk or the private redis-server."""

    name: str

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""

    def start(self) -> bool:
        """Start it and wait until it answers; True when one that ran already was adopted. Raises ServerDownError."""

    def fileno(self) -> int:
        """A descriptor that becomes readable when it ends; there once `start` has returned."""

    def answers(self, limit_s: float) -> bool:
        """Whether it answers within ``limit_s``."""

    def tidy(self) -> None:
        """Keep its log files from growing for ever."""

    def drain(self) -> None:
        """Take nothing new and let what is in flight end, within its own limit."""

    def stop(self) -> None:
        """End it in good order."""

    def kill(self) -> None:
        """End it at once, frozen or not."""
