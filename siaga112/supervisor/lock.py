"""The lock that keeps a state directory to one owner."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siaga112.supervisor.errors import AlreadyRunningError

LOCK_NAME = "up.lock"
"""Its file in the run folder."""


@contextmanager
def sole_owner(run: Path) -> Iterator[None]:
    """Hold the lock in ``run`` that keeps two `up` off one state directory; the kernel frees it however we end.

    Raises AlreadyRunningError.
    """
    lock_file = run / LOCK_NAME
    with lock_file.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"{lock_file}: another `siaga112 up` runs on this state directory") from None
        yield
