"""A call's flow without telephone and without Redis: a line that is scripted, a pool that answers as it is told."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis

from ivr.call import Call, Chosen, Route
from ivr.desk import Desk
from ivr.line import LineLost, Recording
from ivr.menu.source import menu_from
from redis_queue.errors import UnavailableError
from redis_queue.operators import Claimed, DialFailure, PoolEvent, Refused, Waiting
from redis_queue.wake import WakeListener
from siaga112.settings import Settings
from tests.support.configuration import read
from tickets.calls.facts import CallFact

PIECE_SECONDS = 2.0

CITY = """
[site]
name = "Kota Contoh"
languages = ["id", "en"]

[routing]
stay_on_line_seconds = 7

[[agencies]]
code = "damkar"

[[categories]]
code = "kebakaran"
name = { id = "Kebakaran", en = "Fire" }
digit = 1
priority = 1
agencies = ["damkar"]

[[categories]]
code = "lampu"
name = { id = "Lampu jalan", en = "Street lights" }
digit = 2
priority = 3
agencies = ["damkar"]
"""


def city(extra: str = "", routing: str = "") -> Settings:
    """A small city; `extra` goes on top of its configuration, `routing` into that table."""
    return read(extra + CITY.replace("[routing]", f"[routing]\n{routing}"))


def call(**known: object) -> Call:
    """A call that has just come."""
    values = {
        "call_id": "1718000000.12",
        "caller": "+6281234567890",
        "trunk": "telkom-a",
        "did": "112",
        "node": "n1",
        **known,
    }
    return Call(**values)  # type: ignore[arg-type]


class ScriptedLine:
    """Keeps what is done to it; time passes only here.

    `keys` maps a prompt's name, or "" for the silence after the last, to the key pressed there. `lost_at` names the
    step at which the caller hangs up.
    """

    def __init__(self, keys: dict[str, str] | None = None, lost_at: str = "") -> None:
        self.said: list[str] = []
        self.noted: list[Chosen] = []
        self.routed: list[Route] = []
        self.ended = 0
        self.now = 0.0
        self._keys = dict(keys or {})
        self._lost_at = lost_at

    def clock(self) -> float:
        """The time that the line has taken so far, in seconds."""
        return self.now

    def play(self, recording: Recording) -> str:
        """Two seconds, unless a key is pressed."""
        self._step(f"{recording.path.parent.name}/{recording.path.stem}")
        key = self._keys.pop(recording.path.stem, "")
        self.now += 0.5 if key else recording.seconds
        return key

    def key(self, seconds: float) -> str:
        """The key for the silence."""
        self._step("key")
        key = self._keys.pop("", "")
        self.now += 0.5 if key else seconds
        return key

    def start_music(self, music_class: str = "") -> None:
        """Nothing that takes time; an announcement is kept like a prompt."""
        self._step("/".join(music_class.split("-", 3)[2:]) or "music on")

    def stop_music(self) -> None:
        """Nothing that takes time."""
        self._step("music off")

    def wait(self, wake: int, seconds: float) -> bool:
        """The whole time passes and no wake comes."""
        self._step("waiting")
        self.now += seconds
        return False

    def note(self, chosen: Chosen) -> None:
        """Kept."""
        self._step("note")
        self.noted.append(chosen)

    def hand_over(self, *, outside: bool) -> None:
        """Kept."""
        self._step("handed over, outside first" if outside else "handed over")

    def route(self, route: Route, chosen: Chosen) -> None:
        """Kept."""
        self._step("route")
        self.routed.append(route)
        self.noted.append(chosen)

    def end(self) -> None:
        """Counted."""
        self.ended += 1

    def heard(self) -> list[str]:
        """The prompts, in order."""
        return [what for what in self.said if "/" in what]

    def _step(self, what: str) -> None:
        if self._lost_at and what.endswith(self._lost_at):
            raise LineLost(what)
        self.said.append(what)


Answer = Claimed | Waiting | Refused | UnavailableError


class ScriptedPool:
    """Gives the answers in their order; the last one again and again."""

    def __init__(self, *answers: Answer, on_answer: Callable[[], None] | None = None) -> None:
        self.calls: list[str] = []
        self.told: list[PoolEvent] = []
        self.asked: list[dict[str, object]] = []
        self._answers = list(answers)
        self._on_answer = on_answer

    def claim(self, call_id: str, **wanted: object) -> Answer:
        """The next answer."""
        return self._next("claim", wanted)

    def wait(self, call_id: str, **wanted: object) -> Answer:
        """The next answer."""
        return self._next("wait", wanted)

    def keep_waiting(self, call_id: str) -> Answer:
        """The next answer."""
        return self._next("keep_waiting", {})

    def leave(self, call_id: str) -> None:
        """Kept."""
        self.calls.append("leave")

    def tell(self, events: Iterable[PoolEvent]) -> None:
        """Kept."""
        self.told.extend(events)

    def promote(self, call_id: str) -> None:
        """Kept."""
        self.calls.append("promote")

    def failed(self, extension: str, call_id: str, failure: DialFailure) -> None:
        """Kept."""
        self.calls.append(f"failed {extension} {failure}")

    def _next(self, what: str, wanted: dict[str, object]) -> Answer:
        self.calls.append(what)
        self.asked.append(wanted)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if self._on_answer is not None:
            self._on_answer()
        if isinstance(answer, UnavailableError):
            raise answer
        return answer


@dataclass
class KeptFacts:
    """Facts that were sent; `away`: none can be written down at once."""

    sent: list[CallFact] = field(default_factory=list)
    away: bool = False

    def send(self, fact: CallFact) -> None:
        """Keep it."""
        self.sent.append(fact)

    def send_now(self, fact: CallFact) -> None:
        """Keep it, unless there is nowhere to keep it."""
        if self.away:
            raise UnavailableError("away")
        self.sent.append(fact)


@dataclass
class KeptInMind:
    """What Redis would know beside the pool; `heard` tells whether the caller has been heard by now."""

    diverted: frozenset[str] = frozenset()
    heard: Callable[[], bool] = bool  # not at all
    asked: bool = False
    call_of: Mapping[str, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)

    @property
    def signs(self) -> "KeptInMind":
        """Signs of life."""
        return self

    @property
    def misuse(self) -> "KeptInMind":
        """Diverted numbers."""
        return self

    @property
    def last_calls(self) -> "KeptInMind":
        """Operators' last calls."""
        return self

    @property
    def callbacks(self) -> "KeptInMind":
        """The call-back list."""
        return self

    def missed(self, call_id: str) -> bool:
        """Nothing came."""
        self.asked = True
        return self.is_silent(call_id)

    def is_silent(self, call_id: str) -> bool:
        """Nothing came where something was expected."""
        return self.asked and not self.heard()

    def is_diverted(self, number: str) -> bool:
        """As the test says."""
        return number in self.diverted

    def of(self, extension: str) -> str | None:
        """The operator's last call."""
        return self.call_of.get(extension)

    def next(self, may_be_called: Callable[[str], bool]) -> str | None:
        """The next of the call-back list that may be called."""
        for number in filter(may_be_called, self.numbers):
            self.numbers.remove(number)
            return number
        return None


@dataclass
class AllPrompts:
    """Every prompt is there, two seconds long, but those in `missing`."""

    missing: Sequence[str] = ()

    def find(self, name: str, language: str) -> Recording | None:
        """A path that tells language and name."""
        return None if name in self.missing else Recording(Path(f"/prompts/{language}/{name}.wav"), PIECE_SECONDS)

    def look(self, name: str, language: str) -> Recording | None:
        """The same."""
        return self.find(name, language)


def desk(
    line: ScriptedLine,
    pool: ScriptedPool,
    settings: Settings | None = None,
    facts: KeptFacts | None = None,
    missing: Sequence[str] = (),
    *,
    remembered: KeptInMind | None = None,
) -> Desk:
    """A desk of these; no thread and no connection is opened."""
    chosen = settings or city()
    return Desk(
        settings=chosen,
        menu=menu_from(chosen),
        prompts=AllPrompts(missing),  # type: ignore[arg-type]
        pool=pool,  # type: ignore[arg-type]
        wakes=WakeListener(_no_connection),
        facts=facts or KeptFacts(),  # type: ignore[arg-type]
        remembered=remembered or KeptInMind(),  # type: ignore[arg-type]
        closing=threading.Event(),
        clock=line.clock,
    )


def _no_connection() -> Redis:
    raise AssertionError("a listener that was not started connects to nothing")
