"""What can go wrong with the test phone.

    SoftphoneError
    ├── SipSyntaxError      the peer's datagram is not SIP (dropped, kept in the trace)
    ├── SdpError            the peer's session description cannot be served (answered 488)
    ├── CallStateError      our own caller asked for something this call can no longer do
    ├── SoundError          the sound file cannot be played as it is
    ├── RegistrationError   the registrar refused, with its status
    └── WaitError           something awaited did not happen, with the last SIP messages

The first two are the peer's fault and never leave the phone's thread; the others are raised to
whoever drives the phone.
"""

from __future__ import annotations

from collections.abc import Sequence


class SoftphoneError(Exception):
    """Base of every error of this package."""


class SipSyntaxError(SoftphoneError):
    """The text is not what RFC 3261 section 25 allows, even read generously."""


class SdpError(SoftphoneError):
    """The session description is broken or has nothing that this phone speaks."""


class CallStateError(SoftphoneError):
    """The call is not in a state in which this can be done."""


class SoundError(SoftphoneError):
    """The sound file is missing or has the wrong format."""


class RegistrationError(SoftphoneError):
    """The registrar answered with a refusal."""

    def __init__(self, status: int, phrase: str) -> None:
        super().__init__(f"the registrar refused: {status} {phrase}")
        self.status = status


class WaitError(SoftphoneError):
    """Something awaited did not happen in time, or can no longer happen."""

    def __init__(self, awaited: str, found: str, seen: Sequence[str]) -> None:
        messages = "\n  ".join(seen) if seen else "(none)"
        super().__init__(f"waited for {awaited}, but {found}; last SIP messages:\n  {messages}")
        self.awaited = awaited
        self.seen = tuple(seen)
