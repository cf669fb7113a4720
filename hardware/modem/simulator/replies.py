"""What a command handler gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """The lines before OK; or, when `body` is there, a prompt whose text is handed to it."""

    lines: tuple[str, ...] = ()
    body: Callable[[str], Reply] | None = None


class RefusalError(Exception):
    """A command that ends with an error."""


class CmeError(RefusalError):
    """+CME ERROR, TS 27.007 9.2: shown as ERROR, number or text, as AT+CMEE says."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class CmsError(RefusalError):
    """+CMS ERROR, TS 27.005 3.2.5: always shown with its number."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class VerbatimError(RefusalError):
    """An error line of this modem's own."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


class PlainError(RefusalError):
    """ERROR: the command is not known, or not in this form."""


# TS 27.007 9.2, those that this modem gives.
CME_TEXTS = {
    3: "operation not allowed",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    16: "incorrect password",
    21: "invalid index",
    30: "no network service",
}
