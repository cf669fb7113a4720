"""How a phone treats an incoming call when nobody touches it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manners:
    """What happens after an INVITE, in seconds from its arrival; None means never.

    ring_after: when 180 Ringing is sent (183 with a session description if `early_media`); a phone
    that does not ring at once says 100 Trying. answer_after: when 200 OK is sent by itself.
    refuse_with: the status sent at once in place of all that. moved_to: the URI to call instead, with a status of 3xx
    (RFC 3261 section 21.3). answers_invite False: not one response
    to an INVITE, as from a phone that hangs. answers_options False: none to OPTIONS either, as from a
    phone that is gone; Asterisk's qualify then marks it unreachable.
    """

    ring_after: float | None = 0.0
    answer_after: float | None = None
    refuse_with: int | None = None
    moved_to: str = ""
    early_media: bool = False
    answers_invite: bool = True
    answers_options: bool = True


RINGING = Manners()
BUSY = Manners(refuse_with=486)  # RFC 3261 section 21.4.24: Busy Here
DECLINING = Manners(refuse_with=603)  # RFC 3261 section 21.6.2: Decline
HANGING = Manners(answers_invite=False)
UNREACHABLE = Manners(answers_invite=False, answers_options=False)


def answering(after: float = 0.0, *, ringing: bool = True) -> Manners:
    """A phone that is picked up by itself after some seconds, ringing until then or not."""
    return Manners(ring_after=0.0 if ringing else None, answer_after=after)


def forwarding(uri: str) -> Manners:
    """A phone that sends its callers elsewhere: 302 Moved Temporarily (RFC 3261 section 21.3.3)."""
    return Manners(refuse_with=302, moved_to=uri)
