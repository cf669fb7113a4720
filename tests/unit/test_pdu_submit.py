"""SMS-SUBMIT as it goes to AT+CMGS: octets, parts, validity, and what cannot be sent."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.pdu import Encoding, MessageType, TypeOfNumber, UnencodableError, decode, encode_submit, join
from hardware.modem.pdu.validity import decode_validity, encode_validity

_NUMBER = "+628123456789"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Hi there...Tue 17th Jan 2012 05:30.18 pm (GMT+1) ΔΔΔΔΔ",
            "07919130079229F011000B915155551532F400000036C834888E2ECBCB2E978B5A2F8362373A1AA40CBB4132584C0682D574"
            "33982B8603C1DB20D4B1495DC552200804028100",
            id="7-bit",
        ),
        pytest.param(
            "Да здравствует король, детка!",
            "07919130079229F011000B915155551532F40008003A041404300020043704340440043004320441044204320443043504420020"
            "043A043E0440043E043B044C002C0020043404350442043A04300021",
            id="UCS-2",
        ),
    ],
)
def test_submit_is_octet_for_octet_what_modemmanager_sends(text: str, expected: str) -> None:
    """ModemManager's test-sms-part-3gpp: same SMSC, destination, validity and text, same PDU."""
    (part,) = encode_submit("+15555551234", text, validity=timedelta(minutes=5), smsc="+19037029920")

    assert expected == part.hex
    assert len(expected) // 2 - 8 == part.tpdu_length


@pytest.mark.parametrize(
    ("destination", "field"),
    [
        pytest.param("+628123456789", "0C91261832547698", id="international"),
        pytest.param("08123456789", "0B818021436587F9", id="national"),
        pytest.param("112", "038111F2", id="short code"),
        pytest.param("*123#", "05811A32FB", id="star and hash"),
    ],
)
def test_destination_has_the_type_of_its_form(destination: str, field: str) -> None:
    """A + makes it international (0x91); everything else is sent as it stands (0x81)."""
    (part,) = encode_submit(destination, "x")

    assert f"000100{field}0000" == part.hex[:-4]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        pytest.param("", [0], id="empty"),
        pytest.param("a" * 160, [160], id="160 septets in one"),
        pytest.param("a" * 161, [153, 8], id="161 septets in two"),
        pytest.param("a" * 152 + "€" + "a" * 10, [152, 12], id="no cut after an escape"),
        pytest.param("a" * 151 + "€" + "a" * 10, [153, 10], id="escape and its character fill a part"),
        pytest.param("ñ€" * 53, [159], id="extension characters count two"),
        pytest.param("я" * 70, [140], id="70 UCS-2 characters in one"),
        pytest.param("я" * 71, [134, 8], id="71 UCS-2 characters in two"),
        pytest.param("я" * 66 + "😀" + "я" * 5, [132, 14], id="no cut within a surrogate pair"),
    ],
)
def test_text_is_cut_between_characters(text: str, sizes: list[int]) -> None:
    """Parts are as full as they can be without cutting a character."""
    parts = [decode(part.hex, sent=True) for part in encode_submit(_NUMBER, text, reference=7)]

    assert sizes == [len(part.user_data.body) for part in parts if part.user_data is not None]
    assert text == "".join(part.text or "" for part in parts)


@given(st.text(max_size=400), st.integers(0, 255))
def test_every_text_comes_back(text: str, reference: int) -> None:
    """Any Unicode text, in its parts, decodes to itself, and each part alone is sound."""
    parts = [decode(part.octets, sent=True) for part in encode_submit(_NUMBER, text, reference=reference)]

    assert text == join(parts)
    assert {()} == {part.errors for part in parts}
    assert {MessageType.SUBMIT} == {part.type for part in parts}
    if len(parts) > 1:
        expected = [(reference, len(parts), seq) for seq in range(1, len(parts) + 1)]
        assert expected == [(c.ref, c.total, c.seq) for part in parts if (c := part.concat)]


def test_all_fields_come_back() -> None:
    """What a simulated network reads of a SUBMIT is what was asked for."""
    (part,) = encode_submit(_NUMBER, "halo", validity=timedelta(days=1), status_report=True)
    message = decode(part.hex, sent=True)

    assert (_NUMBER, "halo", Encoding.GSM7) == (message.number, message.text, message.encoding)
    assert (timedelta(days=1), True, 0) == (message.validity, message.wants_report, message.reference)
    assert message.address is not None
    assert TypeOfNumber.INTERNATIONAL == message.address.type_of_number


def test_what_is_not_asked_for_is_not_there() -> None:
    """No report, no validity, and reference 0 for the parts."""
    parts = [decode(part.hex, sent=True) for part in encode_submit(_NUMBER, "a" * 161)]

    assert [(False, None, 0)] * 2 == [(part.wants_report, part.validity, c.ref) for part in parts if (c := part.concat)]


def test_half_a_surrogate_pair_is_replaced_and_two_halves_make_one() -> None:
    """A str may hold what UTF-16 cannot; the SMS never does."""
    (part,) = encode_submit(_NUMBER, "\ud83d a \ud83d\ude00")

    assert "\ufffd a 😀" == decode(part.hex, sent=True).text


@pytest.mark.parametrize("destination", ["", "+", "+1 555 123", "Komdigi", "+" + "1" * 21, "0812a", "+٦٢٨١٢"])
def test_what_is_no_number_is_refused(destination: str) -> None:
    """The error names the value and what would be right."""
    with pytest.raises(UnencodableError, match="no number for an SMS: write"):
        encode_submit(destination, "x")


def test_text_of_too_many_parts_is_refused() -> None:
    """TP-UD counts parts in one octet."""
    with pytest.raises(UnencodableError, match="256 parts fits no SMS: at most 255"):
        encode_submit(_NUMBER, "a" * (153 * 255 + 1))


@pytest.mark.parametrize("reference", [-1, 256])
def test_reference_that_is_no_octet_is_refused(reference: int) -> None:
    """Only a concatenated message needs one, and it has 8 bits."""
    with pytest.raises(UnencodableError, match=f"{reference} is no concatenation reference: write 0 to 255"):
        encode_submit(_NUMBER, "a" * 161, reference=reference)


@pytest.mark.parametrize("reference", [0, 255])
def test_reference_may_be_any_octet(reference: int) -> None:
    """The first and the last one are references like others."""
    parts = encode_submit(_NUMBER, "a" * 161, reference=reference)

    assert [reference, reference] == [c.ref for part in parts if (c := decode(part.hex, sent=True).concat)]


@pytest.mark.parametrize(
    ("octet", "period"),
    [
        (0, timedelta(minutes=5)),
        (143, timedelta(hours=12)),
        (144, timedelta(hours=12, minutes=30)),
        (167, timedelta(hours=24)),
        (168, timedelta(days=2)),
        (196, timedelta(days=30)),
        (197, timedelta(weeks=5)),
        (255, timedelta(weeks=63)),
    ],
)
def test_validity_has_the_steps_of_the_standard(octet: int, period: timedelta) -> None:
    """The corners of the table in TS 23.040 clause 9.2.3.12.1, both ways."""
    assert period == decode_validity(octet)
    assert octet == encode_validity(period)


@given(st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(weeks=63)))
def test_validity_is_never_shorter_than_asked(period: timedelta) -> None:
    """It is the next step up, and the step below would be too short."""
    octet = encode_validity(period)

    assert decode_validity(octet) >= period
    assert octet == 0 or decode_validity(octet - 1) < period


def test_validity_ends_at_63_weeks() -> None:
    """More cannot be asked for."""
    assert 255 == encode_validity(timedelta(days=1000))
