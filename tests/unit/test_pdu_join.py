"""The parts of one message, put together before they are decoded."""

from datetime import UTC, datetime

import pytest

from hardware.modem.pdu import Concat, decode, encode_data_deliver, encode_deliver, join

_TIME = datetime(2026, 11, 20, tzinfo=UTC)
# No SMSC, DELIVER with a header, from +62811, DCS to fill in, time
_HEAD = "004405912618F100{dcs}62110200000000"


def _part(dcs: str, user_data: str, length: int | None = None) -> str:
    return _HEAD.format(dcs=dcs) + f"{length or len(user_data) // 2:02X}{user_data}"


def test_surrogate_pair_over_the_border_is_one_character() -> None:
    """Each part alone shows U+FFFD and reports no error, both together show the emoji."""
    parts = [decode(_part("08", "0500032A0201" + "0061D83D")), decode(_part("08", "0500032A0202" + "DE000062"))]

    assert ["a\ufffd", "\ufffdb"] == [part.text for part in parts]
    assert [(), ()] == [part.errors for part in parts]
    assert "a😀b" == join(parts)


def test_escape_over_the_border_is_one_character() -> None:
    """The phone cut after the escape; the euro sign is whole again."""
    # 7 septets of header, then "A" ESC; then "e" (the euro sign behind an escape) "B"
    first = decode(_part("00", "0500032A0201" + "821B", 9))
    second = decode(_part("00", "0500032A0202" + "CA42", 9))

    assert ["A", "eB"] == [first.text, second.text]
    assert "A€B" == join([first, second])


def test_parts_written_in_different_ways_are_each_read_in_theirs() -> None:
    """One part in UCS-2, the next in 7-bit: some phones do."""
    (seven,) = encode_deliver("+62811", "halo ", _TIME)
    (sixteen,) = encode_deliver("+62811", "😀", _TIME)

    assert "halo 😀halo " == join([decode(seven.hex), decode(sixteen.hex), decode(seven.hex)])


@pytest.mark.parametrize(
    ("header", "concat"),
    [("0500032A0201", Concat(0x2A, 2, 1, ref_bits=8)), ("060804002A0201", Concat(0x2A, 2, 1, ref_bits=16))],
)
def test_reference_knows_its_width(header: str, concat: Concat) -> None:
    """42 in 8 bits and 42 in 16 bits are two messages."""
    assert concat == decode(_part("08", header + "0061")).concat


@pytest.mark.parametrize("hexadecimal", ["", encode_data_deliver("+62811", b"\x01", _TIME).hex])
def test_what_has_no_text_adds_nothing(hexadecimal: str) -> None:
    """Neither data nor an unreadable part spoils the rest."""
    (part,) = encode_deliver("+62811", "halo", _TIME)

    assert "halohalo" == join([decode(part.hex), decode(hexadecimal), decode(part.hex)])
