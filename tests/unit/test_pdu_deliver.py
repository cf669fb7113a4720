"""SMS-DELIVER and SMS-STATUS-REPORT as a simulated network writes them, read back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.pdu import (
    EncodedPdu,
    MessageType,
    Ports,
    TypeOfNumber,
    UnencodableError,
    decode,
    encode_data_deliver,
    encode_deliver,
    encode_status_report,
    join,
)

_WIB = timezone(timedelta(hours=7))
_TIME = datetime(2026, 11, 20, 19, 37, 41, tzinfo=_WIB)
_ZONES = st.integers(-56, 56).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
_TIMES = st.builds(
    lambda naive, zone: naive.replace(microsecond=0, tzinfo=zone),
    st.datetimes(datetime(1990, 1, 1), datetime(2089, 12, 31)),
    _ZONES,
)
_GSM_NAME = st.text(st.sampled_from("ABCxyz.-_ !$"), min_size=1, max_size=11)


@given(st.from_regex(r"\+?[0-9*#]{1,20}", fullmatch=True), st.text(max_size=200), _TIMES, st.none() | st.just("+62811"))
def test_every_deliver_comes_back(originator: str, text: str, time: datetime, smsc: str | None) -> None:
    """Number, text, time with its offset and SMSC are those that were written."""
    parts = [decode(part.hex) for part in encode_deliver(originator, text, time, reference=3, smsc=smsc)]

    assert text == join(parts)
    for part in parts:
        actual = (part.type, part.number, part.time, part.time and part.time.utcoffset(), part.smsc, part.errors)
        assert (MessageType.DELIVER, originator, time, time.utcoffset(), smsc, ()) == actual


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        pytest.param(
            encode_deliver("+62811", "ok", _TIME, smsc="+62811")[0],
            "04912618F10405912618F100006211029173148202EF35",
            id="number",
        ),
        pytest.param(encode_deliver("112", "ok", _TIME)[0], "0004038111F200006211029173148202EF35", id="short code"),
        pytest.param(
            encode_deliver("Info", "ok", _TIME)[0],
            "000407D049B7F90D00006211029173148202EF35",
            id="name in 7 semi-octets",
        ),
        pytest.param(
            encode_data_deliver("112", b"\xca\xfe", _TIME, ports=Ports(9200, 1)),
            "0044038111F2000462110291731482" + "0906050423F00001CAFE",
            id="data",
        ),
        pytest.param(
            encode_status_report("112", 42, _TIME, _TIME, 32),
            "00062A038111F26211029173148262110291731482" + "20",
            id="report",
        ),
    ],
)
def test_octets_are_those_of_the_standard(part: EncodedPdu, expected: str) -> None:
    """Written out by hand from TS 23.040 clause 9.2.2."""
    assert expected == part.hex


@given(_GSM_NAME)
def test_a_name_comes_back_as_alphanumeric(name: str) -> None:
    """1 to 11 characters, whatever their bits leave over in the last octet."""
    (part,) = encode_deliver(name, "x", _TIME)
    message = decode(part.hex)

    assert name == message.number
    assert message.address is not None
    assert TypeOfNumber.ALPHANUMERIC == message.address.type_of_number


@given(st.binary(max_size=133), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))
def test_data_and_ports_come_back(data: bytes, destination: int, source: int) -> None:
    """8-bit data is no text, and its ports say which program it is for."""
    message = decode(encode_data_deliver("+62811", data, _TIME, ports=Ports(destination, source)).hex)

    assert (data, None, Ports(destination, source), ()) == (message.data, message.text, message.ports, message.errors)


def test_data_without_ports_fills_a_message() -> None:
    """140 octets fit, and no header is written."""
    message = decode(encode_data_deliver("+62811", b"\xff" * 140, _TIME).hex)

    assert (b"\xff" * 140, None) == (message.data, message.ports)


def test_data_that_does_not_fit_is_refused() -> None:
    """The header with the ports takes 7 of the 140 octets."""
    with pytest.raises(UnencodableError, match="134 octets of data fit no SMS: at most 133"):
        encode_data_deliver("+62811", b"x" * 134, _TIME, ports=Ports(9200, 0))


@pytest.mark.parametrize("name", ["TwelveLetter", "Привет", "euro€euro€€"])
def test_a_name_that_does_not_fit_is_refused(name: str) -> None:
    """11 septets of the GSM alphabet is all that an address holds."""
    with pytest.raises(UnencodableError, match="is no sender name: at most 11 characters"):
        encode_deliver(name, "x", _TIME)


def test_a_time_without_offset_is_refused() -> None:
    """TP-SCTS always gives one."""
    with pytest.raises(UnencodableError, match="needs an offset from UTC"):
        encode_deliver("+62811", "x", datetime(2026, 1, 1))


@given(st.integers(0, 255), st.integers(0, 255), _TIMES, _TIMES)
def test_every_report_comes_back(reference: int, status: int, sent_at: datetime, discharged_at: datetime) -> None:
    """Reference, status and both times are those that were written."""
    message = decode(encode_status_report("+62811", reference, sent_at, discharged_at, status).hex)

    assert (MessageType.STATUS_REPORT, "+62811", ()) == (message.type, message.number, message.errors)
    assert (reference, status) == (message.reference, message.status)
    assert (sent_at, discharged_at) == (message.time, message.discharged_at)


def test_length_for_the_modem_leaves_the_smsc_out() -> None:
    """+CMT and AT+CMGS count the TPDU alone (TS 27.005 clause 3.1)."""
    (bare,) = encode_deliver("+62811", "x", _TIME.astimezone(UTC))
    (routed,) = encode_deliver("+62811", "x", _TIME.astimezone(UTC), smsc="+62811000000")

    assert bare.tpdu_length == routed.tpdu_length == len(bare.hex) // 2 - 1 == len(routed.hex) // 2 - 8
