"""An Asterisk whose operators may lead callers to an agency and to a neighbour, and a talk to begin with."""

from collections.abc import Iterator
from contextlib import contextmanager

from hardware.softphone import IncomingCall, OutgoingCall, Phone, answering
from tests.support.asterisk_server import AsteriskServer, rarely_looked_for
from tests.support.scripted_agi import Conversation, ScriptedAgi

AGENCY = "119"
NEIGHBOUR = "+62331112"
NEIGHBOUR_AS_DIALLED = "0331112"

DIAL_TONE_HZ = 425
"""Of Indonesia (ITU-T E.180 supplement 2), as busy and congestion are."""

CALLER_HZ, OPERATOR_HZ, OTHER_HZ = 700, 900, 1300


def with_ways_out(asterisk: AsteriskServer) -> AsteriskServer:
    """The same with an agency and a neighbour that are called by trunk, and short ringing; to be started."""
    ways = {
        "trunks": rarely_looked_for(asterisk.tables["trunks"]),
        "agencies": [{"code": "dinkes", "phone": AGENCY}],
        "categories": [{"code": "medis", "agencies": ["dinkes"]}],
        "routing": asterisk.tables["routing"] | {"ring_seconds": 3, "neighbours": {"Kabupaten Jember": NEIGHBOUR}},
    }
    asterisk.configure(asterisk.tables | ways)
    return asterisk


def route_to_1001(script: Conversation) -> None:
    """What the script of every call here decides."""
    script.route("1001")


@contextmanager
def talk(asterisk: AsteriskServer, carrier: Phone, operator: Phone) -> Iterator[tuple[OutgoingCall, IncomingCall]]:
    """A caller and 1001, who hear each other's tones, and a trunk to outside; the caller hangs up at the end."""
    asterisk.await_trunk("carrier")
    operator.manners = answering()
    with ScriptedAgi(asterisk.agi_port, route_to_1001):
        call = asterisk.dial(carrier)
        leg = operator.incoming()
        call.wait_answered()
        call.play_tone(CALLER_HZ)
        leg.play_tone(OPERATOR_HZ)
        leg.wait_tone(CALLER_HZ)
        call.wait_tone(OPERATOR_HZ)
        yield call, leg
        call.hangup()
        asterisk.wait_idle()


def ask(leg: IncomingCall, number: str, code: str = "*41") -> None:
    """Press the code of a transfer, and after the dial tone the number."""
    leg.press(code)
    leg.wait_tone(DIAL_TONE_HZ, 10)
    leg.press(number)
