"""Reading a stream as one consumer of its group.

The order of a read: first what this consumer was given before it was restarted, then what was given to consumers that
died, then what is new. Each step is a cursor that moves on, so one entry that cannot be handled never hides the next.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from redis import exceptions as redis_errors

from redis_queue.connection import MAX_BLOCK_MS
from redis_queue.errors import translated
from redis_queue.lua_files import lua_source
from redis_queue.streams import Entry, Stream, is_no_group

_BEGIN = "0-0"
_Row = tuple[str, Mapping[str, str] | None]


class StreamReader:
    """One consumer; not for several threads. Its name must be the same after a restart (node and part, not a pid).

    `claim_idle_ms`: an entry that another consumer holds for longer is taken over. Who handles entries for longer than
    that says meanwhile, by `hold`, that they are in hand; else a living consumer's work is done twice.
    """

    def __init__(self, stream: Stream, consumer: str, *, claim_idle_ms: int = 60_000) -> None:
        self._stream = stream
        self._consumer = consumer
        self._claim_idle_ms = claim_idle_ms
        self._hold = stream.redis.register_script(lua_source("hold"))
        self._own_cursor: str | None = _BEGIN  # None: all that was ours before has been given again
        self._claim_cursor = _BEGIN

    def read(self, count: int = 10, block_ms: int = MAX_BLOCK_MS) -> list[Entry]:
        """Return up to `count` entries; waits up to `block_ms` (1 to 3000) for new ones, then returns none.

        Raises:
            UnavailableError: the server is away; nothing is lost, read again later.
        """
        if not 0 < block_ms <= MAX_BLOCK_MS:
            raise ValueError(f"block_ms is 1 to {MAX_BLOCK_MS}, not {block_ms}")
        try:
            with translated():
                return self._own(count) or self._abandoned(count) or self._new(count, block_ms)
        except redis_errors.ResponseError as error:
            if not is_no_group(error):
                raise
            self._stream.ensure()
            return []

    def rewind(self) -> None:
        """Have all that was read and is not done given again, oldest first: after a failure that was not theirs."""
        self._own_cursor = _BEGIN

    def hold(self, entries: Sequence[Entry]) -> int:
        """Say that these are in hand: nobody takes them over for the next `claim_idle_ms`. From any thread.

        Returns how many are still this consumer's own; what was taken over meanwhile stays there.

        Raises:
            UnavailableError: the server is away.
        """
        if not entries:
            return 0
        args = [self._stream.group, self._consumer, *(entry.id for entry in entries)]
        try:
            with translated():
                return cast(int, self._hold(keys=[self._stream.name], args=args))
        except redis_errors.ResponseError as error:
            if not is_no_group(error):
                raise
            return 0

    def _own(self, count: int) -> list[Entry]:
        while self._own_cursor is not None:
            rows = self._group_read(self._own_cursor, count, None)
            self._own_cursor = rows[-1][0] if rows else None
            if entries := self._living(rows):
                return entries
        return []

    def _abandoned(self, count: int) -> list[Entry]:
        stream = self._stream
        cursor, rows, _deleted = stream.redis.xautoclaim(
            stream.name, stream.group, self._consumer, self._claim_idle_ms, start_id=self._claim_cursor, count=count
        )
        self._claim_cursor = cursor
        return self._living(rows)

    def _new(self, count: int, block_ms: int) -> list[Entry]:
        return [Entry(row_id, fields) for row_id, fields in self._group_read(">", count, block_ms) if fields]

    def _group_read(self, after: str, count: int, block_ms: int | None) -> list[_Row]:
        stream = self._stream
        reply = stream.redis.xreadgroup(stream.group, self._consumer, {stream.name: after}, count=count, block=block_ms)
        return cast("list[tuple[str, list[_Row]]]", reply)[0][1] if reply else []

    def _living(self, rows: list[_Row]) -> list[Entry]:
        """Count the deliveries of entries that were given before; those deleted since are only taken off the list."""
        stream = self._stream
        gone = [row_id for row_id, fields in rows if not fields]
        if gone:
            stream.redis.xack(stream.name, stream.group, *gone)
        living = [(row_id, fields) for row_id, fields in rows if fields]
        if not living:
            return []
        pipeline = stream.redis.pipeline(transaction=False)
        for row_id, _fields in living:
            pipeline.xpending_range(stream.name, stream.group, row_id, row_id, 1)
        counts = pipeline.execute()
        return [
            Entry(row_id, fields, found[0]["times_delivered"] if found else 1)
            for (row_id, fields), found in zip(living, counts, strict=True)
        ]
