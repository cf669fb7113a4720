"""What happened to a call, and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Moment(Enum):
    """The kinds of things that happen to a call."""

    INVITE_SENT = "INVITE sent"
    INVITE_RECEIVED = "INVITE received"
    CHALLENGED = "asked for the password"
    RINGING = "ringing"
    EARLY_MEDIA = "audio before the answer"
    ANSWERED = "answered"
    REFRESHED = "session refreshed"
    FIRST_AUDIO = "first audio heard"
    KEY_PRESSED = "key pressed"
    KEY_HEARD = "key heard"
    ENDED = "ended"


@dataclass(frozen=True)
class Happening:
    """One entry of a call's history; `at` is a time.monotonic() value in seconds."""

    at: float
    moment: Moment
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.moment.value}{': ' if self.detail else ''}{self.detail}"
