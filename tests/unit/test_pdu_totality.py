"""Whatever a modem hands out gives a message that can be stored: nothing raises."""

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from hardware.modem.pdu import MessageType, decode, decode_line, encode_deliver, fingerprint, join

_PUBLISHED = json.loads((Path(__file__).with_name("vectors") / "pdu_published.json").read_text(encoding="utf-8"))
_HEADS = st.sampled_from(
    [b"\x00\x00", b"\x00\x44", b"\x00\x40", b"\x00\x51", b"\x00\x06", b"\x00\x42", b"\x00\x03", b""]
)


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    octets = bytearray.fromhex(draw(st.sampled_from([row["pdu"] for row in _PUBLISHED])))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(octets)))
        octets[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(octets[: draw(st.integers(0, len(octets)))])


def _holds_together(octets: bytes, sent: bool) -> None:
    message = decode(octets, sent=sent)

    assert octets == message.raw
    assert message.type is not MessageType.UNKNOWN or message.errors
    assert json.loads(json.dumps(decode_line(octets.hex(), sent=sent)))["errors"] == list(message.errors)
    # A lone surrogate would pass json.dumps above and break the database later.
    join([message, message]).encode()
    (message.number or "").encode()
    assert fingerprint(message, "1") == fingerprint(decode(octets, sent=sent), "1")


@given(st.builds(bytes.__add__, _HEADS, st.binary(max_size=200)), st.booleans())
@example(b"", False)
@example(b"\xff" * 300, True)
def test_any_octets_give_a_message(octets: bytes, sent: bool) -> None:
    """Random octets, with or without a plausible beginning."""
    _holds_together(octets, sent)


@given(_damaged(), st.booleans())
def test_any_damaged_pdu_gives_a_message(octets: bytes, sent: bool) -> None:
    """Real PDUs with octets lost, added, changed and cut off."""
    _holds_together(octets, sent)


@given(st.text(st.characters(codec=None) | st.sampled_from("0123456789ABCDEF \t\r\n\x00\x1a\ud800")), st.booleans())
def test_any_line_gives_an_object(line: str, sent: bool) -> None:
    """What is no hex is unknown, with the reason, and can be printed."""
    form = decode_line(line, sent=sent)

    assert form["type"] != "unknown" or form["errors"]
    json.dumps(form, ensure_ascii=False).encode()


@given(st.integers(0, 300))
def test_a_message_cut_anywhere_keeps_what_was_read(length: int) -> None:
    """The text is a beginning of the text, or there is none, and the cut is reported."""
    (part,) = encode_deliver("+628123456789", "Kebakaran di Jalan Mawar 5", datetime(2026, 1, 1, tzinfo=UTC))
    cut = part.octets[:length]
    message = decode(cut)

    assert "Kebakaran di Jalan Mawar 5".startswith(message.text or "")
    assert (cut == part.octets) == (message.errors == ())
