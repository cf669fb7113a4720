"""One call, from its arrival to a route, the fallback or its end. `call_states` says what may follow what.

It never ends a call, never keeps one that it cannot serve, and leaves nothing reserved for a caller who is gone. From a
caller's choice until the operator's phone rings nothing is done that can wait: facts and log lines come after.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from ivr.call import Call, Chosen, Route, chosen_from
from ivr.call_states import FINAL, Event, State, after
from ivr.desk import Desk
from ivr.line import Line, LineLost
from ivr.menu.menu import KEY_SECONDS
from ivr.menu.walk import MenuWalk
from ivr.prompts import catalogue
from ivr.waiting import WaitingRoom
from redis_queue.errors import QueueError
from redis_queue.operators import Claimed, DialFailure, Refusal, Refused
from siaga112 import log
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind

_REFUSALS = {Refusal.BUSY: Event.BUSY, Refusal.NOBODY: Event.NO_OPERATOR}
_HANDED_OVER = frozenset({Event.NO_OPERATOR, Event.WAITED_TOO_LONG})

_log = log.get(__name__)


class _Seen(NamedTuple):
    """What makes a fact, which is put together when there is time for it."""

    kind: CallFactKind
    at: datetime
    chosen: Chosen
    operator: str | None


class CallFlow:
    """Runs one call; `run` is called once."""

    def __init__(self, call: Call, line: Line, desk: Desk) -> None:
        self._call = call
        self._line = line
        self._desk = desk
        self._chosen = call.chosen or Chosen(desk.menu.language)
        self._noted = call.chosen is not None
        self._claimed = Claimed("")
        self._in_pool = False
        self._seen: list[_Seen] = []
        self._way: list[str] = []
        self._steps = {
            State.START: self._start,
            State.CHALLENGE: self._challenge,
            State.LANGUAGE: self._ask_language,
            State.MENU: self._ask_category,
            State.CLAIM: self._claim,
            State.WAIT: self._wait,
            State.ROUTE: self._route,
        }

    def run(self) -> State:
        """Serve the call; how it left our hands."""
        try:
            state = self._walk()
        finally:
            self._send()
            _log.debug("call.went", way=self._way)
        _log.info("call.served", outcome=state, operator=self._claimed.extension, category=self._chosen.category)
        return state

    def _walk(self) -> State:
        state = State.START
        while state not in FINAL:
            event = self._step(state)
            self._way.append(f"{state} {event}")
            state = after(state, event)
        if state is not State.ROUTED:
            self._let_go()
        return state

    def _step(self, state: State) -> Event:
        try:
            return self._steps[state]()
        except LineLost as reason:
            _log.info("call.lost", reason=str(reason))
            return Event.HUNG_UP
        except QueueError as error:
            _log.error("call.pool_lost", error=str(error))
            return Event.POOL_LOST

    # -- the states

    def _start(self) -> Event:
        if self._call.chosen is not None:
            self._report_failure()
            return Event.TRIED_BEFORE
        self._saw(CallFactKind.ARRIVED)
        self._send()
        return Event.DIVERTED if self._is_diverted() else self._beginning()

    def _is_diverted(self) -> bool:
        number = self._call.own_number
        try:
            diverted = bool(number) and self._desk.remembered.misuse.is_diverted(number)
        except QueueError as error:
            _log.warning("call.not_looked_up", reason=str(error))  # then nobody is kept from the menu
            return False
        if diverted:
            _log.warning("call.diverted", number=number)
        return diverted

    def _beginning(self) -> Event:
        return Event.LANGUAGE_WANTED if self._desk.menu.languages else Event.CATEGORY_WANTED

    def _challenge(self) -> Event:
        key = self._play([catalogue.PRANK_CHALLENGE]) or self._line.key(KEY_SECONDS)
        return self._nothing_chosen("") if not key and self._is_silent() else self._beginning()

    def _is_silent(self) -> bool:
        """Whether there has been no sign of life; from now on the call counts as silent until there is one."""
        try:
            return self._desk.remembered.signs.missed(self._call.call_id)
        except QueueError as error:
            _log.warning("call.not_looked_up", reason=str(error))
            return False

    def _report_failure(self) -> None:
        failed = self._call.failed
        if failed is not None:
            self._in_pool = True
            self._desk.pool.failed(failed.extension, self._call.call_id, _failure(failed.dial_status))

    def _ask_language(self) -> Event:
        key = self._play(catalogue.welcome(notice=False))
        for choice in () if key else self._desk.menu.languages:
            key = key or self._play([catalogue.language_prompt(choice)], choice.language)
        key = key or self._line.key(KEY_SECONDS) or self._play(self._notice())
        language = self._desk.menu.language_on(key)
        if language is not None:
            self._choose(Chosen(language))
            self._note()
            return Event.CHOSEN
        return self._human_wanted(key)

    def _notice(self) -> tuple[str, ...]:
        return catalogue.recording_notice(said=catalogue.has_notice(self._desk.settings))

    def _ask_category(self) -> Event:
        first = self._notice() if self._desk.menu.languages else (*catalogue.welcome(notice=False), *self._notice())
        walked = MenuWalk(self._desk.menu, self._play, self._line.key).walk(first)
        if walked.choice is None:
            return self._human_wanted(walked.key)
        self._choose(chosen_from(walked.choice, self._chosen.language))
        self._saw(CallFactKind.CHOSEN)
        return Event.CHOSEN

    def _human_wanted(self, key: str) -> Event:
        """No key, or one that nothing lies on; without any sign of life the caller counts as silent."""
        if not key and self._is_silent():
            _log.info("call.silent")
        return self._nothing_chosen(key)

    def _nothing_chosen(self, key: str) -> Event:
        self._choose(Chosen(self._chosen.language))
        return Event.OTHER_KEY if key else Event.SILENT

    def _claim(self) -> Event:
        self._in_pool = True
        try:
            answer = self._ask_pool()
        except QueueError:
            self._note()
            raise
        if isinstance(answer, Claimed):
            self._claimed = answer
            return Event.CLAIMED
        self._note()
        self._send()
        return self._planned(_REFUSALS.get(answer.reason, Event.POOL_BLIND))

    def _ask_pool(self) -> Claimed | Refused:
        return self._desk.pool.claim(
            self._call.call_id,
            language=self._chosen.language,
            category=self._chosen.category,
            priority=self._chosen.priority,
            node=self._call.node,
            number=self._call.own_number,
            exclude=frozenset(self._call.tried),
        )

    def _wait(self) -> Event:
        found = WaitingRoom(self._call, self._chosen, self._line, self._desk).wait()
        if isinstance(found, Claimed):
            self._claimed = found
            return Event.CLAIMED
        return self._planned(found)

    def _planned(self, event: Event) -> Event:
        """What ends in the fallback though nothing failed is said, so that only what failed looks like it."""
        if event in _HANDED_OVER:
            self._line.hand_over(outside=event is Event.WAITED_TOO_LONG)
        return event

    def _route(self) -> Event:
        operator, ring_seconds = self._claimed.extension, self._desk.settings.routing.ring_seconds
        seen_at = datetime.now(UTC)
        try:
            self._line.route(Route(operator, ring_seconds, (*self._call.tried, operator)), self._chosen)
        finally:
            self._desk.pool.tell(self._claimed.untold)
        self._saw(CallFactKind.ROUTED, seen_at, operator)
        return Event.TOLD

    # -- what they share

    def _play(self, names: Iterable[str], language: str = "") -> str:
        """The key that was pressed during these pieces, or ""; what has no sound is passed over."""
        for name in names:
            recording = self._desk.prompts.find(name, language or self._chosen.language)
            key = self._line.play(recording) if recording is not None else ""
            if key:
                return key
        return ""

    def _choose(self, chosen: Chosen) -> None:
        self._chosen, self._noted = chosen, False

    def _note(self) -> None:
        """Leave the choice for whoever has the call next, if that was not done."""
        if not self._noted:
            self._noted = True
            self._line.note(self._chosen)

    def _saw(self, kind: CallFactKind, at: datetime | None = None, operator: str | None = None) -> None:
        """A fact, of this moment unless it says another, for the next `_send`."""
        self._seen.append(_Seen(kind, at or datetime.now(UTC), self._chosen, operator))

    def _send(self) -> None:
        for seen in self._seen:
            self._desk.facts.send(
                CallFact(
                    call_id=self._call.call_id,
                    kind=seen.kind,
                    at=seen.at,
                    caller=self._call.caller,
                    trunk=self._call.trunk,
                    did=self._call.did,
                    node=self._call.node,
                    language=seen.chosen.language,
                    category=seen.chosen.category,
                    operator=seen.operator,
                )
            )
        self._seen.clear()

    def _let_go(self) -> None:
        """Free the dialplan first, then whoever was held for this call: Redis may be what is slow."""
        self._line.end()
        if not self._in_pool:
            return
        try:
            self._desk.pool.leave(self._call.call_id)
        except QueueError as error:
            _log.warning("call.not_left", error=str(error))  # the lease ends by itself


def _failure(dial_status: str) -> DialFailure:
    """What DIALSTATUS says of the operator; one of another kind means that the phone was not rung."""
    return DialFailure(dial_status) if dial_status in list(DialFailure) else DialFailure.CHANUNAVAIL
