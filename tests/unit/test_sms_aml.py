"""AML messages: both versions, and whatever else a phone may send."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardware.modem.pdu import Ports, decode, encode_data_deliver
from sms_gateway.aml import AmlFix, Method, read_aml, text_in_data
from tests.support.aml import DATA, DATA_TEXT, SECOND, TEXT

AT = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
UNSIGNED = TEXT.replace("+", "")  # as long as it says
FIRST = AmlFix(
    version=1,
    lat=51.53321,
    lon=-0.12601,
    radius=14,
    time=datetime(2022, 1, 31, 17, 17, 48, tzinfo=UTC),
    method=Method.WIFI,
    confidence=68,
    mcc="234",
    mnc="15",
    ml_ok=False,
)
LATER = AmlFix(
    version=2,
    lat=-8.21903,
    lon=114.36914,
    radius=23,
    time=datetime(2026, 3, 1, 4, 59, 56, tzinfo=UTC),
    method=Method.FUSED,
    confidence=68,
    mcc="510",
    mnc="10",
)


@pytest.mark.parametrize(("text", "expected"), [(TEXT, FIRST), (SECOND, LATER)])
def test_versions(text: str, expected: AmlFix) -> None:
    """What `lt` and `lg` mean hangs on the version."""
    assert expected == read_aml(text)


@pytest.mark.parametrize(
    ("body", "ports"), [(DATA, None), (DATA, Ports(9200, 0)), (DATA_TEXT.encode("ascii"), Ports(9200, 0))]
)
def test_data(body: bytes, ports: Ports | None) -> None:
    """A data message holds the text packed in septets or plain, after a header with ports or without."""
    message = decode(encode_data_deliver("+628123450099", body, AT, ports=ports).hex)
    text = text_in_data(message)
    fix = read_aml(text or "")

    assert DATA_TEXT == text
    assert fix is not None
    assert (37.42175, -122.08461, 20, True) == (fix.lat, fix.lon, fix.radius, fix.ml_ok)


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x41", b"\x41\x51\x93", bytes(140), b"\xff" * 140])
def test_other_data(body: bytes) -> None:
    """Other data is nobody's place."""
    assert text_in_data(decode(encode_data_deliver("+628123450099", body, AT).hex)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('A"ML=1;lt=-8.2;lg=114.3;rd=12.5', (-8.2, 114.3, 12.5)),
        ('A"ML=1; lt = -8.2 ; lg = 114.3 ; rd = N ', (-8.2, 114.3, None)),
        ('A"ML=1;LT=1;lt=-8.2;lg=114.3;new=1;rd=0', (-8.2, 114.3, None)),
        ('A"ML=1;lt=+0.00000;lg=+109.33333;rd=9', (0.0, 109.33333, 9.0)),
        ('A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=N;lc=0;pm=N', (None, None, None)),
        ('A"ML=1;lt=-8.2;lg=114.3;rd=12;pm=N', (None, None, None)),
        ('A"ML=1;lt=-98.2;lg=114.3;rd=12', (None, None, None)),
        ('A"ML=1;lt=-8.2;lg=184.3;rd=12', (None, None, None)),
        ('A"ML=1;lt=nan;lg=inf;rd=1e999', (None, None, None)),
        ('A"ML=1;lt=-8.2', (None, None, None)),
        ('A"ML=2;lo=-8.2,114.3,0', (-8.2, 114.3, None)),
        ('A"ML=2;lo= -8.2 , 114.3', (-8.2, 114.3, None)),
        ('A"ML=2;lt=-8.2;lg=114.3;rd=12', (None, None, None)),
        ('A"ML=2;lo=0,0,0;ls=U', (None, None, None)),
        ('A"ML=7;lt=-8.2;lg=114.3;rd=12', (None, None, None)),
        ('A"ML=;lt=-8.2;lg=114.3', (None, None, None)),
        ('A"ML=1', (None, None, None)),
    ],
)
def test_places(text: str, expected: tuple[float | None, float | None, float | None]) -> None:
    """What can be read is taken; a phone without a fix, and one that is nowhere on Earth, has no place."""
    fix = read_aml(text)

    assert fix is not None
    assert expected == (fix.lat, fix.lon, fix.radius)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('A"ML=1;top=20261301000000', None),
        ('A"ML=1;top=00000000000000', None),
        ('A"ML=1;top=2026030105000', None),
        ('A"ML=1;top=20260301050000', AT),
        ('A"ML=2;et=1772341200', AT),
        ('A"ML=2;et=9999999999;lt=9999999999', None),
        ('A"ML=2;et=1772341200000', None),
        ('A"ML=2;lt=-4', None),
    ],
)
def test_times(text: str, expected: datetime | None) -> None:
    """A time that cannot be is no time."""
    fix = read_aml(text)

    assert fix is not None
    assert expected == fix.time


@pytest.mark.parametrize(
    ("text", "expected"), [(UNSIGNED, True), (UNSIGNED + "@", True), (TEXT, False), (TEXT[:-7], None)]
)
def test_length(text: str, expected: bool | None) -> None:
    """A wrong length is told and refuses nothing; spare bits that read as a last @ do not count."""
    fix = read_aml(text)

    assert fix is not None
    assert (expected, 51.53321) == (fix.ml_ok, fix.lat)


@pytest.mark.parametrize("text", ["", 'LAPOR A"ML=1;lt=1;lg=1', "AML=1;lt=1", 'A"M', 'kata A"ML'])
def test_no_aml(text: str) -> None:
    """Everything else is a citizen's text."""
    assert read_aml(text) is None


KEYS = st.sampled_from(["lt", "lg", "rd", "top", "lc", "pm", "mcc", "mnc", "ml", "lo", "et", "nc", "ls", "x", ""])
VALUES = st.text(max_size=20) | st.from_regex(r"[+-]?[0-9]{0,30}(\.[0-9]*)?(,[+-]?[0-9.]*)*", fullmatch=True)
BODIES = st.lists(st.tuples(KEYS, VALUES), max_size=12)


@given(st.sampled_from(["", "1", "2", "3", "x", "²", "٣"]), BODIES)
def test_any_text(version: str, body: list[tuple[str, str]]) -> None:
    """Whatever the keys say: a fix, whose place is on Earth if it has one."""
    fix = read_aml(f'A"ML={version};' + ";".join(f"{key}={value}" for key, value in body))

    assert fix is not None
    assert (fix.lat is None) == (fix.lon is None)
    assert abs(fix.lat or 0) <= 90
    assert abs(fix.lon or 0) <= 180


@given(st.binary(max_size=140), st.sampled_from([b"", b'A"ML=', DATA[:8], DATA[:40]]))
@example(body=b'A"ML', head=b"")
def test_any_data(body: bytes, head: bytes) -> None:
    """Whatever octets come as data: an AML text or none."""
    text = text_in_data(decode(encode_data_deliver("+628123450099", (head + body)[:140], AT).hex))

    assert text is None or read_aml(text) is not None
