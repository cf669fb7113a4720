"""The lock that keeps a state directory to one owner."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siaga112.supervisor.errors import AlreadyRunningError

LOCK_NAME = "up.lock"
"""Its file in the run folder."""


def digest(config: Path) -> str:
    """What tells one content of a configuration file from another; "" where it cannot be read."""
    try:
        return hashlib.sha256(config.read_bytes()).hexdigest()
    except OSError:
        return ""


def began_with(run: Path) -> str:
    """The digest of the configuration that the owner of ``run`` began with; "" when that is not known."""
    found, _, pid = (run / LOCK_NAME).read_text().partition(" ")
    # Who holds the lock now may be another, which writes nothing: a part that a service manager runs.
    return found if pid and Path(f"/proc/{pid}").exists() else ""


@contextmanager
def sole_owner(run: Path, began_with: str = "") -> Iterator[None]:
    """Hold the lock in ``run`` that keeps two `up` off one state directory; the kernel frees it however we end.

    ``began_with``, a `digest`, is kept in it. Raises AlreadyRunningError.
    """
    lock_file = run / LOCK_NAME
    # Not emptied before it is ours: what it holds is the owner's.
    with lock_file.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"{lock_file}: another `siaga112 up` runs on this state directory") from None
        held.truncate(0)
        held.write(f"{began_with} {os.getpid()}")
        held.flush()
        yield
