"""A part that gives way: on a machine that is full, calls have the processor first."""

import os
from pathlib import Path

from siaga112 import log

NICENESS = 10
"""A tenth of the usual weight (sched(7)). By SCHED_IDLE it would get less than a hundredth, and whoever holds the
database's lock without getting on holds up all who write."""

AUTOGROUP = Path("/proc/self/autogroup")

_log = log.get(__name__)


def give_way() -> None:
    """Have this process wait where others of this machine want the processor, but never without end."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
        # Between sessions, and each part is one, only the session's own niceness counts (sched(7), autogroup).
        if os.getsid(0) == os.getpid() and AUTOGROUP.exists():
            AUTOGROUP.write_text(str(NICENESS))
    except OSError as error:
        _log.warning("part.does_not_give_way", reason=str(error))
