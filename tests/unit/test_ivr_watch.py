"""What AMI events mean for the pool and as facts; what callers choose in them means nothing."""

from datetime import UTC, datetime

import pytest

from hardware.asterisk.ami import Message
from ivr.operations import (
    Alive,
    Answered,
    Began,
    Ended,
    FailedOpen,
    Freed,
    Left,
    Missing,
    Occupied,
    Operation,
    Reached,
    Renew,
    Ringing,
    SetPhone,
    Tell,
    Unanswered,
)
from ivr.watch import Watch
from redis_queue.fail_opens import FailOpenReason
from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState
from tickets.calls.acts import CalledBack
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Outcome

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CALL = "1718000000.12"
WATCH = Watch(frozenset({"1001", "1002"}), node="")


def message(event: str, **headers: str) -> Message:
    """An event with these headers."""
    return Message((("Event", event), *headers.items()))


def user_event(name: str, **headers: str) -> Message:
    """A UserEvent as Asterisk sends it: the channel's own headers first."""
    channel = {
        "Channel": "PJSIP/trunk-a-00000001",
        "CallerIDName": "CallID: 1",
        "Language": "en",
        "Uniqueid": "9.9",
        "Linkedid": "9.9",
    }
    own = {"UserEvent": name, **headers}
    return Message((("Event", "UserEvent"), *channel.items(), *own.items()))


def device(name: str, state: str) -> Message:
    """A DeviceStateChange."""
    return message("DeviceStateChange", Device=name, State=state)


ANSWERED = CallFact(call_id=CALL, kind=CallFactKind.ANSWERED, at=AT, operator="1001", fallback=False)
ENDED = CallFact(
    call_id=CALL,
    kind=CallFactKind.ENDED,
    at=AT,
    caller="081234567890",
    trunk="telkom-a",
    language="id",
    category="kebakaran",
    operator="1001",
    fallback=False,
    answered=True,
)
END_FIELDS = {
    "CallID": CALL,
    "Caller": "081234567890",
    "Trunk": "telkom-a",
    "Category": "kebakaran",
    "Language": "id",
    "Operator": "1001",
    "Answered": "1",
    "Fallback": "0",
    "DialStatus": "ANSWER",
}


def led(to: str, operator: str | None = None, outcome: Outcome | None = None) -> Tell:
    """That 1001 led the caller on."""
    return Tell(
        CallFact(
            call_id=CALL,
            kind=CallFactKind.TRANSFERRED,
            at=AT,
            operator=operator,
            actor="operator:1001",
            detail=to,
            outcome=outcome,
        )
    )


def attended(dialled: str, **changes: str) -> Message:
    """The event of 1001 who asked first."""
    return message(
        "AttendedTransfer",
        **{
            "Result": "Success",
            "OrigTransfererChannel": "PJSIP/1001-00000001",
            "OrigTransfererLinkedid": CALL,
            "SecondTransfererExten": dialled,
            **changes,
        },
    )


MEANINGS: dict[str, tuple[Message, tuple[Operation, ...]]] = {
    "a call comes in": (
        message("Newchannel", Channel="PJSIP/trunk-a-00000001", Uniqueid=CALL, Linkedid=CALL),
        (Began(CALL, "", "a"),),
    ),
    "an outside line is dialled": (
        message("Newchannel", Channel="PJSIP/trunk-a-00000002", Uniqueid="1.2", Linkedid=CALL),
        (),
    ),
    "a phone dials": (message("Newchannel", Channel="PJSIP/1001-00000003", Uniqueid="1.3", Linkedid="1.3"), ()),
    "a phone is there": (device("PJSIP/1001", "NOT_INUSE"), (SetPhone("1001", True, False),)),
    "a phone that talks is there": (device("PJSIP/1001", "INUSE"), (SetPhone("1001", True, True),)),
    "a phone that rings is there": (device("PJSIP/1001", "RINGING"), (SetPhone("1001", True, True),)),
    "a phone is gone": (device("PJSIP/1001", "UNAVAILABLE"), (SetPhone("1001", False, False),)),
    "a phone that was never there": (device("PJSIP/1001", "INVALID"), (SetPhone("1001", False, False),)),
    "a trunk's state": (device("PJSIP/trunk-a", "NOT_INUSE"), ()),
    "the queue's state": (device("Queue:siaga112", "NOT_INUSE"), ()),
    "a phone is rung": (
        message("DialBegin", Uniqueid=CALL, DestChannel="PJSIP/1001-0000000a", DialString="1001"),
        (Ringing("1001", CALL),),
    ),
    "an outside number is rung": (message("DialBegin", Uniqueid=CALL, DestChannel="PJSIP/trunk-a-0000000b"), ()),
    "a phone is rung for no call": (message("DialBegin", DestChannel="PJSIP/1001-0000000a"), ()),
    "an operator answers": (
        user_event("Siaga112Answered", CallID=CALL, Operator="1001", Fallback="0"),
        (Answered("1001", CALL), Tell(ANSWERED)),
    ),
    "the outside number answers": (
        user_event("Siaga112Answered", CallID=CALL, Operator="trunk-a", Fallback="1"),
        (Tell(CallFact(call_id=CALL, kind=CallFactKind.ANSWERED, at=AT, fallback=True)),),
    ),
    "the fallback begins": (
        user_event("Siaga112Fallback", CallID=CALL, Reason="script"),
        (FailedOpen(CALL, FailOpenReason.SCRIPT), Left(CALL)),
    ),
    "the fallback begins for a reason that we do not know": (
        user_event("Siaga112Fallback", CallID=CALL, Reason="of its own"),
        (FailedOpen(CALL, FailOpenReason.OTHER), Left(CALL)),
    ),
    "an answered call ends": (user_event("Siaga112Ended", **END_FIELDS), (Ended(CALL), Tell(ENDED))),
    "an unanswered call ends": (
        user_event("Siaga112Ended", **{**END_FIELDS, "Answered": "0", "Fallback": "1"}),
        (
            Ended(CALL),
            Tell(
                CallFact(
                    call_id=CALL,
                    kind=CallFactKind.ENDED,
                    at=AT,
                    caller="081234567890",
                    trunk="telkom-a",
                    language="id",
                    category="kebakaran",
                    fallback=True,
                    answered=False,
                )
            ),
            Unanswered(CALL, AT),
        ),
    ),
    "a caller is led on to another operator": (
        user_event("Siaga112Led", CallID=CALL, Operator="1001", To="1002"),
        (Answered("1002", CALL), led("1002", operator="1002")),
    ),
    "a caller is led on to an agency": (
        user_event("Siaga112Led", CallID=CALL, Operator="1001", To="119"),
        (Freed(CALL, wraps_up=True), led("119", outcome=Outcome.TRANSFERRED)),
    ),
    "an operator asked by a call of the phone and leads on": (
        attended("+62331112"),
        (Freed(CALL, wraps_up=True), led("+62331112", outcome=Outcome.TRANSFERRED)),
    ),
    "an operator asked a colleague by a call of the phone": (
        attended("1002"),
        (Answered("1002", CALL), led("1002", operator="1002")),
    ),
    "an operator asked by key, of which the dialplan tells": (attended(""), ()),
    "a transfer that failed": (attended("119", Result="Fail"), ()),
    "a phone is busy with a call of its own": (
        user_event("Siaga112Busy", CallID="1.3", Operator="1001"),
        (Occupied("1001", "1.3"),),
    ),
    "an outside line is busy": (user_event("Siaga112Busy", CallID="1.3", Operator="trunk-a"), ()),
    "the phone's own call is over": (
        user_event("Siaga112Free", CallID="1.3", Operator="1001"),
        (Freed("1.3", wraps_up=False),),
    ),
    "somebody was called back": (
        user_event("Siaga112CalledBack", CallID="1.3", Operator="1001", Number="+628111", Answered="1"),
        (Reached("1001"), Tell(CalledBack(operator="1001", number="+628111", answered=True, at=AT))),
    ),
    "somebody was called back in vain": (
        user_event("Siaga112CalledBack", CallID="1.3", Operator="1001", Number="+628111", Answered="0"),
        (Tell(CalledBack(operator="1001", number="+628111", answered=False, at=AT)),),
    ),
    "a caller makes a sound": (
        message("ChannelTalkingStart", Channel="PJSIP/trunk-a-00000001", Uniqueid=CALL, Linkedid=CALL),
        (Alive(CALL),),
    ),
    "an operator makes a sound": (
        message("ChannelTalkingStart", Channel="PJSIP/1001-00000002", Uniqueid="1.2", Linkedid=CALL),
        (),
    ),
    "a caller presses a key": (
        message("DTMFEnd", Channel="PJSIP/trunk-a-1", Uniqueid=CALL, Linkedid=CALL, Direction="Received", Digit="5"),
        (Alive(CALL),),
    ),
    "a key is sent to a caller": (
        message("DTMFEnd", Channel="PJSIP/trunk-a-1", Uniqueid=CALL, Linkedid=CALL, Direction="Sent", Digit="5"),
        (),
    ),
    "an end of no call": (user_event("Siaga112Ended", CallID=""), ()),
    "an answer in no call": (user_event("Siaga112Answered", CallID="", Operator="1001"), ()),
    "somebody else's event": (user_event("Other", CallID=CALL), ()),
    "an event we do not read": (message("VarSet", Variable="SIAGA112_DONE"), ()),
    "an answer to an action": (Message((("Response", "DeviceStateChange"), ("Device", "PJSIP/1001"))), ()),
    "a user event without a name": (message("UserEvent", Channel="x"), ()),
}


@pytest.mark.parametrize(("event", "operations"), MEANINGS.values(), ids=MEANINGS.keys())
def test_each_event_means_what_it_says(event: Message, operations: tuple[Operation, ...]) -> None:
    """One event, its operations on the pool and its facts, in order."""
    assert WATCH.event(event, AT) == operations


def status(extension: str, state: OperatorState, call_id: str | None) -> OperatorStatus:
    """An operator as the pool holds it."""
    return OperatorStatus(extension, extension, state, AT, call_id, "")


def channel(name: str, uniqueid: str, linkedid: str, state: str = "6") -> Message:
    """A row of CoreShowChannels."""
    return message("CoreShowChannel", Channel=name, Uniqueid=uniqueid, Linkedid=linkedid, ChannelState=state)


def test_a_snapshot_ends_calls_that_are_gone_and_renews_the_others() -> None:
    """What the pool holds and Asterisk has no channel of is over; the rest gets another lease."""
    held = [
        status("1001", OperatorState.TALKING, "1.1"),
        status("1002", OperatorState.RINGING, "1.2"),
        status("1003", OperatorState.AVAILABLE, None),
    ]
    rows = [channel("PJSIP/trunk-a-00000001", "1.1", "1.1"), channel("PJSIP/1001-00000002", "1.5", "1.1")]

    assert WATCH.snapshot(rows, held, {"1.2"}) == (Began("1.1", "", "a"), Renew(("1.1",)), Ended("1.2"), Missing("1.2"))


def test_an_operators_own_call_that_is_gone_is_no_lost_caller() -> None:
    """The pool holds it as it holds a caller's; that it ended while we looked frees the operator, and is no more."""
    held = [status("1001", OperatorState.TALKING, "1.5")]

    assert WATCH.snapshot([], held, set()) == (Renew(()), Ended("1.5"))


def test_a_snapshot_misses_calls_that_no_operator_had_yet() -> None:
    """A caller in the menu or in line when Asterisk died is in no pool, and yet missed; what is known is no news."""
    rows = [channel("PJSIP/trunk-a-00000001", "1.1", "1.1")]

    assert WATCH.snapshot(rows, [], {"1.1", "1.2"}) == (Renew(()), Missing("1.2"))


def test_a_snapshot_takes_over_what_the_fallback_gave_out() -> None:
    """An operator who talks, or rings, without the pool's knowing is known from now on."""
    rows = [
        channel("PJSIP/trunk-a-00000001", "1.1", "1.1"),
        channel("PJSIP/1001-00000002", "1.5", "1.1"),
        channel("PJSIP/1002-00000003", "1.6", "1.1", state="5"),
        channel("PJSIP/1002-00000004", "1.7", "1.1", state="0"),
        channel("PJSIP/trunk-a-00000005", "1.8", "1.1"),
    ]

    assert WATCH.snapshot(rows, [], set()) == (
        Began("1.1", "", "a"),
        Answered("1001", "1.1"),
        Ringing("1002", "1.1"),
        Renew(()),
    )


def test_an_operators_own_call_is_no_callers() -> None:
    """A phone that dials is in a call of its own, which nobody claimed; so is the colleague whom it dialled."""
    rows = [channel("PJSIP/1001-00000002", "1.5", "1.5"), channel("PJSIP/1002-00000003", "1.6", "1.5")]

    assert WATCH.snapshot(rows, [], set()) == (Renew(()),)


def test_a_caller_with_two_operators_is_the_first_ones() -> None:
    """While one asks the other; led on, the caller is the other's; a phone that went out of a talk is free again."""
    held = [status("1001", OperatorState.TALKING, CALL)]
    caller = channel("PJSIP/trunk-a-00000001", CALL, CALL)
    first, second = (channel(f"PJSIP/{name}-00000002", f"9.{name}", CALL) for name in ("1001", "1002"))

    asking = WATCH.snapshot([caller, first, second], held, {CALL})
    led_on = WATCH.snapshot([caller, second], held, {CALL})
    led_out = WATCH.snapshot([caller], held, {CALL})

    renew = Renew((CALL,))
    assert [(renew,), (Freed(CALL, wraps_up=True), Answered("1002", CALL), renew)] == [asking, led_on]
    assert (Freed(CALL, wraps_up=True), renew) == led_out


@pytest.mark.parametrize("other", ["bwi2-1.1", "bwi1-2-1.1", "bwi-1.1"])
def test_calls_of_another_machine_are_left_alone(other: str) -> None:
    """One machine cannot say that another's call is over, whose name may begin as its own."""
    here = Watch(frozenset({"1001", "1002"}), node="bwi1")
    held = [
        status("1001", OperatorState.TALKING, "bwi1-1.1"),
        status("1002", OperatorState.TALKING, other),
    ]

    assert here.snapshot([], held, set()) == (Renew(()), Ended("bwi1-1.1"))


def test_a_call_that_stays_missing_is_lost() -> None:
    """Its record gets an end all the same."""
    assert WATCH.lost({CALL}, AT) == (Tell(CallFact(call_id=CALL, kind=CallFactKind.LOST, at=AT)),)
