"""How often each entry of a stream was tried in vain: written down before a try, so that one that kills us counts too.

Finished and dead entries are forgotten by the stream itself (`Stream.done`, `Stream.dead`).
"""

from redis_queue.errors import translated
from redis_queue.streams import Entry, Stream


class Tries:
    """The tries of one stream; threads and processes may share it. Raises `UnavailableError` without Redis."""

    def __init__(self, stream: Stream) -> None:
        self._redis = stream.redis
        self._name = stream.tried_name

    def of(self, entry: Entry) -> int:
        """How often it was tried in vain as far as is written down; of a new entry nobody is asked."""
        if entry.deliveries == 1:
            return 0
        with translated():
            return int(self._redis.hget(self._name, entry.id) or 0)

    def note(self, tries: int, *entries: Entry) -> None:
        """Write down how often: one more before a try, as before after one that does not count."""
        with translated():
            self._redis.hset(self._name, mapping={entry.id: str(tries) for entry in entries})
