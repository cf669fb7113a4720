"""One caller for whom nobody is free yet: music, announcements, and the pool's push the moment somebody is.

Nothing that sounds here holds the script, so a push is obeyed at once, in the middle of a word too.
"""

import math
import time
from collections import deque

from hardware.asterisk.announcements import music_class
from ivr.announcing import Announcing
from ivr.call import Call, Chosen
from ivr.call_states import Event
from ivr.desk import Desk
from ivr.line import Line, Recording
from ivr.prompts.catalogue import CHALLENGE
from redis_queue.operators import Claimed, Refusal, Refused, Waiting
from redis_queue.wake import Waiter

# How often the place is renewed and asked for even without a push; the place itself is kept for three times as long.
TICK_SECONDS = 2.0

FALLEN_BACK_SECONDS = 30.0
"""So long a caller of the fallback stands in line, then it rings again: as long as its own queue would take."""

MARGIN_SECONDS = 0.05
"""Beyond the moment until which the watcher can be trusted; sooner it would be trusted still."""

Seat = Claimed | Waiting | Refused


class WaitingRoom:
    """Keeps a call's place in line."""

    def __init__(self, call: Call, chosen: Chosen, line: Line, desk: Desk) -> None:
        self._call = call
        self._chosen = chosen
        self._line = line
        self._desk = desk
        now_ms = round(time.time() * 1000)
        self._arrived_ms = now_ms if call.arrived_ms is None else min(call.arrived_ms, now_ms)
        self._began = desk.clock()
        self._announcing = Announcing(self._began, desk.settings.routing.stay_on_line_seconds)
        self._pieces: deque[Recording] = deque()
        self._music = False
        self._sounds_until = self._began

    def wait(self) -> Claimed | Event:
        """The operator, or why there will be none. Raises `LineLost` and the pool's errors."""
        with self._desk.wakes.register(self._call.call_id) as waiter:
            seat: Seat = self._stand()
            while isinstance(seat, Waiting):
                if (over := self._over()) is not None:
                    return over
                self._pass_time(waiter, seat)
                seat = self._asked()
        if isinstance(seat, Refused):
            return Event.NO_OPERATOR if seat.reason is Refusal.NOBODY else Event.POOL_BLIND
        self._line.stop_music()
        return seat

    def _stand(self) -> Seat:
        silent = self._is_silent()
        seat = self._desk.pool.wait(
            self._call.call_id,
            priority=self._chosen.priority,
            language=self._chosen.language,
            category=self._chosen.category,
            node=self._call.node,
            number=self._call.own_number,
            arrived_ms=self._arrived_ms,
            exclude=frozenset(self._call.tried),
            behind=silent,
        )
        # A sign of life that came in between found nobody in line to bring forward.
        if silent and not self._is_silent():
            self._desk.pool.promote(self._call.call_id)
        return seat

    def _is_silent(self) -> bool:
        return self._desk.remembered.signs.is_silent(self._call.call_id)

    def _asked(self) -> Seat:
        seat = self._desk.pool.keep_waiting(self._call.call_id)
        # The place was lost while Redis or this machine stood still: back to where it was.
        return self._stand() if seat == Refused(Refusal.LAPSED) else seat

    def _over(self) -> Event | None:
        if self._desk.closing.is_set():
            return Event.CLOSING
        return Event.WAITED_TOO_LONG if self._desk.clock() - self._began >= self._patience_s else None

    @property
    def _patience_s(self) -> float:
        if self._call.fell_back:
            return FALLEN_BACK_SECONDS
        routing = self._desk.settings.routing
        return routing.fallback_seconds if routing.fallback_number else math.inf

    def _pass_time(self, waiter: Waiter, seat: Waiting) -> None:
        now = self._desk.clock()
        if now >= self._sounds_until:
            self._sound(now, seat)
        left = self._sounds_until - self._desk.clock()
        if self._line.wait(waiter.fileno(), max(0.0, min(left, TICK_SECONDS, seat.watched_s + MARGIN_SECONDS))):
            waiter.clear()

    def _sound(self, now: float, seat: Waiting) -> None:
        """Start the next piece of an announcement, else music until the next announcement."""
        if not self._pieces:
            self._pieces.extend(self._recordings(now, seat))
        if self._pieces:
            piece = self._pieces.popleft()
            self._line.start_music(music_class(piece.path))
            self._music = False
            self._sounds_until = self._desk.clock() + piece.seconds
            return
        if not self._music:
            self._line.start_music()
            self._music = True
        self._sounds_until = self._announcing.next_at

    def _recordings(self, now: float, seat: Waiting) -> list[Recording]:
        prompts, language = self._desk.prompts, self._chosen.language
        due = self._announcing.due(now, seat)
        if due and self._is_silent():
            due = [(CHALLENGE, True), *due]
        found = [prompts.find(name, language) if needed else prompts.look(name, language) for name, needed in due]
        return [recording for recording in found if recording is not None]
