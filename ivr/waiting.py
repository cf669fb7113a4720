"""One caller for whom nobody is free yet: music, "stay on the line", and the pool's push the moment somebody is."""

import time

from ivr import prompts
from ivr.call import Call, Chosen
from ivr.call_states import Event
from ivr.desk import Desk
from ivr.line import Line
from redis_queue.operators import Claimed, Refusal, Refused, Waiting
from redis_queue.wake import Waiter

# How often the place is renewed and asked for even without a push; the place itself is kept for three times as long.
TICK_SECONDS = 2.0
STAY_EVERY_SECONDS = 20.0

Seat = Claimed | Waiting | Refused


class WaitingRoom:
    """Keeps a call's place in line. A push that comes during an announcement is heard at its end, 3 s later at most."""

    def __init__(self, call: Call, chosen: Chosen, line: Line, desk: Desk) -> None:
        self._call = call
        self._chosen = chosen
        self._line = line
        self._desk = desk
        self._arrived_ms = round(time.time() * 1000)
        self._began = desk.clock()
        self._announce_at = self._began
        self._next_piece = prompts.BUSY

    def wait(self) -> Claimed | Event:
        """The operator, or why there will be none. Raises `LineLost` and the pool's errors."""
        with self._desk.wakes.register(self._call.call_id) as waiter:
            seat: Seat = self._stand()
            while isinstance(seat, Waiting):
                if (over := self._over()) is not None:
                    return over
                self._pass_time(waiter)
                seat = self._asked()
        if isinstance(seat, Refused):
            return Event.NO_OPERATOR
        self._line.stop_music()
        return seat

    def _stand(self) -> Seat:
        return self._desk.pool.wait(
            self._call.call_id,
            priority=self._chosen.priority,
            language=self._chosen.language,
            category=self._chosen.category,
            node=self._call.node,
            arrived_ms=self._arrived_ms,
            exclude=frozenset(self._call.tried),
        )

    def _asked(self) -> Seat:
        seat = self._desk.pool.keep_waiting(self._call.call_id)
        # The place was lost while Redis or this machine stood still: back to where it was.
        return self._stand() if seat == Refused(Refusal.LAPSED) else seat

    def _over(self) -> Event | None:
        routing = self._desk.settings.routing
        if self._desk.closing.is_set():
            return Event.CLOSING
        if routing.fallback_number and self._desk.clock() - self._began >= routing.fallback_seconds:
            return Event.WAITED_TOO_LONG
        return None

    def _pass_time(self, waiter: Waiter) -> None:
        left = self._announce_at - self._desk.clock()
        if left <= 0:
            self._announce()
        elif self._line.wait(waiter.fileno(), min(left, TICK_SECONDS)):
            waiter.clear()

    def _announce(self) -> None:
        first = self._next_piece == prompts.BUSY
        piece = self._desk.prompts.find(self._next_piece, self._chosen.language)
        if not first:
            self._line.stop_music()  # Asterisk plays no file while music is on
        if piece is not None:
            self._line.play(piece)
        self._line.start_music()
        self._next_piece = prompts.STAY
        routing = self._desk.settings.routing
        following = self._began + routing.stay_on_line_seconds if first else self._announce_at + STAY_EVERY_SECONDS
        self._announce_at = max(following, self._desk.clock() + TICK_SECONDS)
