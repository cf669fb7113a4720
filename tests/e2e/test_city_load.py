"""More callers than operators, all at once, on a real Asterisk: everybody is served, nobody twice."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hardware.softphone import BUSY, RINGING, Moment, Phone, answering
from tests.support.city import City
from tests.support.rush import Caller, Desks, overlaps, rush

CALLERS = 40
WITHIN_S = 12.0
TALK_S = 1.0
KEYS = {"1": "kebakaran", "2": "kecelakaan", "5": "kamtibmas", "7": "medis"}

WORKING = [f"20{number:02}" for number in range(1, 7)]
SILENT, ENGAGED = "2007", "2008"


@pytest.fixture
def big_city(tmp_path: Path) -> Iterator[City]:
    """A city of eight operators more, with lines enough for everybody."""
    city = City(tmp_path, drain_seconds=3, desks=(*WORKING, SILENT, ENGAGED), speech_ports=240)
    try:
        city.start()
        yield city
    finally:
        city.close()


def callers() -> list[Caller]:
    """Forty, evenly over the time, each with a number and a key."""
    keys = list(KEYS)
    return [
        Caller(f"0812000004{number:02}", keys[number % len(keys)], number * WITHIN_S / CALLERS)
        for number in range(CALLERS)
    ]


def test_forty_callers_and_eight_phones(big_city: City) -> None:
    """One phone never answers, one is always busy. Every caller talks with an operator, no phone ever has two calls,
    and each call leaves a record and a ticket of what was pressed."""
    with ExitStack() as stack:
        carrier = stack.enter_context(big_city.carrier())
        working = [stack.enter_context(big_city.on_duty(extension, answering())) for extension in WORKING]
        others = [
            stack.enter_context(big_city.on_duty(SILENT, RINGING)),
            stack.enter_context(big_city.on_duty(ENGAGED, BUSY)),
        ]
        with Desks(working, TALK_S):
            calls = rush(big_city, carrier, callers())
        phones: list[Phone] = [*working, *others]
        talks = [call for phone in working for call in phone.calls if call.moment(Moment.ANSWERED)]
        rung = {phone.user: len(phone.calls) for phone in others}
        records = {caller.number: big_city.await_record("+62" + caller.number[1:]) for caller in callers()}
        tickets = {number: big_city.ticket_of(record) for number, record in records.items()}
        found = {phone.user: overlaps(phone) for phone in phones}

    assert CALLERS == len(calls)
    assert {phone.user: [] for phone in phones} == found
    assert all(rung.values())
    assert Counter(caller.number for caller in callers()) == Counter(call.remote_number for call in talks)
    assert {caller.number: KEYS[caller.key] for caller in callers()} == {
        number: record["category"] for number, record in records.items()
    }
    assert {caller.number: KEYS[caller.key] for caller in callers()} == {
        number: ticket["category"] for number, ticket in tickets.items()
    }
    assert {"answered": CALLERS} == Counter(record["outcome"] for record in records.values())
    assert set(WORKING) == {record["operator"] for record in records.values()}
    assert CALLERS == len({ticket["number"] for ticket in tickets.values()})
    assert {1} == {len(big_city.records(record["caller"])) for record in records.values()}
