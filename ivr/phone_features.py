"""What an operator dials on the phone: one feature, done and said. The dialplan says whose phone it is.

Every feature may raise the pool's errors: then nothing is said, and the phone hears that nothing was done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ivr.call import node_of
from ivr.desk import Desk
from redis_queue.errors import UnknownOperatorError
from redis_queue.states import OperatorState
from siaga112 import log, phone
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Mark

_log = log.get(__name__)


class Feature(StrEnum):
    """The keys of `[features]` that are dialled."""

    LOGIN = "login"
    LOGOUT = "logout"
    PAUSE = "pause"
    RESUME = "resume"
    PRANK = "prank"
    GHOST = "ghost"
    CALLBACK = "callback"
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


class Following(StrEnum):
    """What the dialplan does after the word."""

    NOTHING = ""
    CALL = "call"
    LISTEN = "listen"


@dataclass(frozen=True, slots=True)
class Dialled:
    """A feature code, from the phone of `operator`; `target` is the extension that it is about, or "". `node` is the
    Asterisk where it was dialled, "" where there is one.
    """

    feature: Feature
    operator: str
    target: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the prompt that says so ("": a tone), and what follows. `number` is whom to call back."""

    said: str
    good: bool = True
    following: Following = Following.NOTHING
    number: str = ""


REFUSED = Done("not-allowed", good=False)


def serve(dialled: Dialled, desk: Desk) -> Done:
    """Do it."""
    try:
        return _FEATURES[dialled.feature](dialled, desk)
    except UnknownOperatorError:
        return REFUSED


def _login(dialled: Dialled, desk: Desk) -> Done:
    desk.pool.login(dialled.operator)
    return Done("logged-in")


def _logout(dialled: Dialled, desk: Desk) -> Done:
    desk.pool.logout(dialled.operator)
    return Done("logged-out")


def _pause(dialled: Dialled, desk: Desk) -> Done:
    desk.pool.pause(dialled.operator)
    return Done("paused")


def _resume(dialled: Dialled, desk: Desk) -> Done:
    desk.pool.resume(dialled.operator)
    # Who has gone off duty and thinks that this ends it would sit there and get no call.
    off_duty = {status.extension for status in desk.pool.snapshot() if status.is_off_duty}
    return Done("logged-out", good=False) if dialled.operator in off_duty else Done("resumed")


def _mark(dialled: Dialled, desk: Desk) -> Done:
    call_id = desk.remembered.last_calls.of(dialled.operator)
    if call_id is None:
        return Done("nothing-marked", good=False)
    mark = Mark(dialled.feature.value)
    actor = f"operator:{dialled.operator}"
    desk.facts.send(CallFact(call_id=call_id, kind=CallFactKind.MARKED, at=datetime.now(UTC), mark=mark, actor=actor))
    return Done(f"marked-{mark}")


def _call_back(dialled: Dialled, desk: Desk) -> Done:
    site, routing = desk.settings.site, desk.settings.routing
    barred: list[str] = []

    def may_be_called(number: str) -> bool:
        bar = phone.call_bar(number, site.country, routing.callback_countries)
        barred.extend([number] if bar else [])
        return bar is None

    number = desk.remembered.callbacks.next(may_be_called)
    if barred:
        _log.warning("callback.barred", operator=dialled.operator, number=barred[0], numbers_barred=len(barred))
    if number is None:
        return Done("callback-barred" if barred else "no-callbacks", good=False)
    return Done("calling-back", following=Following.CALL, number=number)


def _listen(dialled: Dialled, desk: Desk) -> Done:
    if not _is_supervisor(dialled.operator, desk) or dialled.target == dialled.operator:
        return REFUSED
    call_id = _callers_call(dialled.target, desk)
    # An Asterisk can only listen to calls of its own.
    if call_id is None or node_of(call_id) != dialled.node:
        return Done("", good=False)
    # Nobody hears a word before that is written down, whatever becomes of this process.
    desk.facts.send_now(
        CallFact(
            call_id=call_id,
            kind=CallFactKind.LISTENED,
            at=datetime.now(UTC),
            actor=f"operator:{dialled.operator}",
            detail=dialled.feature.value,
        )
    )
    return Done("", following=Following.LISTEN)


def _is_supervisor(extension: str, desk: Desk) -> bool:
    return any(operator.supervisor for operator in desk.settings.operators if operator.extension == extension)


def _callers_call(extension: str, desk: Desk) -> str | None:
    """The call in which this operator talks with a caller now."""
    talks = (status for status in desk.pool.snapshot() if status.state is OperatorState.TALKING)
    call_id = next((status.call_id for status in talks if status.extension == extension), None)
    # What the operator's own phone dialled is no caller's call, and has no record that could tell of the listening.
    return call_id if call_id == desk.remembered.last_calls.of(extension) else None


_FEATURES: Mapping[Feature, Callable[[Dialled, Desk], Done]] = {
    Feature.LOGIN: _login,
    Feature.LOGOUT: _logout,
    Feature.PAUSE: _pause,
    Feature.RESUME: _resume,
    Feature.PRANK: _mark,
    Feature.GHOST: _mark,
    Feature.CALLBACK: _call_back,
    Feature.LISTEN: _listen,
    Feature.WHISPER: _listen,
    Feature.BARGE: _listen,
}
