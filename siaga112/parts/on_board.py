"""Lines that a part looks after are said to be so on the board, while the part runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from redis_queue.errors import QueueError
from siaga112 import log
from siaga112.app import App
from siaga112.parts.periodic import Periodic
from sms_gateway.health_board import SAY_EVERY_S, HealthBoard


@contextmanager
def on_board(app: App, names: Sequence[str]) -> Iterator[None]:
    """Say that these lines are looked after, on a thread of its own: each line's may be busy for minutes."""
    board = HealthBoard(app.redis)
    with Periodic("lines-on-board", lambda: board.serve(names), every_s=SAY_EVERY_S, at_once=True):
        yield
    try:
        board.leave(names)
    except QueueError as error:
        log.get(__name__).warning("line.health_not_shown", lines=names, reason=str(error))
