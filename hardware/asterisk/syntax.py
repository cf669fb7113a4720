"""How a value is written into Asterisk's files so that it is read back to the letter, or refused.

The parser of configuration files takes `;` for a comment unless `\\` stands before it, drops blanks at both ends, takes
`>` after `=` for the other kind of equals sign, and ends a value at the line's end. The dialplan has much more syntax;
what we write into it are names, numbers and addresses, and nothing else is let in.
"""

import re
from enum import StrEnum
from pathlib import Path

from hardware.asterisk.errors import RenderError

LONGEST_VALUE = 4000
"""Asterisk reads lines of 8191 bytes (`config.c`); what is longer is cut without a word."""

_DIALPLAN_VALUE = re.compile(r"[A-Za-z0-9+*#._@:/\[\]-]*")


class DialplanPattern(str):
    """A pattern that we wrote ourselves: it goes into the dialplan as it is."""

    __slots__ = ()


def config_value(value: object) -> str:
    """`value` as it stands after `=` in a configuration file; raises RenderError when none would be read as it is."""
    text = _text(value)
    if not text.isprintable():
        raise RenderError(f"a value for Asterisk holds a line break or control character ({_shape(text)})")
    if text != text.strip():
        raise RenderError(f"a value for Asterisk begins or ends with a blank ({_shape(text)}); Asterisk would drop it")
    if len(text.encode()) > LONGEST_VALUE:
        raise RenderError(f"a value for Asterisk is longer than {LONGEST_VALUE} bytes ({_shape(text)})")
    return text.replace(";", "\\;")


def dialplan_value(value: object) -> str:
    """`value` as it may stand anywhere in a dialplan line; raises RenderError for what the dialplan would interpret."""
    if isinstance(value, DialplanPattern):
        return value
    text = _text(value)
    if not _DIALPLAN_VALUE.fullmatch(text):
        raise RenderError(f"a value for the dialplan holds a character with a meaning there ({_shape(text)})")
    return text


def _text(value: object) -> str:
    if isinstance(value, StrEnum | Path | int | str) and not isinstance(value, bool):
        return str(value)
    raise RenderError(f"a {type(value).__name__} cannot be written into Asterisk's configuration")


def _shape(text: str) -> str:
    """What can be said of a value that may be a secret."""
    return f"{len(text)} characters"
