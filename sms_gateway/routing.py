"""By which line a message leaves when its own cannot: the policy, without any doing.

A modem's SIM goes before Twilio: citizens can answer it, and it needs no internet. WhatsApp has one way only, so a
message that cannot take it becomes an SMS.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tickets.vocabulary import Channel

DOWN_LIMIT_S = 180.0
"""So long a line may be down before what waits for it is sent elsewhere: most troubles of a modem pass sooner."""

DETOUR_AT = 3
"""After so many attempts in vain a message tries another line. Once only: it counts on from there (`attempts_after`),
so that two lines which both refuse do not hand it to each other for ever."""


@dataclass(frozen=True, slots=True)
class Line:
    """A way out for SMS, in the order of preference; `up`: it works now."""

    name: str
    up: bool


@dataclass(frozen=True, slots=True)
class Detour:
    """Another way for a message."""

    line: str
    channel: Channel


def detour(line: str, channel: Channel, lines: Sequence[Line]) -> Detour | None:
    """The best other way for a message that is on this one; None when there is none now."""
    ways = (Detour(other.name, Channel.SMS) for other in lines if other.up)
    return next((way for way in ways if way != Detour(line, channel)), None)


def attempts_after(attempts: int) -> int:
    """What counts against a message once it has been moved."""
    return min(attempts, DETOUR_AT)
