"""A part that gives way has less of the processor than the others, as the kernel tells it."""

import subprocess
import sys

from siaga112.parts.giving_way import AUTOGROUP, NICENESS

GIVES_WAY = """
import os
from siaga112.parts.giving_way import AUTOGROUP, give_way
give_way()
give_way()
print(os.getpriority(os.PRIO_PROCESS, 0))
print(*AUTOGROUP.read_text().split()[-1:] if AUTOGROUP.exists() else [])
"""


def said(*, new_session: bool) -> list[str]:
    """The niceness of a process that gave way, twice, and that of its session."""
    command = [sys.executable, "-c", GIVES_WAY]
    done = subprocess.run(command, start_new_session=new_session, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_session_of_its_own() -> None:
    """The supervisor starts each part in a session: process and session both give way, and once is enough."""
    assert [str(NICENESS), *([str(NICENESS)] if AUTOGROUP.exists() else [])] == said(new_session=True)


def test_somebody_elses_session() -> None:
    """Started from a shell it gives way itself, and nothing else of that session does."""
    ours = AUTOGROUP.read_text().split()[-1:] if AUTOGROUP.exists() else []

    assert [str(NICENESS), *ours] == said(new_session=False)
