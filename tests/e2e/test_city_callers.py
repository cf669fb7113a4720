"""What is left of a call in the running program: its recording, whom to call back, what its operator said of it."""

import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hardware.softphone import Call, Phone, answering
from redis_queue.callbacks import CallbackLine
from tests.support.city import City
from tests.support.eventual import eventually
from tests.support.recordings import say, tones
from tickets.calls.acts import CalledBack
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Mark

CALLER_HZ, OPERATOR_HZ = 700, 900


def in_turn(caller: Call, operator: Call) -> None:
    """First one speaks, then the other."""
    say(caller, operator, CALLER_HZ)
    say(operator, caller, OPERATOR_HZ)


def rows(city: City, *command: str) -> list[dict[str, Any]]:
    """What a listing prints."""
    found: list[dict[str, Any]] = json.loads(city.command(*command, "--json").stdout)
    return found


def called_back(city: City, number: str) -> list[dict[str, Any]]:
    """The entries of a number that wait."""
    return [row for row in rows(city, "callbacks", "list") if row["number"] == number]


def recording_of(city: City, call_id: str) -> dict[str, Any]:
    """A call's recording, once it is linked."""

    def look() -> dict[str, Any] | None:
        return next((row for row in rows(city, "recordings", "list") if row["call_id"] == call_id), None)

    return eventually(f"the recording of {call_id}", look)


def hang_up_early(city: City, carrier: Phone, number: str) -> dict[str, Any]:
    """A caller who hangs up before anybody answers; the call's record."""
    city.dial(carrier, number).hangup()
    return city.await_record(number)


def test_a_conversation_is_recorded(city: City, city_carrier: Phone) -> None:
    """Both sides, and whoever has the ticket finds the file."""
    with city.on_duty("1001", answering()) as desk:
        call = city.dial_and_press(city_carrier, "+6281200000301", "1")
        in_turn(call, desk.incoming(15))
        call.hangup()
        record = city.await_record("+6281200000301")
    recording = recording_of(city, record["id"])

    assert (record["ticket"], "answered", False) == tuple(recording[name] for name in ("ticket", "outcome", "hold"))
    assert [CALLER_HZ, OPERATOR_HZ] == tones(Path(recording["path"]), CALLER_HZ, OPERATOR_HZ)


def test_a_conversation_without_our_programs_is_recorded(city: City, city_carrier: Phone) -> None:
    """With all of them frozen the dialplan does it, and the file finds its call afterwards."""
    ours = [city.pid_of(part) for part in ("worker", "agi", "switchboard")]
    with city.on_duty("1001", answering()) as desk:
        with city.frozen(*ours):
            call = city.dial(city_carrier, "+6281200000302")
            in_turn(call, desk.incoming(15))
            call.hangup()
            call.wait_ended()
        record = city.await_record("+6281200000302")
    recording = recording_of(city, record["id"])

    assert (record["ticket"], "fail_open") == (recording["ticket"], recording["outcome"])
    assert [CALLER_HZ, OPERATOR_HZ] == tones(Path(recording["path"]), CALLER_HZ, OPERATOR_HZ)


def test_who_hung_up_is_called_back_unless_they_get_through(city: City, city_carrier: Phone) -> None:
    """Once however often they called; for commands and telephones; off when somebody has spoken with them."""
    number = "+6281200000303"
    for _ in range(2):
        hang_up_early(city, city_carrier, number)
    eventually("two calls counted", lambda: [row["calls"] for row in called_back(city, number)] == [2])
    line = CallbackLine(city.app.redis)
    eventually("the phones know", lambda: number in line.numbers())

    with city.on_duty("1001", answering()) as desk:
        call = city.dial_and_press(city_carrier, number, "1")
        in_turn(call, desk.incoming(15))
        eventually("off the list", lambda: not called_back(city, number) and number not in line.numbers())
        call.hangup()
        city.await_record(number)


def test_a_call_back_that_is_answered_is_done(city: City, city_carrier: Phone) -> None:
    """One that is not stays, and is counted."""
    number = "+6281200000304"
    hang_up_early(city, city_carrier, number)
    eventually("on the list", lambda: called_back(city, number))
    for answered in (False, True):
        act = CalledBack(operator="1001", number=number, answered=answered, at=datetime.now(UTC))
        city.app.call_stream.add(act.to_fields())
        eventually(
            "the attempt is known",
            lambda: [row["attempts"] for row in called_back(city, number)] == ([] if answered else [1]),  # noqa: B023
        )

    assert number not in CallbackLine(city.app.redis).numbers()


def test_an_operator_marks_the_last_call_by_telephone(city: City, city_carrier: Phone) -> None:
    """The call is a prank, its ticket rejected."""
    number = "+6281200000305"
    with city.on_duty("1001", answering()) as desk:
        call = city.dial_and_press(city_carrier, number, "1")
        in_turn(call, desk.incoming(15))
        call.hangup()
        record = city.await_record(number)
        mark = CallFact(
            call_id=str(record["id"]),
            kind=CallFactKind.MARKED,
            at=datetime.now(UTC),
            mark=Mark.PRANK,
            actor="operator:1001",
        )
        city.app.call_stream.add(mark.to_fields())
        eventually("the mark", lambda: city.await_record(number)["outcome"] == "prank")

    assert "rejected" == city.ticket_of(record)["status"]


def test_who_was_cut_off_is_first(own_city: City) -> None:
    """Asterisk dies in the middle of a conversation: that caller goes before all who only hung up.

    What they said until moments before is there to be heard.
    """
    first, cut = "+6281200000306", "+6281200000307"
    with own_city.carrier() as carrier, own_city.on_duty("1001", answering()) as desk:
        hang_up_early(own_city, carrier, first)
        call = own_city.dial_and_press(carrier, cut, "1")
        talk = desk.incoming(15)
        # Asterisk writes every two seconds.
        for _ in range(4):
            in_turn(call, talk)
        os.kill(own_city.server_pid("asterisk"), signal.SIGKILL)
        eventually(
            "both in order", lambda: [row["number"] for row in rows(own_city, "callbacks", "list")] == [cut, first]
        )
        eventually("the phones know", lambda: CallbackLine(own_city.app.redis).numbers() == (cut, first))
        recording = recording_of(own_city, own_city.await_record(cut)["id"])

    assert [CALLER_HZ, OPERATOR_HZ] == tones(Path(recording["path"]), CALLER_HZ, OPERATOR_HZ)
