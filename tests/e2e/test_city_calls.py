"""A call to 112 in a whole running city: menu, operator, record, ticket."""

import pytest

from hardware.softphone import BUSY, Moment, Phone, answering
from redis_queue.states import OperatorState
from tests.support.city import BUSY_HZ, City, converse
from tests.support.eventual import eventually


def test_one_call(city: City, city_carrier: Phone) -> None:
    """A caller presses 1 and talks with an operator; the operator's state, the record and the ticket tell it all."""
    with city.on_duty("1001", answering()) as desk:
        call = city.dial_and_press(city_carrier, "081200000001", "1")
        talk = desk.incoming()
        talk.wait_answered()
        converse(call, talk)
        talking = city.await_state("1001", OperatorState.TALKING)
        listed = {row["extension"]: row for row in city.up.listing("operators", "list")}
        talk.hangup()
        call.wait_ended()
        city.await_state("1001", OperatorState.WRAP_UP)
        city.await_state("1001", OperatorState.AVAILABLE)
    city.await_record("+6281200000001")
    (record,) = [row for row in city.up.listing("calls", "list") if row["caller"] == "+6281200000001"]
    (ticket,) = [row for row in city.up.listing("tickets", "list") if row["number"] == record["ticket"]]

    assert ("Kebakaran", "081200000001") == (talk.remote_name, talk.remote_number)
    assert ("talking", talking.call_id, "Operator 1001") == tuple(
        listed["1001"][key] for key in ("state", "call_id", "name")
    )
    assert "offline" == listed["1002"]["state"]
    assert {
        "id": talking.call_id,
        "caller": "+6281200000001",
        "trunk": "carrier",
        "operator": "1001",
        "category": "kebakaran",
        "outcome": "answered",
    } == {key: record[key] for key in ("id", "caller", "trunk", "operator", "category", "outcome")}
    assert record["started_at"] < record["answered_at"] < record["ended_at"]
    assert record["started_at"].endswith("+07:00")
    assert {
        "number": record["ticket"],
        "channel": "call",
        "kind": "emergency",
        "category": "kebakaran",
        "priority": 1,
        "status": "new",
        "agencies": ["damkar"],
        "reporter": "+6281200000001",
        "text": "Panggilan 112: Kebakaran",
        "place": None,
        "location": None,
        "language": "id",
        "call_id": record["id"],
        "message_ids": [],
    } == {key: value for key, value in ticket.items() if key not in ("created_at", "updated_at")}


@pytest.mark.parametrize(("caller", "key"), [("081200000002", ""), ("081200000003", "0"), ("081200000004", "#")])
def test_no_choice(city: City, city_carrier: Phone, caller: str, key: str) -> None:
    """Who presses nothing, or a key that means nothing, gets an operator all the same, and is most urgent."""
    with city.on_duty("1001", answering()) as desk:
        call = city.dial_and_press(city_carrier, caller, key) if key else city.dial(city_carrier, caller)
        converse(call, desk.incoming(20))
        call.hangup()
        record = city.await_record("+62" + caller[1:])
    ticket = city.ticket_of(record)

    assert ("answered", None) == (record["outcome"], record["category"])
    assert ("lainnya", 1, "emergency") == (ticket["category"], ticket["priority"], ticket["kind"])
    assert "Panggilan 112: kategori belum dipilih" == ticket["text"]


def test_second_caller_waits(city: City, city_carrier: Phone) -> None:
    """With one operator the second caller hears that all are busy, then music, and is next when the first is done."""
    with city.on_duty("1001", answering()) as desk:
        first = city.dial_and_press(city_carrier, "081200000011", "1")
        desk.incoming().wait_answered()
        second = city.dial_and_press(city_carrier, "081200000012", "2")
        second.wait_tone(BUSY_HZ)
        city.await_waiting(1)
        second.wait_audio()
        rung_meanwhile = len(desk.calls) - 1
        first.hangup()
        connected = desk.incoming(10)
        connected.wait_answered()
        converse(second, connected)
        second.hangup()
        record = city.await_record("+6281200000012")

    assert 0 == rung_meanwhile
    assert "081200000012" == connected.remote_number
    assert ("answered", "1001") == (record["outcome"], record["operator"])


def test_abandoned(city: City, city_carrier: Phone) -> None:
    """Who hangs up while waiting leaves a record and a ticket, and keeps nobody from the next caller."""
    with city.on_duty("1001", answering()) as desk:
        first = city.dial_and_press(city_carrier, "081200000021", "1")
        desk.incoming().wait_answered()
        waiting = city.dial_and_press(city_carrier, "081200000022", "7")
        city.await_waiting(1)
        waiting.hangup()
        city.await_waiting(0)
        first.hangup()
        record = city.await_record("+6281200000022")
        city.await_state("1001", OperatorState.AVAILABLE)
    ticket = city.ticket_of(record)

    assert ("abandoned", None, None) == (record["outcome"], record["operator"], record["answered_at"])
    assert ("medis", "+6281200000022") == (ticket["category"], ticket["reporter"])
    assert 1 == len(desk.calls)


def test_withheld_number(city: City, city_carrier: Phone) -> None:
    """A caller who withholds the number is served like any other; record and ticket have none."""
    with city.on_duty("1001", answering()) as desk:
        call = city.dial_and_press(city_carrier, "anonymous", "1")
        converse(call, desk.incoming())
        call.hangup()
        record = city.await_record(None)

    assert "answered" == record["outcome"]
    assert None is city.ticket_of(record)["reporter"]


def test_busy_operator(city: City, city_carrier: Phone) -> None:
    """An operator whose phone is busy costs the caller nothing: the next one's rings."""
    with city.on_duty("1001", BUSY) as busy, city.on_duty("1002", answering()) as other:
        call = city.dial_and_press(city_carrier, "081200000031", "1")
        converse(call, other.incoming())
        call.hangup()
        record = city.await_record("+6281200000031")

    assert ("answered", "1002") == (record["outcome"], record["operator"])
    assert 1 == len(busy.calls)


def test_nobody_answers(city: City, city_carrier: Phone) -> None:
    """One operator after the other is rung, then the fallback rings them all again; whoever answers has the call."""
    with city.on_duty("1001") as one, city.on_duty("1002") as two:
        call = city.dial_and_press(city_carrier, "081200000032", "1")
        rung = [one.incoming(15), two.incoming(15)]
        for attempt in rung:
            attempt.wait_ended(10)
        again = one.incoming(30)
        # Who is rung first is the queue's affair, and a ring that is over by now comes round again.
        two.manners = answering()
        talk = eventually(
            "1002 answers", lambda: next((ring for ring in two.calls if ring.moment(Moment.ANSWERED)), None)
        )
        converse(call, talk)
        call.hangup()
        record = city.await_record("+6281200000032")

    assert ("fail_open", "1002", "kebakaran") == (record["outcome"], record["operator"], record["category"])
    assert ["Kebakaran"] * 2 == [ring.remote_name for ring in (again, talk)]


def test_longest_idle_first(city: City, city_carrier: Phone) -> None:
    """Two callers at once get two operators; the next one gets whose call ended first."""
    with city.on_duty("1001", answering()) as one, city.on_duty("1002", answering()) as two:
        calls = {number: city.dial(city_carrier, number) for number in ("081200000041", "081200000042")}
        for call in calls.values():
            call.wait_audio()
            call.press("1")
        talks = [desk.incoming() for desk in (two, one)]
        for desk, talk in zip((two, one), talks, strict=True):
            call = calls[talk.remote_number]
            converse(call, talk)
            # Not the phone: one that is gone within a second of its answer leaves its caller to the next.
            call.hangup()
            city.await_state(desk.user, OperatorState.WRAP_UP, OperatorState.AVAILABLE)
        for desk in (one, two):
            city.await_state(desk.user, OperatorState.AVAILABLE)
        third = city.dial_and_press(city_carrier, "081200000043", "1")
        converse(third, two.incoming())
        third.hangup()
        records = {number: city.await_record(f"+62812000000{number}") for number in (41, 42, 43)}

    assert {"1001", "1002"} == {records[41]["operator"], records[42]["operator"]}
    assert "1002" == records[43]["operator"]
