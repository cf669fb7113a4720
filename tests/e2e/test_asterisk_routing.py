"""A script decides, the dialplan dials: routes, phones that do not answer, what is told and written down."""

import queue
import threading
from itertools import pairwise

import pytest

from hardware.asterisk.render import SPOKEN_SECONDS
from hardware.softphone import BUSY, HANGING, Manners, Phone, answering
from tests.support.asterisk_server import AsteriskServer
from tests.support.scripted_agi import Conversation, ScriptedAgi

LIMIT_S = 20.0


def test_route_is_dialled(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The operator's phone shows the category and the caller's number; both hear each other."""
    with (
        asterisk.phone("1001") as operator,
        ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001", label="Gawat darurat medis")),
    ):
        call = asterisk.dial(carrier, display_name="Somebody")
        ringing = operator.incoming()
        shown = (ringing.remote_name, ringing.remote_number)
        ringing.answer()
        call.play_tone(700)
        ringing.wait_tone(700)
        ringing.play_tone(900)
        call.wait_tone(900)
        call.hangup()
        ringing.wait_ended()

    assert ("Gawat darurat medis", "+628123456789") == shown


def test_keys_reach_the_script(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A key that the caller presses, as an RFC 4733 event, is what the script reads."""
    keys = []

    def reads(script: Conversation) -> None:
        keys.append(script.command("WAIT FOR DIGIT 3000"))

    with ScriptedAgi(asterisk.agi_port, reads):
        call = asterisk.dial(carrier)
        call.wait_answered()
        call.press("7")
        asterisk.events.wait("Siaga112Fallback")
        call.hangup()

    assert [f"200 result={ord('7')}"] == keys


def test_caller_who_vanishes_is_noticed(fresh_asterisk: AsteriskServer) -> None:
    """Without a BYE, the silence of the line ends the call."""
    first, second = fresh_asterisk.tables["trunks"]
    fresh_asterisk.configure(fresh_asterisk.tables | {"trunks": [first | {"rtp_timeout_seconds": 1}, second]})
    fresh_asterisk.start()
    with fresh_asterisk.carrier() as carrier, fresh_asterisk.phone("1001", answering()) as operator:
        call = fresh_asterisk.dial(carrier)
        operator.incoming().wait_answered()
        call.wait_answered()
        carrier.vanish()

        ended = fresh_asterisk.events.wait("Siaga112Ended")

    assert "1001" == ended.get("Operator")


def test_script_is_told_what_the_trunk_brought(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Trunk, dialled number and try are there at the first run."""
    seen = []

    def looks(script: Conversation) -> None:
        names = ("SIAGA112_TRUNK", "SIAGA112_DID", "SIAGA112_TRY", "SIAGA112_DIALSTATUS")
        seen.append(tuple(script.get(name) for name in names))
        script.route("1001")

    with asterisk.phone("1001") as operator, ScriptedAgi(asterisk.agi_port, looks):
        call = asterisk.dial(carrier, "+62333112")
        operator.incoming()
        call.hangup()

    assert [("carrier", "+62333112", "0", "")] == seen


@pytest.mark.parametrize(
    "dialled",
    ["1", "112", "+62112", "siaga", "s", "*21", "*8", "1,2", "a", "h", "T", "i", "~", "%20112", "%C3%A9", "%01"],
)
def test_whatever_is_dialled_reaches_the_script(asterisk: AsteriskServer, carrier: Phone, dialled: str) -> None:
    """No number that a trunk delivers is refused."""
    with asterisk.phone("1001") as operator, ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001")):
        call = asterisk.dial(carrier, dialled)
        operator.incoming()
        call.hangup()


@pytest.mark.parametrize(
    ("manners", "status"),
    [(BUSY, "BUSY"), (HANGING, "NOANSWER"), (answering(60), "NOANSWER")],
    ids=["busy", "silent phone", "rings and rings"],
)
def test_next_operator(asterisk: AsteriskServer, carrier: Phone, manners: Manners, status: str) -> None:
    """Who does not take the call costs one more run of the script, which is told why."""
    told = []

    def chooses(script: Conversation) -> None:
        told.append((script.get("SIAGA112_TRY"), script.get("SIAGA112_DIALSTATUS")))
        script.route("1001" if len(told) == 1 else "1002", ring=1)

    with (
        asterisk.phone("1001", manners),
        asterisk.phone("1002", answering()) as second,
        ScriptedAgi(asterisk.agi_port, chooses),
    ):
        call = asterisk.dial(carrier)
        second.incoming(10)
        call_id = asterisk.events.wait("Siaga112Answered").get("CallID")
        call.hangup()
        asterisk.events.wait("Siaga112Ended", CallID=call_id)
        record = asterisk.call_record(call_id)

    assert [("0", ""), ("1", status)] == told
    assert ("1002", "ANSWER") == (record.operator, record.dial_status)


def test_three_operators_at_most(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A script that always knows one more operator does not keep the caller from the fallback."""
    tries = []

    def persists(script: Conversation) -> None:
        tries.append(script.get("SIAGA112_TRY"))
        script.route("1001")

    with asterisk.phone("1001", BUSY) as operator, ScriptedAgi(asterisk.agi_port, persists):
        call = asterisk.dial(carrier)
        started = asterisk.events.wait("Siaga112Fallback")
        operator.manners = answering()
        call.hangup()

    assert ["0", "1", "2"] == tries
    assert "operators" == started.get("Reason")


def test_operator_who_hangs_up_ends_the_call(asterisk: AsteriskServer, carrier: Phone) -> None:
    """After a conversation nobody else is rung."""
    with (
        asterisk.phone("1001", answering()) as operator,
        asterisk.phone("1002", answering()) as other,
        ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001")),
    ):
        call = asterisk.dial(carrier)
        talking = operator.incoming()
        call.wait_answered()
        asterisk.wait_talk()
        # Shorter is no conversation: its caller would be led on.
        assert not threading.Event().wait(SPOKEN_SECONDS + 0.3)
        talking.hangup()
        call.wait_ended()

        assert () == other.calls


def test_unreachable_operator_costs_nothing(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A phone that is not registered is passed over at once."""
    told = []

    def chooses(script: Conversation) -> None:
        told.append(script.get("SIAGA112_DIALSTATUS"))
        script.route("1002" if len(told) == 1 else "1001", ring=60)

    with asterisk.phone("1001", answering()) as operator, ScriptedAgi(asterisk.agi_port, chooses):
        call = asterisk.dial(carrier)
        operator.incoming().wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert ["", "CHANUNAVAIL"] == told


def test_one_operator_never_gets_two_calls(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Two scripts that choose one operator: the phone, slow to ring, is called once."""
    with asterisk.phone("1001", HANGING) as operator:
        told = []

        def insists(script: Conversation) -> None:
            told.append(script.get("SIAGA112_DIALSTATUS"))
            if script.get("SIAGA112_TRY") == "0":
                script.route("1001", ring=30)

        with ScriptedAgi(asterisk.agi_port, insists):
            first = asterisk.dial(carrier, number="+6281111111111")
            asterisk.events.wait("DialBegin")
            second = asterisk.dial(carrier, number="+6282222222222")
            asterisk.events.wait("Siaga112Fallback")
            invites = {
                message.text.partition("Call-ID: ")[2].partition("\r")[0]
                for message in operator.trace
                if message.text.startswith("INVITE")
            }
            first.hangup()
            second.hangup()

    assert ["", "", "CHANUNAVAIL"] == told
    assert 1 == len(invites)


def test_two_scripts_that_choose_one_operator_at_the_same_time(asterisk: AsteriskServer, carrier: Phone) -> None:
    """However close: the phone has one call at most, and each caller who was not put through is asked about again."""
    both = threading.Barrier(2)
    told: queue.Queue[str] = queue.Queue()

    def insists(script: Conversation) -> None:
        if script.get("SIAGA112_TRY") == "0":
            both.wait(LIMIT_S)
            script.route("1001", ring=30)
        else:
            told.put(script.get("SIAGA112_DIALSTATUS"))

    with asterisk.phone("1001", HANGING) as operator, ScriptedAgi(asterisk.agi_port, insists):
        callers = [asterisk.dial(carrier, number=f"+628{digit}2222222") for digit in (1, 3)]
        assert "CHANUNAVAIL" == told.get(timeout=LIMIT_S)
        for caller in callers:
            caller.hangup()

        assert 1 >= len(operator.calls)


def test_talking_operator_is_not_routed_to(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The guard holds for the whole conversation, also for one that the fallback gave out."""
    with asterisk.phone("1001", answering()) as operator:
        first = asterisk.dial(carrier, number="+6281111111111")
        operator.incoming().wait_answered()
        told = []

        def insists(script: Conversation) -> None:
            told.append(script.get("SIAGA112_DIALSTATUS"))
            if script.get("SIAGA112_TRY") == "0":
                script.route("1001")

        with ScriptedAgi(asterisk.agi_port, insists):
            second = asterisk.dial(carrier, number="+6282222222222")
            asterisk.events.wait("Siaga112Fallback", CallID=second_call_id(asterisk, first=1))
            calls = len(operator.calls)
            second.hangup()
            first.hangup()

    assert ["", "CHANUNAVAIL"] == told
    assert 1 == calls


def second_call_id(asterisk: AsteriskServer, first: int) -> str:
    """The Uniqueid of the caller who came after `first` others."""

    def arrived() -> list[str]:
        return [
            event.get("Uniqueid")
            for event in asterisk.events.seen
            if event.event == "Newchannel" and event.get("Channel").startswith("PJSIP/trunk-")
        ]

    assert asterisk.events.wait_until(lambda: len(arrived()) > first)
    return arrived()[first]


def test_what_is_told_and_written_down(asterisk: AsteriskServer, carrier: Phone) -> None:
    """User events and the call record agree on who, what, where and when."""
    with (
        asterisk.phone("1001", answering()) as operator,
        ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001", category="medis")) as agi,
    ):
        call = asterisk.dial(carrier)
        operator.incoming()
        call_id = agi.sessions.get(timeout=5).call_id
        answered = asterisk.events.wait("Siaga112Answered")
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")
        record = asterisk.call_record(call_id)

    assert {"CallID": call_id, "Operator": "1001", "Fallback": "0"} == fields_of(answered.headers)
    assert {
        "CallID": call_id,
        "Caller": "+628123456789",
        "Trunk": "carrier",
        "Did": "112",
        "Category": "medis",
        "Language": "id",
        "Operator": "1001",
        "Answered": "1",
        "Fallback": "0",
        "DialStatus": "ANSWER",
    } == fields_of(ended.headers)
    assert ("+628123456789", "carrier", "112", "medis", "id", "1001") == (
        record.caller,
        record.trunk,
        record.did,
        record.category,
        record.language,
        record.operator,
    )
    assert ("ANSWER", False, True) == (record.dial_status, record.fallback, record.done)
    assert record.answered_at is not None
    assert all(
        earlier <= later for earlier, later in pairwise((record.started_at, record.answered_at, record.ended_at))
    )


def fields_of(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What the dialplan itself put into a user event: the headers after `UserEvent`."""
    names = [name for name, _ in headers]
    return dict(headers[names.index("UserEvent") + 1 :])


def test_caller_who_hangs_up_in_the_menu(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A call that ends in the script is told and written down as well, once."""

    def listens(script: Conversation) -> None:
        script.set("SIAGA112_CATEGORY", "kebakaran")
        script.command("WAIT FOR DIGIT 3000")

    with ScriptedAgi(asterisk.agi_port, listens) as agi:
        call = asterisk.dial(carrier)
        call.wait_answered()
        call_id = agi.sessions.get(timeout=5).call_id
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")
        record = asterisk.call_record(call_id)

    assert ("0", "0", "") == (ended.get("Answered"), ended.get("Fallback"), ended.get("DialStatus"))
    assert (False, False, None) == (record.fallback, record.done, record.answered_at)
