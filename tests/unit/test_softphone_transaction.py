"""The SIP transactions keep the timetable of RFC 3261, told by a clock of our own."""

from __future__ import annotations

import pytest

from hardware.softphone.call_state import CALL_TABLE, CallEvent, CallState
from hardware.softphone.transaction import FIRST, TABLE, Event, Kind, Machine, State, Tick


def _run(machine: Machine) -> tuple[list[float], Tick]:
    """Let the clock run until the transaction ends: when it repeated, and how it ended."""
    repeats: list[float] = []
    while (due := machine.due) is not None:
        action = machine.tick(due)
        if action is Tick.REPEAT:
            repeats.append(due)
        elif action is not Tick.NOTHING:
            return repeats, action
    raise AssertionError(f"{machine.kind} has no end in {machine.state}")


def test_unanswered_invite_is_repeated_at_doubling_intervals() -> None:
    """Timers A and B: 0.5, 1.5, 3.5 ... and given up after 32 s (section 17.1.1.2)."""
    machine = Machine(Kind.INVITE_CLIENT, 0.0)

    assert _run(machine) == ([0.5, 1.5, 3.5, 7.5, 15.5, 31.5], Tick.GIVE_UP)
    assert machine.state is State.TERMINATED


def test_other_requests_are_repeated_every_four_seconds_at_last() -> None:
    """Timers E and F (section 17.1.2.2)."""
    repeats, end = _run(Machine(Kind.CLIENT, 0.0))

    assert repeats == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert end is Tick.GIVE_UP


def test_ringing_stops_the_repetitions() -> None:
    """After a provisional response an INVITE waits for as long as it takes."""
    machine = Machine(Kind.INVITE_CLIENT, 0.0)
    machine.feed(Event.PROVISIONAL, 0.1)

    assert machine.due is None
    assert machine.waits_for_answer


@pytest.mark.parametrize("final", [Event.SUCCESS, Event.FAILURE])
def test_final_response_to_invite_is_repeated_until_the_ack(final: Event) -> None:
    """Timers G and H, and section 13.3.1.4 for the 2xx; the ACK ends it, and timer I forgets it."""
    machine = Machine(Kind.INVITE_SERVER, 0.0)
    machine.feed(final, 0.0)

    assert machine.due == 0.5
    assert Tick.REPEAT is machine.tick(0.5)
    assert machine.due == 1.5
    machine.feed(Event.ACK, 1.0)
    assert _run(machine) == ([], Tick.FORGET)


def test_missing_ack_is_noticed() -> None:
    """After 32 s without an ACK the call has to be ended."""
    machine = Machine(Kind.INVITE_SERVER, 0.0)
    machine.feed(Event.SUCCESS, 0.0)

    assert _run(machine)[1] is Tick.GIVE_UP


def test_answered_request_is_remembered_for_its_repetitions() -> None:
    """Timer J: 32 s in which a repeated BYE gets the same answer."""
    machine = Machine(Kind.SERVER, 10.0)
    machine.feed(Event.SUCCESS, 10.0)

    assert machine.due == 42.0
    assert _run(machine) == ([], Tick.FORGET)


def test_repeated_final_response_is_not_news() -> None:
    """Only an INVITE's responses are passed on again, because their ACK may be lost."""
    machine = Machine(Kind.CLIENT, 0.0)

    assert machine.feed(Event.SUCCESS, 0.1)
    assert not machine.feed(Event.SUCCESS, 0.2)


def test_early_tick_does_nothing() -> None:
    """A clock that rings too early changes nothing."""
    machine = Machine(Kind.CLIENT, 0.0)

    assert Tick.NOTHING is machine.tick(0.4)
    assert machine.due == 0.5


@pytest.mark.parametrize("kind", list(Kind))
def test_every_transaction_comes_to_its_end(kind: Kind) -> None:
    """From the first state every state of the table is reached, and each leads to TERMINATED."""
    table = TABLE[kind]
    reached, edge = {FIRST[kind]}, {FIRST[kind]}
    while edge := {following for state in edge for following in table[state].values()} - reached:
        reached |= edge

    assert set(table) == reached
    assert {State.TERMINATED} == {state for state in table if not table[state]}


def test_every_call_can_end_and_an_ended_one_stays_so() -> None:
    """END is possible in every state but ENDED, where nothing is."""
    can_end = {state for state, row in CALL_TABLE.items() if CallEvent.END in row}

    assert set(CallState) - {CallState.ENDED} == can_end
    assert CALL_TABLE[CallState.ENDED] == {}
