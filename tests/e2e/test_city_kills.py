"""Ten calls are up, some talking, some in line, some in the menu, and programs of ours die: no call does."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from hardware.softphone import OutgoingCall, answering
from tests.support.city import PROMPT_HZ, City, converse
from tests.support.rush import PATIENCE_S, Desks

DESKS = [f"20{number:02}" for number in range(1, 7)]
TALK_S = 1.5
"""Longer than what Asterisk takes for a phone that was dropped."""

WAITING, IN_MENU = 2, 2
UP = len(DESKS) + WAITING + IN_MENU


@pytest.fixture(scope="module")
def crowded_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One city for the tests of this file, which start again what they kill; tests take `crowded`."""
    city = City(tmp_path_factory.mktemp("city"), drain_seconds=3, desks=DESKS, speech_ports=120)
    try:
        city.start()
        yield city
    finally:
        city.close()


@pytest.fixture
def crowded(crowded_module: City) -> Iterator[City]:
    """The running city, without phones and calls."""
    yield crowded_module
    crowded_module.rest()


def die(part: str) -> Callable[[City], None]:
    """A part is killed; the supervisor starts it again."""
    return lambda city: city.kill_part(part)


def all_die(city: City) -> None:
    """Everything but Asterisk is killed at the same moment, and all of it started again."""
    for pid in city.own_pids():
        os.kill(pid, signal.SIGKILL)
    city.reap()
    city.start()


DEATHS = {"agi": die("agi"), "switchboard": die("switchboard"), "worker": die("worker"), "everything": all_die}


@pytest.mark.parametrize("death", DEATHS)
def test_ten_calls_outlive_it(crowded: City, death: str) -> None:
    """Who talks goes on talking, who does not reaches an operator; all ten leave one record and one ticket each."""
    numbers = [f"08120000{60 + list(DEATHS).index(death)}{number:02}" for number in range(UP)]
    with ExitStack() as stack:
        carrier = stack.enter_context(crowded.carrier())
        desks = [stack.enter_context(crowded.on_duty(extension, answering())) for extension in DESKS]
        talking = [crowded.dial_and_press(carrier, number, "1") for number in numbers[: len(DESKS)]]
        talks = {talk.remote_number: talk for talk in (desk.incoming(PATIENCE_S) for desk in desks)}
        waiting = [crowded.dial_and_press(carrier, number, "2") for number in numbers[len(DESKS) : -IN_MENU]]
        crowded.await_waiting(WAITING)
        in_menu = [crowded.dial(carrier, number) for number in numbers[-IN_MENU:]]
        for call in in_menu:
            call.wait_tone(PROMPT_HZ)

        DEATHS[death](crowded)

        for number, call in zip(numbers, talking, strict=False):
            converse(call, talks[number])
        with Desks(desks, TALK_S):
            for call in talking:
                call.hangup()
            for call in (*waiting, *in_menu):
                reach_somebody(call)
        records = {number: crowded.await_record("+62" + number[1:]) for number in numbers}
        crowded.await_settled()
        found = {number: len(crowded.records("+62" + number[1:])) for number in numbers}
        tickets = {number: crowded.tickets_of("+62" + number[1:]) for number in numbers}

    assert {number: ([record["ticket"]], 1) for number, record in records.items()} == {
        number: (tickets[number], found[number]) for number in numbers
    }
    assert all(record["operator"] in DESKS and record["answered_at"] for record in records.values())
    assert {"answered", "fail_open"} >= {record["outcome"] for record in records.values()}


def reach_somebody(call: OutgoingCall) -> None:
    """Wait until the caller has talked with somebody, who then hung up."""
    call.play_tone(700)
    call.wait_tone(900, PATIENCE_S)
    call.wait_ended(PATIENCE_S)
