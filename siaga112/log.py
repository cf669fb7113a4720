"""Logs: events with context, on standard error, one line each.

    log = get(__name__)
    log.info("call.answered", operator="1001", caller=caller)

An event is `subject.verb` in the past; everything else is a value. What belongs to a call, a message or a job is bound
once through `structlog.contextvars`. On a terminal lines are for people, anywhere else each is a JSON object.

Whatever a value holds, it stays inside its line: control characters are escaped. Numbers of people are masked, secrets
never appear.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from siaga112 import phone

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

_NUMBER_KEYS = frozenset(
    {
        "callback", "called", "caller", "caller_id", "callerid", "connected", "contact", "destination", "from", "from_",
        "iccid", "imei", "imsi", "msisdn", "number", "numbers", "peer", "phone", "recipient", "recipients", "reporter",
        "sender", "to", "to_",
    }
)  # fmt: skip
_SECRET_WORDS = frozenset({"authorization", "cookie", "passwd", "password", "pin", "puk", "secret", "token"})
# A number with its country or trunk prefix, wherever it stands; an Asterisk uniqueid (1718000000.12) is none.
_NUMBER_INSIDE = re.compile(r"(?<![\w.])(?:\+[0-9]{8,15}|(?:0|62)[0-9]{8,14}(?!\w))")
_SHORTEST_NUMBER = 9
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*:[^/@\s]*(?=@)")


def get(name: str) -> FilteringBoundLogger:
    """The logger for a module; it reads the configuration at its first event, so it may be made at import."""
    return cast(FilteringBoundLogger, structlog.get_logger(module=name))


def configure(component: str, *, level: str = "info", json: bool | None = None) -> None:
    """Send every event of this process, those of libraries included, to standard error.

    `component` names the process in each line. `level` is one of `LEVELS`. `json`: None takes JSON unless standard
    error is a terminal.
    """
    stream = sys.stderr
    as_json = not stream.isatty() if json is None else json
    render: Processor = (
        structlog.processors.JSONRenderer(default=repr)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), repr_native_str=True)
    )
    shared = _processors(component)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=lambda *_: _LineLogger(stream),
        cache_logger_on_first_use=False,
    )
    _adopt_library_logs(stream, shared, render)


def describe_exception(error: BaseException) -> str:
    """`error` on one line: type, message, and the way to it, innermost frame first."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    way = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    because = f" because {describe_exception(cause)}" if cause is not None else ""
    return f"{type(error).__name__}: {error}{f' [{way}]' if way else ''}{because}"


class _LineLogger:
    """Writes finished lines. A closed terminal or a full disk must not end a call; nowhere else is left to say so."""

    _lock = threading.Lock()

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        try:
            with self._lock:
                self._stream.write(line + "\n")
                self._stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = warn = error = critical = fatal = exception = failure = log = msg


def _processors(component: str) -> list[Processor]:
    def add_component(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {"component": component, **event}

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_component,
        _render_exception,
        make_safe,
    ]


def _adopt_library_logs(stream: TextIO, shared: list[Processor], render: Processor) -> None:
    """Libraries log through `logging`: the same lines, from warnings up; what they say below is theirs alone."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_add_module, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def _add_module(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    return {**event, "module": record.name}


def _render_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        event["exception"] = describe_exception(error)
    return event


def make_safe(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask the numbers, drop the secrets and escape the control characters of an event."""
    return {key: _safe(key, value) for key, value in event.items() if not _is_secret(key, value)}


def _is_secret(key: str, value: object) -> bool:
    # Whether there is a PIN may be said; what it is may not.
    return not isinstance(value, bool | None) and not _SECRET_WORDS.isdisjoint(key.lower().split("_"))


def _safe(key: str, value: object) -> Any:
    match value:
        case str():
            return _safe_text(phone.mask(value) if key.lower() in _NUMBER_KEYS else value)
        case bytes():
            return _safe_text(repr(value)[2:-1])
        case bool() | int() | float() | None:
            return phone.mask(str(value)) if key.lower() in _NUMBER_KEYS and type(value) is int else value
        case Mapping():
            return {
                str(name): _safe(str(name), item) for name, item in value.items() if not _is_secret(str(name), item)
            }
        case list() | tuple() | set() | frozenset():
            return [_safe(key, item) for item in value]
        case _:
            return _safe_text(repr(value))


def _safe_text(text: str) -> str:
    # Most values are a word: for them even a search that finds nothing takes most of the time of a line.
    masked = _CREDENTIALS.sub("***", text) if "@" in text else text
    if len(masked) >= _SHORTEST_NUMBER:
        masked = _NUMBER_INSIDE.sub(lambda number: phone.mask(number[0]), masked)
    return masked if masked.isprintable() else "".join(map(_escape, masked))


def _escape(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
