"""Whatever stands still under a caller, at whatever moment, a human is heard; one record and one ticket tell of it."""

from itertools import product

import pytest

from hardware.softphone import Phone, answering
from tests.support.city import City
from tests.support.freezes import FREEZES, When, rescued

WITHIN_S = 5.0
"""The promise: from the answer, or from the script's last sign of life, to the first ringing of a human's phone."""

CASES = list(product(FREEZES, When))


@pytest.mark.parametrize(
    ("number", "what", "when"),
    [(number, what, when) for number, (what, when) in enumerate(CASES)],
    ids=[f"{what} {when}" for what, when in CASES],
)
def test_caller_hears_a_human(city: City, city_carrier: Phone, number: int, what: str, when: When) -> None:
    """The operator's phone rings in time and both hear each other; exactly one record and ticket come of it."""
    caller = f"0812000005{number:02}"
    with city.on_duty("1001", answering()) as desk:
        with rescued(city, city_carrier, desk, number=caller, when=when, freeze=FREEZES[what]) as rescue:
            rescue.call.hangup()
        record = city.await_record("+62" + caller[1:])
        city.await_settled()
    records = city.records("+62" + caller[1:])
    ticket = city.ticket_of(record)

    assert rescue.rung_s < WITHIN_S
    assert [("1001", record["ticket"])] == [(one["operator"], one["ticket"]) for one in records]
    assert record["outcome"] in ("answered", "fail_open")
    assert (record["id"], "call") == (ticket["call_id"], ticket["channel"])
    assert [ticket["number"]] == city.tickets_of("+62" + caller[1:])
