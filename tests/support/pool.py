"""An operator pool under test: a clock that a test moves, and the state table checked at every change."""

from redis import Redis

from redis_queue.operators import (
    Claimed,
    DialFailure,
    Moved,
    OperatorProfile,
    OperatorStatus,
    PoolEvent,
    PoolTimes,
    Refused,
    Waiting,
)
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState, is_legal

TIMES = PoolTimes()
NODE = "node"
"""The machine of a test that has one."""


class Clock:
    """Unix time in milliseconds that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_ms = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.now_ms += round(seconds * 1000)


def check_legal(event: PoolEvent) -> None:
    """Fail on a change that the table of states does not have."""
    if isinstance(event, Moved):
        assert is_legal(event.before, event.cause, event.after), event


def checked_pool(redis: Redis, clock: Clock | None = None, times: PoolTimes = TIMES) -> OperatorPool:
    """A pool whose every change is checked against the table."""
    return OperatorPool(redis, times=times, clock=clock, on_event=check_legal)


def profile(extension: str, **known: object) -> OperatorProfile:
    """An operator on duty whenever the phone is there, unless the test says otherwise."""
    return OperatorProfile(**{"extension": extension, "name": f"Operator {extension}", "auto_login": True, **known})  # type: ignore[arg-type]


def staff(pool: OperatorPool, *profiles: OperatorProfile, watched_s: float = 7200.0) -> None:
    """Make these the operators, all phones reachable and a watcher alive for some time."""
    pool.set_roster(profiles)
    for each in profiles:
        pool.set_reachable(each.extension, True, node=NODE)
    pool.heartbeat(NODE, watched_s)


def status(pool: OperatorPool, extension: str) -> OperatorStatus:
    """One operator of the snapshot."""
    return next(each for each in pool.snapshot() if each.extension == extension)


def states(pool: OperatorPool) -> dict[str, OperatorState]:
    """Every operator's state."""
    return {each.extension: each.state for each in pool.snapshot()}


def claim(
    pool: OperatorPool, call_id: str, *, number: str = "", node: str = NODE, exclude: frozenset[str] = frozenset()
) -> Claimed | Refused:
    """Claim with what a test does not care about filled in."""
    return pool.claim(call_id, language="id", category="medis", priority=1, node=node, number=number, exclude=exclude)


def wait(
    pool: OperatorPool,
    call_id: str,
    *,
    priority: int = 2,
    number: str = "",
    node: str = NODE,
    arrived_ms: int | None = None,
    exclude: frozenset[str] = frozenset(),
    behind: bool = False,
) -> Claimed | Waiting | Refused:
    """Stand in line with what a test does not care about filled in."""
    return pool.wait(
        call_id,
        priority=priority,
        language="id",
        category="",
        node=node,
        number=number,
        arrived_ms=arrived_ms,
        exclude=exclude,
        behind=behind,
    )


def talk(pool: OperatorPool, extension: str, call_id: str) -> None:
    """Ring and answer."""
    pool.ringing(extension, call_id)
    pool.answered(extension, call_id)


def occupy(pool: OperatorPool, *extensions: str) -> None:
    """Have each operator talk, in the call `busy-<extension>`."""
    for extension in extensions:
        pool.answered(extension, f"busy-{extension}")


def stops_answering(pool: OperatorPool, extension: str) -> None:
    """Come on duty, and let the phone ring until the pool pauses it."""
    pool.login(extension)
    pool.set_reachable(extension, True, node=NODE)
    others = frozenset(each.extension for each in pool.snapshot()) - {extension}
    for number in range(TIMES.no_answer_limit):
        claim(pool, f"unanswered-{number}", exclude=others)
        pool.failed(extension, f"unanswered-{number}", DialFailure.NOANSWER)
