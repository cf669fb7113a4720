"""The operators and the callers who wait for them.

Each method is one Lua script, so that no two processes ever see half a change: a call has at most one operator, an
operator at most one call, and whoever becomes free is given, in that same script, to the caller who is first in line.

Who calls what: a call's script uses `claim`, `wait`, `keep_waiting`, `leave`, `failed`; the watcher of Asterisk says
what it sees with `saw`, and calls `heartbeat` and `expire` each second. A watcher that starts first says all that it
sees, then begins its heartbeat.

A node is a machine with an Asterisk. A call is given only to phones that its own node reaches.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import cast

from redis import Redis
from redis.client import Pipeline

from redis_queue.connection import TIMEOUT_S
from redis_queue.errors import UnavailableError, UnknownOperatorError
from redis_queue.operators import (
    Claimed,
    DialFailure,
    OperatorProfile,
    OperatorStatus,
    PoolEvent,
    PoolTimes,
    Refusal,
    Refused,
    Waiting,
    WaitingCaller,
)
from redis_queue.pool_scripts import Answer, PoolScripts
from redis_queue.seen import Seen
from redis_queue.states import Cause, OperatorState

CAUSE_OF = {
    DialFailure.NOANSWER: Cause.NO_ANSWER,
    DialFailure.BUSY: Cause.BUSY,
    DialFailure.CHANUNAVAIL: Cause.CHANUNAVAIL,
    DialFailure.CONGESTION: Cause.CONGESTION,
}

Events = tuple[PoolEvent, ...]


class OperatorPool:
    """The pool in one Redis, shared by all processes and machines that use the same prefix; threads may share it.

    `clock` (Unix time in ms) stands in for the server's own. `on_event` is told every event of every method here, after
    the change is made: for the log. Every method raises `UnavailableError` when Redis is away.
    """

    def __init__(
        self,
        redis: Redis,
        prefix: str = "siaga112:",
        *,
        times: PoolTimes | None = None,
        clock: Callable[[], int] | None = None,
        on_event: Callable[[PoolEvent], None] | None = None,
    ) -> None:
        self._scripts = PoolScripts(redis, prefix, times or PoolTimes(), clock, on_event)

    # The roster and what operators want

    def set_roster(self, profiles: Iterable[OperatorProfile]) -> Events:
        """Make these the operators. Those who stay keep state and wishes; the others go, after their call."""
        rows = [
            {
                "extension": profile.extension,
                "name": profile.name,
                "languages": ",".join(profile.languages),
                "skills": ",".join(profile.skills),
                "supervisor": str(int(profile.supervisor)),
                "auto_login": str(int(profile.auto_login)),
            }
            for profile in profiles
        ]
        return self._scripts.run("set_roster", rows).events

    def login(self, extension: str) -> Events:
        """On duty, not paused. Raises `UnknownOperatorError`, as do the next three.

        What they raise `UnavailableError` for is not done later either, when a Redis that stood still goes on.
        """
        return self._wish(extension, Cause.LOGIN)

    def logout(self, extension: str) -> Events:
        """Off duty, after the present call; holds until `login`, for auto_login operators too."""
        return self._wish(extension, Cause.LOGOUT)

    def pause(self, extension: str, reason: str = "") -> Events:
        """No calls, after the present one; `reason` is shown."""
        return self._wish(extension, Cause.PAUSE, reason or Cause.PAUSE)

    def resume(self, extension: str) -> Events:
        """End a pause, or a wrap-up that is not needed."""
        return self._wish(extension, Cause.RESUME)

    def _wish(self, extension: str, wish: Cause, reason: str = "") -> Events:
        # By Redis' own clock, which all machines share: it may have the wish in hand for longer than anybody waits.
        until_ms = self._scripts.now_ms() + round(TIMEOUT_S * 1000)
        answer = self._scripts.run("wish", extension, wish, reason, until_ms)
        if answer.value == "late":
            raise UnavailableError("Redis: was asked too long ago")
        if not answer.truth():
            raise UnknownOperatorError(f"no operator has the extension {extension!r}")
        return answer.events

    # What a call's script asks

    def claim(
        self,
        call_id: str,
        *,
        language: str,
        category: str,
        priority: int,
        node: str,
        number: str = "",
        exclude: frozenset[str] = frozenset(),
    ) -> Claimed | Refused:
        """Claim the best free operator: with the category as skill, then speaking the language, then longest idle.

        First of all comes who talked with `number` within `PoolTimes.same_operator_ms`; "" is nobody's number. Asked
        again, a call gets the same operator, unless that one is now excluded. Who waits in line and is as urgent goes
        first. `priority` 1 is most urgent; `language` and `category` may be empty; who is in `exclude` is passed over.
        Refused as BUSY, NOBODY or BLIND. The caller hears silence until Claimed is obeyed; `tell` its untold then.
        """
        caller = _caller(
            priority=priority, language=language, category=category, node=node, number=number, exclude=exclude
        )
        answer = self._scripts.run_untold("claim", call_id, caller)
        verdict = _verdict(answer)
        if isinstance(verdict, Claimed):
            return Claimed(verdict.extension, answer.untold)
        self.tell(answer.untold)
        return verdict

    def tell(self, events: Iterable[PoolEvent]) -> None:
        """Tell `on_event` what a claim changed, as every other method does by itself."""
        self._scripts.tell(events)

    def wait(
        self,
        call_id: str,
        *,
        priority: int,
        language: str,
        category: str,
        node: str,
        number: str = "",
        arrived_ms: int | None = None,
        exclude: frozenset[str] = frozenset(),
        behind: bool = False,
    ) -> Claimed | Waiting | Refused:
        """Stand in line by priority, then arrival (Unix ms, None = now); Claimed when somebody is free by now.

        `behind`: as if it had come `PoolTimes.behind_ms` later, until `promote`; so those who come within that time go
        first, and nobody else. The place must be kept by `keep_waiting`. Refused as NOBODY or BLIND: then waiting has
        no end.
        """
        caller = _caller(
            priority=priority,
            language=language,
            category=category,
            node=node,
            number=number,
            arrived_ms=arrived_ms,
            exclude=exclude,
            behind=behind,
        )
        return _seat(self._scripts.run("wait", call_id, caller))

    def promote(self, call_id: str) -> Events:
        """Bring one who stands `behind` before all others of the same priority; of any other nothing happens."""
        seen = Seen()
        seen.alive(call_id)
        return self.saw(seen)

    def keep_waiting(self, call_id: str) -> Claimed | Waiting | Refused:
        """Renew the place and learn how it stands: to be asked every 2 s, and at once when woken (`WakeListener`).

        Claimed is the operator that was assigned, now the call's own. Refused (NOBODY, BLIND, LAPSED) is out of line.
        """
        return _seat(self._scripts.run("keep_waiting", call_id))

    def leave(self, call_id: str) -> Events:
        """Want no operator any more: out of the line, and a claim that was not answered is given back."""
        seen = Seen()
        seen.left(call_id)
        return self.saw(seen)

    def failed(self, extension: str, call_id: str, failure: DialFailure) -> Events:
        """Give a claim back that did not become a call.

        NOANSWER twice in a row (`PoolTimes.no_answer_limit`) pauses the operator, until `resume` or an answer: a
        `Moved` to PAUSED is among the events. After the others the operator is offline for `bar_ms`. Of a claim that
        is no more, nothing happens.
        """
        return self._scripts.run("failed", extension, call_id, CAUSE_OF[failure]).events

    # What the watcher saw

    def saw(self, seen: Seen, along: Pipeline | None = None) -> Events:
        """Take all that was seen, in order, with one script; then whoever became free is given to whoever waits.

        `along`: commands that go before it in the same transaction, so in one round trip and one write to the disk.
        """
        return self._scripts.run_along(along, "seen", seen.rows).events

    def set_reachable(self, extension: str, reachable: bool, *, node: str, in_use: bool = False) -> Events:
        """Say whether the node reaches the phone; saying what is known already changes nothing.

        `in_use`: it has a call there, of whatever kind, or rings: then the operator is given no other.
        """
        seen = Seen()
        seen.phone(extension, reachable, in_use=in_use, node=node)
        return self.saw(seen)

    def heartbeat(self, node: str, ttl_s: float) -> bool:
        """Say that what the pool holds of this node's phones can be trusted for the next `ttl_s` seconds.

        False: the node is new here, or was silent for so long that its phones were forgotten: say them again.
        """
        return self._scripts.run("heartbeat", node, str(round(ttl_s * 1000))).truth()

    def watcher_alive(self) -> bool:
        """Whether any node's watcher has said so lately."""
        return self._scripts.run("watcher_alive").truth()

    def nodes(self) -> frozenset[str]:
        """The nodes whose watchers have said so lately."""
        return frozenset(cast("list[str]", self._scripts.run("nodes").rows()))

    def ringing(self, extension: str, call_id: str) -> Events:
        """The claimed operator's phone rings: renews the lease. Of phones that ring without a claim nothing is kept."""
        seen = Seen()
        seen.ringing(extension, call_id)
        return self.saw(seen)

    def answered(self, extension: str, call_id: str, *, number: str = "", wrap_up_s: float = 0.0) -> Events:
        """The operator talks with the caller, by a claim or by the fallback: outweighs whatever the pool held.

        `number`: the caller's as `claim` takes it, where none was claimed; `wrap_up_s`: for who had the caller before.
        """
        seen = Seen()
        seen.answered(extension, call_id, number=number, wrap_up_s=wrap_up_s)
        return self.saw(seen)

    def ended(self, call_id: str, wrap_up_s: float = 0.0) -> Events:
        """The call is over: out of the line, its operator freed; who talked wraps up, unless somebody waits."""
        seen = Seen()
        seen.ended(call_id, wrap_up_s)
        return self.saw(seen)

    def renew(self, call_ids: Iterable[str]) -> Events:
        """These calls are up: their operators go on talking for another lease."""
        seen = Seen()
        seen.up(call_ids)
        return self.saw(seen)

    def expire(self) -> Events:
        """End what time ends: leases, wrap-ups, bars, callers whose script died. Doing it twice does no harm."""
        return self._scripts.run("expire").events

    # What people look at

    def snapshot(self) -> list[OperatorStatus]:
        """Return all operators, by extension."""
        rows = sorted(self._scripts.run("snapshot").rows(), key=lambda row: str(row["extension"]))
        return [
            OperatorStatus(
                extension=row["extension"],
                name=row["name"],
                state=OperatorState(row["state"]),
                since=_time(row["since"]),
                call_id=row["call_id"] or None,
                reason=row["reason"],
                in_use=frozenset(filter(None, row["in_use"].split(","))),
            )
            for row in rows
        ]

    def waiting(self) -> list[WaitingCaller]:
        """Return the line, who is next first."""
        return [
            WaitingCaller(
                call_id=row["call_id"],
                position=position,
                priority=row["priority"],
                language=row["language"],
                category=row["category"],
                node=row["node"],
                arrived=_time(row["arrived"]),
                exclude=frozenset(filter(None, row["exclude"].split(","))),
            )
            for position, row in enumerate(self._scripts.run("waiting").rows(), start=1)
        ]


def _caller(
    *,
    priority: int,
    language: str,
    category: str,
    exclude: frozenset[str],
    node: str,
    number: str,
    arrived_ms: int | None = None,
    behind: bool = False,
) -> dict[str, object]:
    return {
        "priority": priority,
        "language": language,
        "category": category,
        "node": node,
        "number": number,
        "arrived": "" if arrived_ms is None else arrived_ms,
        "exclude": ",".join(sorted(exclude)),
        "place": "back" if behind else "",
    }


def _seat(answer: Answer) -> Claimed | Waiting | Refused:
    fields = answer.fields()
    if "position" not in fields:
        return _verdict(answer)
    expected_ms = fields.get("expected")
    expected_s = None if expected_ms is None else expected_ms / 1000
    return Waiting(fields["position"], expected_s, fields["watched"] / 1000)


def _verdict(answer: Answer) -> Claimed | Refused:
    fields = answer.fields()
    return Refused(Refusal(fields["refused"])) if "refused" in fields else Claimed(fields["extension"])


def _time(unix_ms: int) -> datetime:
    return datetime.fromtimestamp(unix_ms / 1000, UTC)
