"""What the checks look at: a configuration, where it lies, and whether its city runs now."""

import fcntl
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from siaga112.app import App
from siaga112.paths import StatePaths
from siaga112.settings import Settings
from siaga112.supervisor.lock import LOCK_NAME, began_with, digest


@dataclass(frozen=True)
class Surroundings:
    """One installation on this machine; looking changes nothing."""

    config: Path
    settings: Settings

    @cached_property
    def app(self) -> App:
        """The way to its servers."""
        return App(self.settings)

    @property
    def paths(self) -> StatePaths:
        """Where it keeps things."""
        return self.app.paths

    @property
    def telephony(self) -> bool:
        """Whether it has anything to do with telephones."""
        return bool(self.settings.trunks or self.settings.operators)

    @cached_property
    def running(self) -> bool:
        """Whether an `up` holds this state directory: then its ports are taken, and by whom they should be."""
        try:
            with (self.paths.run / LOCK_NAME).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except (FileNotFoundError, NotADirectoryError):
            return False
        return False

    @property
    def changed(self) -> bool:
        """Whether the configuration is another than the one that the running `up` has read."""
        return self.running and began_with(self.paths.run) not in {"", digest(self.config)}
