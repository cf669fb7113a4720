"""What each FastAGI server does in a call: the same commands, bare or with the routing of a real call.

A conversation is a generator that yields commands and is sent the keys; the servers speak them in their own ways.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agi_scripts.services import open_desk
from ivr.desk import Desk
from redis_queue.operators import Claimed
from siaga112.settings import load
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind


@dataclass(frozen=True, slots=True)
class Play:
    """STREAM FILE with every key as an escape."""

    file: str


@dataclass(frozen=True, slots=True)
class Set:
    """SET VARIABLE."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SetAll:
    """EXEC MSet: several variables in one command."""

    values: tuple[str, ...]


Command = Play | Set | SetAll
Conversation = Generator[Command, str, None]

ESCAPE = "0123456789*#"


@dataclass(frozen=True, slots=True)
class Given:
    """What a server is started with: its port, the sound, and the desk unless it is bare."""

    port: int
    greeting: str
    desk: Desk | None

    def conversation(self, call_id: str, caller: str) -> Conversation:
        """What is said in one call."""
        return bare(self.greeting) if self.desk is None else routed(self.greeting, self.desk, call_id, caller)


def given(stack: ExitStack) -> Given:
    """What the environment says."""
    desk = open_here(stack) if os.environ["BENCH_ROUTED"] == "1" else None
    return Given(int(os.environ["BENCH_PORT"]), os.environ["BENCH_GREETING"], desk)


def open_here(stack: ExitStack) -> Desk:
    """The city's desk."""
    return stack.enter_context(open_desk(load(Path(os.environ["BENCH_CONFIG"]), {})))


def bare(greeting: str) -> Conversation:
    """A key and a route."""
    key = yield Play(greeting)
    yield Set("SIAGA112_CATEGORY", key)
    yield Set("SIAGA112_ROUTE", "PJSIP/2001")
    yield Set("SIAGA112_DONE", "1")


def routed(greeting: str, desk: Desk, call_id: str, caller: str) -> Conversation:
    """The commands, the claim and the facts of a call to our own script."""

    def fact(kind: CallFactKind, operator: str | None = None) -> CallFact:
        return CallFact(
            call_id=call_id, kind=kind, at=datetime.now(UTC), caller=caller, trunk="carrier", operator=operator
        )

    desk.facts.send(fact(CallFactKind.ARRIVED))
    yield Set("TIMEOUT(absolute)", "4.0")
    yield Play(greeting)
    chosen = fact(CallFactKind.CHOSEN)
    answer = desk.pool.claim(
        call_id, language="id", category="kebakaran", priority=1, node=desk.settings.node, number=caller
    )
    if not isinstance(answer, Claimed):
        return
    operator = answer.extension
    values = {
        "LANGUAGE": "id",
        "CATEGORY": "kebakaran",
        "PRIORITY": "1",
        "LABEL": "Kebakaran",
        "OPERATOR": operator,
        "ROUTE": f"PJSIP/{operator}",
        "RING": "15",
        "TRIED": operator,
        "DONE": "1",
    }
    yield SetAll(tuple(f"SIAGA112_{name}={value}" for name, value in values.items()))
    for told in (chosen, fact(CallFactKind.ROUTED, operator)):
        desk.facts.send(told)
