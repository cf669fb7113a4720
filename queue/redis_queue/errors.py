"""What can go wrong in what waits, and what to do about it.

QueueError
├── UrlError              the configuration names no Redis: say it and stop
├── DirectoryError        the private server cannot live there: say it and stop
├── AccessError           the server knows us not, or does not let us: say it and stop
├── NotKeptError          the server forgets what it holds: say it and stop
├── UnavailableError      away, slow or full: try again, and leave the message or the call where it is
├── UnknownOperatorError  nobody on the roster has that extension: say it to who asked
└── UnknownLetterError    no dead letter has that id: say it to who asked
"""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions as redis_errors

# Answers of a server that lives but does not serve: disk full (MISCONF), memory full (OOM), too few replicas
# (NOREPLICAS), a replica after a failover (READONLY, MASTERDOWN), in a script (BUSY), reading its file (LOADING).
_NOT_NOW = ("MISCONF", "OOM", "NOREPLICAS", "READONLY", "MASTERDOWN", "BUSY ", "LOADING")


class QueueError(Exception):
    """Base of all errors of this package; each kind is a decision of its own, as above."""


class UrlError(QueueError):
    """The Redis URL cannot be read; the text says what would be right and never repeats the password."""


class DirectoryError(QueueError):
    """The private server's directory or socket path cannot be used."""


class AccessError(QueueError):
    """The server refuses the user, the password, or this user's right to a command."""


class NotKeptError(QueueError):
    """The server would forget messages at a restart or when its memory is full; the text holds the mend."""


class UnavailableError(QueueError):
    """The server did not answer in time or does not serve now. Whether the command was done is not known."""


class UnknownOperatorError(QueueError):
    """The extension is not on the roster."""


class UnknownLetterError(QueueError):
    """There is no dead letter of that id: never was, or it was retried already."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn what redis-py raises for a server that cannot serve into errors of ours; our own faults pass as they are."""
    try:
        yield
    except (
        redis_errors.AuthenticationError,
        redis_errors.AuthorizationError,
        redis_errors.NoPermissionError,
    ) as error:
        raise AccessError(f"Redis: {_said(error)}") from error
    except (redis_errors.ConnectionError, redis_errors.TimeoutError, redis_errors.ReadOnlyError) as error:
        raise UnavailableError(f"Redis: {_said(error)}") from error
    except redis_errors.ResponseError as error:
        if isinstance(error, redis_errors.OutOfMemoryError) or _said(error).startswith(_NOT_NOW):
            raise UnavailableError(f"Redis: {_said(error)}") from error
        raise


def _said(error: redis_errors.RedisError) -> str:
    """The server's own words: in a pipeline redis-py puts the command before them, with what citizens wrote."""
    return str(error).rpartition("caused error: ")[2]
