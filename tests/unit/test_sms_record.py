"""A message lies in the stream as it came, and nothing else passes for one."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.errors import FaultyRecordError
from sms_gateway.record import SmsRecord

offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=offsets)

WHOLE = {"modem": "telkomsel-1", "pdu": "0791", "at": "2026-03-01T12:00:00+07:00"}


@given(st.builds(SmsRecord, modem=st.text(), pdu=st.text(), at=times))
def test_round_trip(record: SmsRecord) -> None:
    """`from_fields` undoes `to_fields`, whatever the modem gave for a PDU."""
    assert record == SmsRecord.from_fields(record.to_fields())


def test_further_fields() -> None:
    """A record of a later or an earlier version may hold more."""
    assert SmsRecord.from_fields(WHOLE) == SmsRecord.from_fields(WHOLE | {"sim": "510"})


@pytest.mark.parametrize("name", WHOLE)
def test_missing_field(name: str) -> None:
    """The error names what is missing."""
    with pytest.raises(FaultyRecordError, match=f"{name} is missing"):
        SmsRecord.from_fields({other: value for other, value in WHOLE.items() if other != name})


@pytest.mark.parametrize("at", ["", "yesterday", "2026-03-01T12:00:00"])
def test_bad_time(at: str) -> None:
    """No time, or one that could be any zone's."""
    with pytest.raises(FaultyRecordError, match="at: "):
        SmsRecord.from_fields(WHOLE | {"at": at})
