"""Takes messages from lines that cannot send them, to lines that can."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from siaga112 import log
from sms_gateway.lines import Lines
from sms_gateway.loopback import is_test_text
from sms_gateway.routing import DETOUR_AT, DOWN_LIMIT_S, Line, attempts_after, detour
from tickets.database.store import Store
from tickets.messages.rerouting import hold_queued, move_outgoing, stranded, waited_for
from tickets.model.message import Message

BATCH = 200
"""Messages moved in one round."""

_log = log.get(__name__)


class Failover:
    """Looks at what waits, again and again."""

    def __init__(self, lines: Lines, store: Store) -> None:
        self._lines = lines
        self._store = store

    def look(self) -> None:
        """Move what should be moved; raises `StoreUnavailableError`, `UnavailableError`."""
        with self._store.reading() as session:
            lines = waited_for(session)
            down = {line for line in lines if self._lines.down_s(line) >= DOWN_LIMIT_S}
            waiting = stranded(session, down, attempts=DETOUR_AT, limit=BATCH)
        ways = self._lines.sms()
        movable = [one for one in waiting if detour(one.line, one.channel, ways)]
        if not movable:
            return
        with self._store.transaction() as session:
            for one in movable:
                message = hold_queued(session, one)
                if message is not None:
                    trouble = "down" if one.line in down else f"{one.attempts} attempts in vain"
                    send_elsewhere(session, message, ways, f"{one.line}: {trouble}")


def send_elsewhere(session: Session, message: Message, lines: Sequence[Line], why: str) -> bool:
    """Queue a message, whose row the caller holds, for another line; False when there is none that works.

    The test of a line says nothing about it when it goes by another one.
    """
    line = message.modem or ""
    way = None if is_test_text(message.text) else detour(line, message.channel, lines)
    if way is None:
        return False
    attempts = attempts_after(message.attempts)
    move_outgoing(session, message, line=way.line, channel=way.channel, attempts=attempts, why=why)
    _log.warning("message.moved", message=message.id, modem=line, by=way.line, channel=way.channel.value, reason=why)
    return True
