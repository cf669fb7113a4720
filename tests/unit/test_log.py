"""Log lines: one each, whatever they hold; no number of a person, no secret."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from siaga112 import log


class Terminal(StringIO):
    """Standard error on a terminal."""

    def isatty(self) -> bool:
        return True


class Closed(StringIO):
    """Standard error whose other end has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(text)


Lines = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """What a test configures is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers, root.level = handlers, level


def line(capsys: Lines) -> dict[str, Any]:
    """The one event that was logged."""
    (text,) = capsys.readouterr().err.splitlines()
    event: dict[str, Any] = json.loads(text)
    return event


def test_an_event_is_a_json_object_on_one_line(capsys: Lines) -> None:
    """Away from a terminal a line has the event, the process, the module and what was bound to the call."""
    log.configure("worker")
    structlog.contextvars.bind_contextvars(call_id="1718000000.12")
    log.get("sms_gateway.worker").info("job.done", attempt=2)

    event = line(capsys)

    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "job.done",
        "level": "info",
        "component": "worker",
        "module": "sms_gateway.worker",
        "call_id": "1718000000.12",
        "attempt": 2,
    }


def test_a_terminal_gets_lines_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal an event is text, not JSON."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    log.configure("worker")
    log.get("m").info("job.done")

    assert "job.done" in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")


@pytest.mark.parametrize(("level", "events"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_decides_what_is_said(capsys: Lines, level: str, events: int) -> None:
    """Events below the level leave no line."""
    log.configure("worker", level=level)
    logger = log.get("m")
    for say in (logger.debug, logger.info, logger.warning, logger.error):
        say("thing.happened")

    assert events == len(capsys.readouterr().err.splitlines())


VALUES = {
    "number": ({"caller": "+628123450001"}, {"caller": "+62812****001"}),
    "number as an integer": ({"msisdn": 628123450001}, {"msisdn": "6281*****001"}),
    "numbers in a list": ({"to": ["+628123450001", "112"]}, {"to": ["+62812****001", "112"]}),
    "number within a value": (
        {"reply": "gagal ke 08123450001."},
        {"reply": "gagal ke 0812****001."},
    ),
    "number in an address": ({"uri": "sip:+628123450001@10.0.0.1"}, {"uri": "sip:+62812****001@10.0.0.1"}),
    "number in a mapping": ({"job": {"sender": "08123450001"}}, {"job": {"sender": "0812****001"}}),
    "number that is a ticket's": ({"number": "BWI-2026-000123"}, {"number": "BWI-2026-000123"}),
    "call": ({"uniqueid": "1718000000.12"}, {"uniqueid": "1718000000.12"}),
    "nobody": ({"caller": None}, {"caller": None}),
    "password": ({"password": "sesame", "left": 1}, {"left": 1}),
    "other secrets": ({"ami_secret": "a", "auth_token": "b", "pin": "1234", "PUK": 12345678}, {}),
    "secret in a mapping": ({"modem": {"pin": "1234", "name": "a"}}, {"modem": {"name": "a"}}),
    "that there is a secret": ({"pin_refused": True}, {"pin_refused": True}),
    "password in an address": ({"url": "redis://user:sesame@host/0"}, {"url": "redis://***@host/0"}),
    "bytes": ({"raw": b"AT+CPIN?\r\n\x00"}, {"raw": "AT+CPIN?\\r\\n\\x00"}),
    "line break": ({"text": "a\r\nb"}, {"text": "a\\r\\nb"}),
    "escape sequence": ({"text": "\x1b[2J"}, {"text": "\\x1b[2J"}),
    "line separator": ({"text": "a\u2028b\x85c"}, {"text": "a\\u2028b\\x85c"}),
    "letters of all kinds": ({"text": "kobong 火 ü"}, {"text": "kobong 火 ü"}),
    "object": ({"state": object}, {"state": "<class 'object'>"}),
}


@pytest.mark.parametrize(("given_", "logged"), VALUES.values(), ids=VALUES.keys())
def test_values_are_made_safe(capsys: Lines, given_: dict[str, Any], logged: dict[str, Any]) -> None:
    """Numbers are masked, secrets left out, control characters escaped, at any depth."""
    log.configure("worker")
    log.get("m").info("thing.happened", **given_)

    event = line(capsys)

    assert logged == {key: event[key] for key in event.keys() - {"event", "level", "component", "module", "timestamp"}}


@given(st.text(), st.text(), st.booleans())
def test_no_value_ends_its_line(event: str, value: str, as_json: bool) -> None:
    """Neither the event's name nor a value can begin a line of its own, in either form."""
    safe = log.make_safe(None, "info", {"event": event, "text": value, "list": [value], "map": {"k": value}})
    rendered = json.dumps(safe) if as_json else repr(safe)

    assert all(part.isprintable() for part in (safe["event"], safe["text"], *safe["list"], *safe["map"].values()))
    assert len(rendered.splitlines()) == 1


def test_a_terminal_line_cannot_be_forged(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a value is quoted: it can neither add a key nor a line, nor move the cursor."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    log.configure("worker")
    log.get("m").info("sms.received", text="x' level='error\n2026 [error] operator.gone \x1b[A")

    assert len(terminal.getvalue().splitlines()) == 1
    assert "\x1b[A" not in terminal.getvalue()
    assert "operator.gone \\\\x1b[A" in terminal.getvalue()


def failing() -> None:
    """Fail for a reason."""
    try:
        int("+628123450001x")
    except ValueError as error:
        raise RuntimeError("no job\nfor you") from error


@pytest.mark.parametrize("as_json", [True, False], ids=["JSON", "console"])
def test_an_exception_is_one_value(capsys: Lines, as_json: bool) -> None:
    """An exception with its cause and the way to it has no line break and no number."""
    log.configure("worker", json=as_json)
    try:
        failing()
    except RuntimeError:
        log.get("m").exception("job.failed", attempt=1)

    text = capsys.readouterr().err

    assert "RuntimeError: no job\\" in text
    assert "because ValueError: invalid literal" in text
    assert "failing" in text
    assert "+628123450001" not in text
    assert (1 if as_json else 2) == len(text.splitlines())


def test_libraries_speak_the_same_way(capsys: Lines) -> None:
    """What a library logs through `logging` is such a line too, from warnings up."""
    log.configure("worker")
    logging.getLogger("redis").info("chatter")
    logging.getLogger("redis").warning("lost %s\nagain", "+628123450001")

    event = line(capsys)

    assert (event["module"], event["level"], event["component"]) == ("redis", "warning", "worker")
    assert event["event"] == "lost +62812****001\\nagain"


def test_a_closed_standard_error_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that cannot be written is lost; the call that it was about goes on."""
    monkeypatch.setattr(sys, "stderr", Closed())
    log.configure("worker")

    assert log.get("m").info("call.answered") is None
