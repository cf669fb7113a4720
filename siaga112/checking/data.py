"""Where messages and tickets are kept: Redis and the database."""

from collections.abc import Iterator

from redis_queue.connection import Durability, check_keeps
from redis_queue.errors import QueueError
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, sound
from tickets.errors import TicketsError


def redis(where: Surroundings) -> Iterator[Verdict]:
    """Whether Redis answers, and keeps what it acknowledges."""
    private = not where.settings.redis.url.get_secret_value()
    if private and not where.running:
        yield sound("redis")  # `up` starts it, with the right settings
        return
    try:
        kept = check_keeps(where.app.redis, allow_volatile=where.settings.redis.allow_volatile)
    except QueueError as error:
        mend = "siaga112 up starts it again" if private else "start it, and look at [redis] url"
        yield fault("redis", str(error), mend)
        return
    finally:
        where.app.redis.close()
    if kept in {Durability.ALWAYS, Durability.VOLATILE}:
        yield sound("redis")
    else:
        problem = f"Redis writes with appendfsync {kept}: the last messages may be lost with the power"
        yield fault("redis", problem, "set appendfsync always")


def database(where: Surroundings) -> Iterator[Verdict]:
    """Whether the database answers, and has the schema of this program."""
    if not where.settings.store.url.get_secret_value() and not where.paths.database.exists():
        yield sound("database")  # `up` makes it
        return
    store = where.app.store
    try:
        revision, wanted = store.revisions()
    except TicketsError as error:
        yield fault("database", str(error), "start it, and look at [store] url")
        return
    finally:
        store.close()
    if revision == wanted:
        yield sound("database")
    else:
        problem = f"its schema is {revision or 'not there'}, this program needs {wanted}"
        yield fault("database", problem, "siaga112 db upgrade")
