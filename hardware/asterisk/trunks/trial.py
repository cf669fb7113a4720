"""A call by one trunk to see whether it carries calls: what Asterisk's events tell of it, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hardware.asterisk.ami.protocol import Message
from hardware.asterisk.context import trunk_endpoint
from hardware.asterisk.trunks.answers import meaning

RING_S = 25
"""The number may ring for so long; Asterisk's console gives a call 30 s."""

TALK_S = 4
"""Who answers hears music for so long."""

LIMIT_S = 45.0
"""After that nothing more is told."""

_REFUSED = 400  # RFC 3261 clause 7.2

_STATUSES = {
    "ANSWER": "it was answered",
    "BUSY": "the number is busy",
    "NOANSWER": "nobody answered",
    "CANCEL": "nobody answered",
    "CONGESTION": "the line is full, or the operator cannot carry it",
    "CHANUNAVAIL": "the call did not leave: look at siaga112 trunks list",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a call by a trunk taught.

    Attributes:
        dial_status: of Dial: `ANSWER`, `BUSY`, `NOANSWER`, `CHANUNAVAIL`, `CONGESTION`, …
        sip_status: that it was refused with; None when it was not.
        answered_after_s: since the INVITE; None when nobody answered.
        packets: of speech that came from there; None when nobody answered.
    """

    dial_status: str
    sip_status: int | None = None
    answered_after_s: float | None = None
    codec: str = ""
    encrypted: bool = False
    packets: int | None = None

    @property
    def carried(self) -> bool:
        """Whether somebody answered, and was heard."""
        return self.answered_after_s is not None and bool(self.packets)

    def words(self) -> Iterator[str]:
        """What it taught, a line each."""
        if self.answered_after_s is None:
            refusal = "" if self.sip_status is None else f"; {meaning(self.sip_status)}"
            yield _STATUSES.get(self.dial_status, f"it ended with {self.dial_status}") + refusal
            return
        speech = "encrypted (SRTP)" if self.encrypted else "not encrypted"
        yield f"answered after {self.answered_after_s:.1f} s, codec {self.codec}, speech {speech}"
        if not self.packets:
            yield "no speech came from there: look at nat, [asterisk] external_address and the firewall (rtp_ports)"
        else:
            yield f"{self.packets} packets of speech came from there"


def trial_context(trunk: str) -> str:
    """The context of the dialplan that calls by this trunk."""
    return f"siaga112-try-{trunk}"


def learned(events: Sequence[Message], trunk: str) -> Trial | None:
    """What the events since the call began tell; None while it is not over."""
    tried = _told(events, "Siaga112Tried", trunk)
    if tried is None:
        return None
    link = tried.get("Linkedid")
    own = [event for event in events if event.get("Linkedid") == link or event.get("DestLinkedid") == link]
    ended = next((event for event in own if event.event == "Hangup" and _is_trunks(event, "Channel", trunk)), None)
    began = next(
        (event for event in own if event.event == "DialBegin" and _is_trunks(event, "DestChannel", trunk)), None
    )
    if began is not None and ended is None:
        return None
    status = _number(ended.get("TechCause")) if ended is not None else None
    refused = status if status is not None and status >= _REFUSED else None
    answered, heard = _told(own, "Siaga112TrialAnswered", trunk), _told(own, "Siaga112TrialHeard", trunk)
    if answered is None or began is None:
        return Trial(tried.get("DialStatus"), refused)
    return Trial(
        tried.get("DialStatus"),
        refused,
        max(0.0, _seconds(answered) - _seconds(began)),
        answered.get("Codec").strip("()"),
        answered.get("Encrypted") == "1",
        _number(heard.get("Packets")) if heard is not None else 0,
    )


def _told(events: Sequence[Message], name: str, trunk: str) -> Message | None:
    return next((event for event in events if event.get("UserEvent") == name and event.get("Trunk") == trunk), None)


def _is_trunks(event: Message, header: str, trunk: str) -> bool:
    return event.get(header).rpartition("-")[0] == f"PJSIP/{trunk_endpoint(trunk)}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _seconds(event: Message) -> float:
    return float(event.get("Timestamp"))
