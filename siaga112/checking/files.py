"""The disk: who may read what, whether we may write, and whether there is room."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged

LEAST_FREE_BYTES = 1 << 30
"""A day of recordings of a middle-sized city, and Redis' append-only file rewritten beside itself."""

LEAST_FREE_INODES = 1000
OTHERS = stat.S_IRWXG | stat.S_IRWXO
ROOT = 0


def state_dir(where: Surroundings) -> Iterator[Verdict]:
    """Whether the state directory can be written by who runs this."""
    folder = where.paths.state_dir.absolute()
    there = _nearest(folder)
    if not there.is_dir():
        problem, mend = f"{there} is a file, not a folder", "remove it, or name another folder in [site] state_dir"
    elif not os.access(there, os.W_OK | os.X_OK):
        problem = f"{there} cannot be written by {_who()}"
        mend = f"chown -R {_who()} {there}, or run as its owner"
    else:
        yield from judged("state_dir", [])
        return
    yield fault("state_dir", problem, mend)


def disk(where: Surroundings) -> Iterator[Verdict]:
    """Whether there is room for what comes in."""
    folder = _nearest(where.paths.state_dir.absolute())
    free = shutil.disk_usage(folder).free
    faults = []
    if free < LEAST_FREE_BYTES:
        problem = f"{folder} has {free / (1 << 20):.0f} MiB free"
        faults.append(fault("disk", problem, f"free {LEAST_FREE_BYTES >> 20} MiB at least, or move [site] state_dir"))
    system = os.statvfs(folder)
    if system.f_files and system.f_favail < LEAST_FREE_INODES:
        problem = f"{folder} has room for {system.f_favail} more files only"
        faults.append(fault("disk", problem, "remove small files: the file system is out of inodes"))
    yield from judged("disk", faults)


def permissions(where: Surroundings) -> Iterator[Verdict]:
    """Whether what holds secrets is readable by its owner alone."""
    holders = [where.config, where.paths.database, where.paths.state_dir / "recordings"]
    key = where.settings.asterisk.private_key
    holders += [key] if key is not None else []
    faults = [
        fault("permissions", f"{path} can be read by others", f"chmod {'700' if path.is_dir() else '600'} {path}")
        for path in holders
        if path.exists() and _is_open(path.stat(), where.paths.state_dir)
    ]
    yield from judged("permissions", faults)


def _is_open(file: os.stat_result, state_dir: Path) -> bool:
    """Whether others may use it. Root's file that the service's group may read is how an installation keeps it."""
    of_the_service = file.st_uid == ROOT and state_dir.exists() and file.st_gid == state_dir.stat().st_gid
    return bool(file.st_mode & (OTHERS & ~stat.S_IRGRP if of_the_service else OTHERS))


def _nearest(folder: Path) -> Path:
    """The folder itself, else the first above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _who() -> str:
    import pwd  # noqa: PLC0415 - asked only when something is wrong

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
