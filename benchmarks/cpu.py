"""CPU time of processes, from /proc (proc(5))."""

import os
from pathlib import Path

_UTIME, _GROUP = 11, 2  # places after the name in brackets: utime, stime, cutime, cstime; process group


def group_cpu_s(group: int) -> float:
    """Seconds of user and system time that a process group and its ended children have used."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[_GROUP]) == group:
            ticks += sum(int(value) for value in fields[_UTIME : _UTIME + 4])
    return ticks / os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Seconds of user and system time that a process has used, threads that are over among it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(value) for value in fields[_UTIME : _UTIME + 2]) / os.sysconf("SC_CLK_TCK")
