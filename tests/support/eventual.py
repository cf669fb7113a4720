"""Waiting for what gives no event."""

import time
from collections.abc import Callable
from typing import TypeVar

LIMIT_S = 30.0
"""For what must happen at some time; how fast it does is no matter of these tests."""

LOOK_EVERY_S = 0.02

Found = TypeVar("Found")


def eventually(what: str, look: Callable[[], Found | None], limit_s: float = LIMIT_S) -> Found:
    """The first thing found that is true; AssertionError when there is none. For what gives no event."""
    until = time.monotonic() + limit_s
    while not (found := look()):
        assert time.monotonic() < until, f"{what}: not within {limit_s:.0f} s"
        time.sleep(LOOK_EVERY_S)
    return found
