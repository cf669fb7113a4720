"""Telephone numbers as Indonesian networks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga112 import phone
from siaga112.phone import CallBar, NumberFormat

WRITTEN = {
    "E.164": ("+628123450001", "+628123450001"),
    "national": ("08123450001", "+628123450001"),
    "without plus": ("628123450001", "+628123450001"),
    "with the international prefix": ("00628123450001", "+628123450001"),
    "as it is spoken": ("+62 812-3450-001", "+628123450001"),
    "mobile without its zero": ("8123450001", "+628123450001"),
    "fixed line": ("(0333) 421234", "+62333421234"),
    "Jakarta": ("021 1234 5678", "+622112345678"),
    "emergency number of an area": ("0333112", "+62333112"),
    "the same with its country": ("+62331112", "+62331112"),
    "from abroad": ("+49 151 12345678", "+4915112345678"),
    "satellite": ("+88216123456", "+88216123456"),
    "short code": ("112", "112"),
    "longer short code": ("98999", "98999"),
    "service number": ("1500505", "1500505"),
    "sender name": ("TELKOMSEL", "TELKOMSEL"),
    "cut short": ("0812", "0812"),
    "country alone": ("+62", "+62"),
    "no such country": ("+999123456", "+999123456"),
    "too long": ("+62812345000123456789", "+62812345000123456789"),
    "nothing": ("", ""),
    "address": ("sip:0812@10.0.0.1", "sip:0812@10.0.0.1"),
    "code of a network": ("*888#", "*888#"),
}


@pytest.mark.parametrize(("written", "number"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_number_has_one_form(written: str, number: str) -> None:
    """A subscriber's number becomes E.164, whatever else comes stays as it is."""
    assert number == phone.normalise(written)


@given(st.text(alphabet="+0123456789 ()-.*#aZ\n٣", max_size=25))
def test_any_text_has_a_form_that_stays(written: str) -> None:
    """Nothing that a network sends is an error, and a form is final."""
    number = phone.normalise(written)

    assert number == phone.normalise(number)


def test_the_country_decides_what_is_national() -> None:
    """The same digits are another line in another country."""
    assert (phone.normalise("0123456789", "MY"), phone.normalise("0123456789")) == ("+60123456789", "+62123456789")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("08123450001", "+628123450001", True),
        ("08123450001", "08123450002", False),
        ("Telkomsel", "TELKOMSEL", True),
        ("112", "0112", False),
    ],
)
def test_same_line_however_written(first: str, second: str, expected: bool) -> None:
    """Two ways to write a number are one line, and a name has no capitals."""
    assert expected is phone.same(first, second)


FORMATS = {
    "digits": ("08123450001", NumberFormat.E164, "628123450001"),
    "with plus": ("08123450001", NumberFormat.PLUS62, "+628123450001"),
    "local": ("+628123450001", NumberFormat.LOCAL, "08123450001"),
    "local, abroad": ("+4915112345678", NumberFormat.LOCAL, "004915112345678"),
    "short code stays in any": ("110", NumberFormat.PLUS62, "110"),
    "service number stays in any": ("1500505", NumberFormat.E164, "1500505"),
}


@pytest.mark.parametrize(("number", "number_format", "expected"), FORMATS.values(), ids=FORMATS.keys())
def test_a_trunk_gets_numbers_its_own_way(number: str, number_format: NumberFormat, expected: str) -> None:
    """Each telecom operator's form, from any other."""
    assert expected == phone.for_trunk(number, number_format)


MASKED = {
    "mobile": ("+62812345678001", "+62812******001"),
    "national": ("08123450001", "0812****001"),
    "short number": ("+62331112", "******112"),
    "too short to show a part": ("1234567", "****567"),
    "short code": ("112", "112"),
    "name": ("TELKOMSEL", "TELKOMSEL"),
    "address": ("sip:+628123450001@10.0.0.1:5060", "sip:+62812****001@10.0.0.1:5060"),
    "ticket number": ("BWI-2026-000123", "BWI-2026-000123"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("number", "masked"), MASKED.values(), ids=MASKED.keys())
def test_a_masked_number_shows_no_person(number: str, masked: str) -> None:
    """Country, network and the last three digits are left; what names nobody stays."""
    assert masked == phone.mask(number)


@given(st.from_regex(r"\+?[0-9]{7,15}", fullmatch=True))
def test_a_mask_hides_at_least_three_digits(number: str) -> None:
    """No subscriber's number keeps all of its digits, and its length shows."""
    masked = phone.mask(number)

    assert len(number) == len(masked)
    assert masked.count("*") >= 2


@pytest.mark.parametrize(
    "raw", ["", " ", "anonymous", "Anonymous", "unknown", "Restricted", "unavailable", '"Unknown"', "<unknown>"]
)
def test_a_withheld_number_is_none(raw: str) -> None:
    """Whatever word a carrier puts in its place, a withheld number is no number."""
    assert phone.caller_from(raw) is None


@pytest.mark.parametrize("raw", ["+628123450001", "112", "budi"])
def test_a_caller_is_kept(raw: str) -> None:
    """A number or name that came is the caller."""
    assert raw == phone.caller_from(raw)


@pytest.mark.parametrize(
    ("number", "is_short", "is_name", "is_subscriber"),
    [
        ("112", True, False, False),
        ("123456", True, False, False),
        ("1234567", False, False, False),
        ("TELKOMSEL", False, True, False),
        ("+628123450001", False, False, True),
        ("08123450001", False, False, True),
        ("", False, False, False),
    ],
)
def test_what_kind_of_number(number: str, is_short: bool, is_name: bool, is_subscriber: bool) -> None:
    """Short code, name, somebody's line, or none of them."""
    assert (is_short, is_name, is_subscriber) == (
        phone.is_short_code(number),
        phone.is_alphanumeric(number),
        phone.is_subscriber(number),
    )


@pytest.mark.parametrize(
    ("number", "tells"),
    [
        ("+6281234567890", True),
        ("081234567890", True),
        ("+62333421112", True),
        (None, False),
        ("", False),
        ("anonymous", False),
        ("112", False),
        ("1708", False),
        ("+621121234567", False),
        ("+629111234567", False),
        ("911356938035643809", False),
        ("+62911356938035643", False),
        ("+62911352100", True),
        ("0911352100", True),
        ("+6291112345678", True),
        ("+62112345678", False),
        ("+628111111111", True),
        ("+6200000000", False),
        ("+62999999999", False),
        ("0000000000", False),
    ],
)
def test_a_number_that_many_share_tells_no_caller(number: str | None, tells: bool) -> None:
    """Phones without a SIM show nothing, zeros, or an emergency number with digits of their IMEI."""
    assert tells == phone.tells_caller(number)


MAY_BE_CALLED = {
    "mobile": "+6281234567890",
    "as it is dialled": "081234567890",
    "fixed line": "+62333421234",
    "fixed line of four digits": "+62333112",
    "fixed line with one digit more": "+62331424242424",
    "fixed line in Italy": "+390612345678",
    "toll free": "+628001234567",
}


@pytest.mark.parametrize("number", MAY_BE_CALLED.values(), ids=MAY_BE_CALLED.keys())
def test_a_callers_own_number_is_called_back(number: str) -> None:
    """Whoever lives in the site's country can be reached, also where digits are too many or too few."""
    assert phone.call_bar(number, "ID", {"IT"}) is None


BARRED = {
    "premium": ("+628091234567", CallBar.CHARGED),
    "premium with digits to spare": ("+6280912345678", CallBar.CHARGED),
    "premium cut short": ("+62809123456", CallBar.CHARGED),
    "shared cost": ("+628041234567", CallBar.CHARGED),
    "dialled on to another country": ("+620019005551234", CallBar.CHARGED),
    "dialled on to a line of ours": ("+620021500123456", CallBar.CHARGED),
    "dialled on by another carrier": ("+6210171900555123", CallBar.CHARGED),
    "of no known area": ("+62999123456", CallBar.CHARGED),
    "satellite": ("+881612345678", CallBar.COUNTRY),
    "another satellite": ("+8821612345678", CallBar.COUNTRY),
    "foreign": ("+60123456789", CallBar.COUNTRY),
    "foreign premium": ("+19005551234", CallBar.COUNTRY),
    "nobody's": ("112", CallBar.COUNTRY),
}


@pytest.mark.parametrize(("number", "bar"), BARRED.values(), ids=BARRED.keys())
def test_a_number_that_costs_is_not_called_back(number: str, bar: CallBar) -> None:
    """Whoever forged it would be paid for the call."""
    assert bar == phone.call_bar(number)


def test_a_named_country_is_called_back_but_not_what_costs_there() -> None:
    """The site's own stays among them; a neighbour that shares the calling code is another country."""
    numbers = ["+6281234567890", "+60123456789", "+601600123456", "+12125550123", "+14165550123", "+19005551234"]

    assert [None, None, CallBar.CHARGED, None, CallBar.COUNTRY, CallBar.CHARGED] == [
        phone.call_bar(number, "ID", ("MY", "US")) for number in numbers
    ]
