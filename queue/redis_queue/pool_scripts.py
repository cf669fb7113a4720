"""Running the pool's Lua scripts: what goes in, what comes out."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from redis import Redis
from redis.client import Pipeline
from redis.commands.core import Script
from redis.exceptions import NoScriptError, RedisError

from redis_queue.direct import Direct
from redis_queue.errors import translated
from redis_queue.lua_files import lua_source
from redis_queue.operators import CallerGone, Moved, NodeSilent, PoolEvent, PoolTimes
from redis_queue.states import Cause, OperatorState

LIBRARY = ("pool_ground", "pool_operators", "pool_choice", "pool_line", "pool_expiry")
SCRIPTS = (
    "claim",
    "expire",
    "failed",
    "heartbeat",
    "keep_waiting",
    "nodes",
    "seen",
    "set_roster",
    "snapshot",
    "wait",
    "waiting",
    "watcher_alive",
    "wish",
)


@dataclass(frozen=True)
class Answer:
    """What one script answered and what it changed."""

    value: object
    changes: Sequence[dict[str, str]]

    @cached_property
    def events(self) -> tuple[PoolEvent, ...]:
        """What was changed, in the pool's own types."""
        return tuple(map(_event, self.changes))

    @property
    def untold(self) -> Iterable[PoolEvent]:
        """The same, put together one by one when somebody takes them."""
        return map(_event, self.changes)

    def truth(self) -> bool:
        """The answer of a script that says yes or no."""
        return self.value is True

    def fields(self) -> dict[str, Any]:
        """The answer of a script that returns an object."""
        return cast("dict[str, Any]", self.value)

    def rows(self) -> list[dict[str, Any]]:
        """The answer of a script that returns a list; Lua cannot tell an empty one from an empty object."""
        return cast("list[dict[str, Any]]", self.value or [])


class PoolScripts:
    """The scripts of one pool: sent by hash, loaded where the server does not know them (EVALSHA, NOSCRIPT)."""

    def __init__(
        self,
        redis: Redis,
        prefix: str,
        times: PoolTimes,
        clock: Callable[[], int] | None,
        on_event: Callable[[PoolEvent], None] | None,
    ) -> None:
        library = lua_source(*LIBRARY)
        self._scripts: dict[str, Script] = {
            name: redis.register_script(f"{library}\n{lua_source(name)}") for name in SCRIPTS
        }
        self._redis = redis
        self._direct = Direct(redis)
        self._prefix = prefix
        self._times = json.dumps(
            {
                "lease": times.lease_ms,
                "waiting_lease": times.waiting_lease_ms,
                "bar": times.bar_ms,
                "overflow": times.overflow_ms,
                "behind": times.behind_ms,
                "same_operator": times.same_operator_ms,
                "no_answer_limit": times.no_answer_limit,
            }
        )
        self._clock = clock
        self._on_event = on_event

    def run(self, name: str, *arguments: object) -> Answer:
        """Run one script; text goes as it is, anything else as JSON.

        Raises:
            UnavailableError: Redis is away; whether the change was made is not known.
        """
        with translated():
            answer = _answer(self._scripts[name](keys=[self._prefix], args=self._arguments(arguments)))
        return self._told(answer)

    def now_ms(self) -> int:
        """The time by which the scripts go: Redis' own, unless a clock stands in for it. Raises `UnavailableError`."""
        if self._clock is not None:
            return self._clock()
        with translated():
            seconds, microseconds = self._redis.time()
        return seconds * 1000 + microseconds // 1000

    def run_untold(self, name: str, *arguments: object) -> Answer:
        """As `run`, for whoever is in a hurry: events are told to nobody until `tell`, and the script may run twice."""
        with translated():
            return _answer(self._direct.run(self._scripts[name], self._prefix, *self._arguments(arguments)))

    def tell(self, events: Iterable[PoolEvent]) -> None:
        """Tell what was changed."""
        if self._on_event is not None:
            for event in events:
                self._on_event(event)

    def run_along(self, along: Pipeline | None, name: str, *arguments: object) -> Answer:
        """The same, after the commands of `along` and in one transaction with them. Raises as `run` does."""
        if along is None or len(along) == 0:
            return self.run(name, *arguments)
        script = self._scripts[name]
        along.evalsha(script.sha, 1, self._prefix, *self._arguments(arguments))
        with translated():
            replies = along.execute(raise_on_error=False)
            failed = next((reply for reply in replies if isinstance(reply, RedisError)), None)
            # A server that was restarted knows no script; what went before it is done.
            if isinstance(failed, NoScriptError):
                return self.run(name, *arguments)
            if failed is not None:
                raise failed
            return self._told(_answer(replies[-1]))

    def _arguments(self, arguments: Sequence[object]) -> list[str]:
        now = "" if self._clock is None else str(self._clock())
        texts = [argument if isinstance(argument, str) else json.dumps(argument) for argument in arguments]
        return [now, self._times, *texts]

    def _told(self, answer: Answer) -> Answer:
        self.tell(answer.events)
        return answer


def _answer(reply: Any) -> Answer:
    fields = json.loads(reply)
    return Answer(fields.get("answer"), fields["events"] or ())


def _event(row: dict[str, str]) -> PoolEvent:
    if "gone" in row:
        return CallerGone(row["gone"])
    if "silent" in row:
        return NodeSilent(row["silent"])
    return Moved(
        extension=row["extension"],
        before=OperatorState(row["before"]),
        after=OperatorState(row["after"]),
        cause=Cause(row["cause"]),
        call_id=row["call_id"] or None,
        reason=row["reason"],
    )
