"""A small SIP user agent that plays a caller, a carrier or an operator's phone in the demo and the tests.

    with Phone("1001", ("127.0.0.5", 0), manners=answering(after=0.5)) as operator:
        with Phone("carrier", ("127.0.0.2", 0)) as carrier:
            call = carrier.call("sip:112@127.0.0.1:5060", number="+628123456789")
            call.wait_answered()
            call.press("1")
            operator.incoming().wait_tone(440)

It speaks SIP over UDP (RFC 3261), digest (RFC 2617), G.711 over RTP (RFC 3550, RFC 3551) and keys as
telephone events (RFC 4733), enough for a back-to-back user agent such as Asterisk as its peer. It does
not fork, does no TLS, SRTP or ICE, and does not wait out jitter: it is a tool for tests on one machine.
"""

from hardware.softphone.call import Call
from hardware.softphone.call_state import CallState, EndedBy, Ending
from hardware.softphone.errors import (
    CallStateError,
    RegistrationError,
    SoftphoneError,
    SoundError,
    WaitError,
)
from hardware.softphone.g711 import Codec
from hardware.softphone.history import Happening, Moment
from hardware.softphone.incoming_call import IncomingCall
from hardware.softphone.manners import BUSY, DECLINING, HANGING, RINGING, UNREACHABLE, Manners, answering, forwarding
from hardware.softphone.outgoing_call import OutgoingCall
from hardware.softphone.phone import Phone

__all__ = [
    "BUSY",
    "DECLINING",
    "HANGING",
    "RINGING",
    "UNREACHABLE",
    "Call",
    "CallState",
    "CallStateError",
    "Codec",
    "EndedBy",
    "Ending",
    "Happening",
    "IncomingCall",
    "Manners",
    "Moment",
    "OutgoingCall",
    "Phone",
    "RegistrationError",
    "SoftphoneError",
    "SoundError",
    "WaitError",
    "answering",
    "forwarding",
]
