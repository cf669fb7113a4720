"""A small city whose calls come over FastAGI: its settings, its sounds, and what its scripts told."""

import time
from pathlib import Path
from typing import Any, cast

from redis import Redis

from redis_queue.names import CALL_STREAM
from siaga112.settings import Settings
from tests.support.call_desk import city
from tests.support.pool import NODE
from tests.support.ports import free_port
from tests.support.sounds import write_prompts
from tickets.calls.facts import CallFact

CALL_ID = "1718000000.12"
"""Uniqueid of a fake Asterisk's call, unless the test says otherwise."""


def agi_city(state_dir: Path, redis_url: str) -> Settings:
    """Two categories, prompts of 0.1 s and a free port."""
    small = city(f'[redis]\nurl = "{redis_url}"\n[asterisk]\nagi_port = {free_port()}\n')
    here = small.model_copy(update={"site": small.site.model_copy(update={"state_dir": state_dir, "node": NODE})})
    write_prompts(here)
    return here


def told(redis: Redis, count: int) -> list[CallFact]:
    """The first `count` facts in the stream; waits for them."""
    found: list[tuple[str, dict[str, str]]] = []
    deadline = time.monotonic() + 30
    while len(found) < count:
        assert time.monotonic() < deadline, f"{count} facts were expected, {len(found)} came"
        last = found[-1][0] if found else "0"
        answer = cast("list[Any]", redis.xread({CALL_STREAM: last}, block=400))
        found += answer[0][1] if answer else []
    return [CallFact.from_fields(fields) for _, fields in found]
