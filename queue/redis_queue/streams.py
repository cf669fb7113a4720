"""A durable stream: nothing leaves it before somebody said that it is done.

An entry is given to one consumer of the group, and given again when that one died. Delivery is at least once: a lost
answer, a slow consumer or a server that failed over gives an entry twice, so consumers need a unique key.
The stream is never trimmed: MAXLEN deletes entries that nobody has read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from redis import Redis
from redis import exceptions as redis_errors
from redis.typing import EncodableT, FieldT

from redis_queue.errors import UnknownLetterError, translated
from redis_queue.lua_files import lua_source

DEAD_SUFFIX = ":dead"
TRIED_SUFFIX = ":tried"
_REASON, _ENTRY_ID = "_reason", "_id"  # what `dead` adds to an entry's own fields


@dataclass(frozen=True)
class Entry:
    """One entry as it was added; `deliveries` counts how often it was given out, this time included."""

    id: str
    fields: Mapping[str, str] = field(repr=False)  # may hold what a citizen wrote
    deliveries: int = 1


@dataclass(frozen=True)
class DeadLetter:
    """An entry that was given up, with the reason; `id` is for `retry`, `died_ms` is Unix time in milliseconds."""

    id: str
    entry_id: str
    reason: str
    fields: Mapping[str, str] = field(repr=False)

    @property
    def died_ms(self) -> int:
        """When it was given up: stream ids begin with the server's time."""
        return int(self.id.partition("-")[0])


class Stream:
    """One stream with its consumer group, its dead letters (in `<name>:dead`) and its `tries.Tries` (`<name>:tried`).

    Every method raises `UnavailableError` when the server is away, slow or full.
    """

    def __init__(self, redis: Redis, name: str, group: str = "workers") -> None:
        self.redis = redis
        self.name = name
        self.group = group
        self.dead_name = name + DEAD_SUFFIX
        self.tried_name = name + TRIED_SUFFIX
        self._bury = redis.register_script(lua_source("bury"))
        self._retry = redis.register_script(lua_source("retry_dead_letter"))

    def ensure(self) -> None:
        """Create stream and group where missing. The group begins at 0: what was added before is read too."""
        try:
            with translated():
                self.redis.xgroup_create(self.name, self.group, id="0", mkstream=True)
        except redis_errors.ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def add(self, fields: Mapping[str, str]) -> str:
        """Append an entry and return its id; when this returns the server has it as durable as it is set to.

        After `UnavailableError` the entry may be there or not: add it again, the consumer drops what came twice.
        """
        with translated():
            return cast(str, self.redis.xadd(self.name, _fields(fields)))

    def add_all(self, many: Iterable[Mapping[str, str]]) -> list[str]:
        """Append several entries in order with one round trip (and one fsync), all or, on an error, perhaps some."""
        pipeline = self.redis.pipeline(transaction=False)
        for fields in many:
            pipeline.xadd(self.name, _fields(fields))
        with translated():
            return cast("list[str]", pipeline.execute())

    def done(self, *entries: Entry) -> None:
        """Take handled entries out of the stream; saying it twice does no harm."""
        ids = [entry.id for entry in entries]
        if not ids:
            return
        pipeline = self.redis.pipeline(transaction=True)
        pipeline.xack(self.name, self.group, *ids)
        pipeline.xdel(self.name, *ids)
        pipeline.hdel(self.tried_name, *ids)
        with translated():
            pipeline.execute()

    def dead(self, entry: Entry, reason: str) -> None:
        """Move an entry to the dead letters: for a decided fault of the entry itself, never of its surroundings."""
        fields = {**entry.fields, _REASON: reason, _ENTRY_ID: entry.id}
        flat = [text for pair in fields.items() for text in pair]
        with translated():
            self._bury(keys=[self.name, self.dead_name, self.tried_name], args=[self.group, entry.id, *flat])

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """Return the newest dead letters, newest first."""
        with translated():
            rows = cast("list[tuple[str, dict[str, str]]]", self.redis.xrevrange(self.dead_name, count=limit))
        return [_letter(row_id, fields) for row_id, fields in rows]

    def retry(self, letter_id: str) -> str:
        """Put a dead letter back at the end of the stream and return its new id there.

        Raises:
            UnknownLetterError: there is none of that id.
        """
        try:
            with translated():
                new_id = self._retry(keys=[self.dead_name, self.name], args=[letter_id])
        except redis_errors.ResponseError as error:
            if "Invalid stream ID" not in str(error):
                raise
            new_id = None
        if new_id is None:
            raise UnknownLetterError(f"{letter_id!r} is no dead letter of {self.name}")
        return cast(str, new_id)

    def length(self) -> int:
        """Return how many entries are not done yet, those being handled included."""
        with translated():
            return self.redis.xlen(self.name)

    def pending(self) -> int:
        """Return how many entries were given to a consumer and are not done yet."""
        try:
            with translated():
                return cast(int, self.redis.xpending(self.name, self.group)["pending"])
        except redis_errors.ResponseError as error:
            if not is_no_group(error):
                raise
            return 0


def is_no_group(error: redis_errors.ResponseError) -> bool:
    """Whether stream or group are missing: never made, flushed, or deleted under a blocked reader (UNBLOCKED)."""
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))


def _fields(fields: Mapping[str, str]) -> dict[FieldT, EncodableT]:
    if not fields or any(name.startswith("_") for name in fields):
        raise ValueError("an entry has at least one field, and no field's name begins with '_'")
    return cast("dict[FieldT, EncodableT]", dict(fields))


def _letter(letter_id: str, fields: Mapping[str, str]) -> DeadLetter:
    own = {name: value for name, value in fields.items() if name not in (_REASON, _ENTRY_ID)}
    return DeadLetter(letter_id, fields.get(_ENTRY_ID, ""), fields.get(_REASON, ""), own)
