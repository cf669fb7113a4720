"""The 7-bit alphabets: every character, every national table, text packed without a count."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.pdu import packed_text, septets
from hardware.modem.pdu.alphabet import Alphabet, encode
from hardware.modem.pdu.locking_shift import LOCKING_SHIFT
from hardware.modem.pdu.single_shift import SINGLE_SHIFT

_SCRIPTS = {
    4: "BENGALI",
    5: "GUJARATI",
    6: "DEVANAGARI",
    7: "KANNADA",
    8: "MALAYALAM",
    9: "ORIYA",
    10: "GURMUKHI",
    11: "TAMIL",
    12: "TELUGU",
    13: "ARABIC",
}
_OTHER_SCRIPTS = frozenset(_SCRIPTS.values())


def _scripts(table: str) -> set[str]:
    return {unicodedata.name(character, "").split()[0] for character in table if character > "\x7f"} & _OTHER_SCRIPTS


def test_default_alphabet_is_the_one_of_the_standard() -> None:
    """TS 23.038 clause 6.2.1, character by character; the escape alone shows nothing."""
    expected = (
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
    )

    assert expected == Alphabet().decode(bytes(code for code in range(128) if code != 0x1B))


def test_extension_is_the_one_of_the_standard() -> None:
    """TS 23.038 clause 6.2.1.1: ten characters, all else falls back to the default table."""
    fallback = Alphabet().decode(bytes(range(128)).replace(b"\x1b", b""))
    shifted = Alphabet().decode(b"".join(bytes((0x1B, code)) for code in range(128) if code != 0x1B))

    changed = [new for new, old in zip(shifted, fallback, strict=True) if new != old]

    assert list("\x0c^{}\\[~]|€") == changed


@given(st.lists(st.sampled_from(sorted(set(LOCKING_SHIFT[0]) | set("\x0c^{}\\[~]|€")))).map("".join))
def test_every_text_in_the_alphabet_comes_back(text: str) -> None:
    """Encoding and decoding are each other's inverse on all that the alphabet holds."""
    code = encode(text)

    assert code is not None
    assert text == Alphabet().decode(code)


@given(st.binary().map(lambda octets: bytes(octet & 0x7F for octet in octets)), st.integers(0, 20))
def test_packing_and_unpacking_are_inverse(code: bytes, skip: int) -> None:
    """Any septets come back, whatever header they leave room for."""
    assert code == septets.unpack(septets.pack(code, skip=skip), len(code), skip=skip)


@pytest.mark.parametrize(("language", "script"), _SCRIPTS.items(), ids=_SCRIPTS.values())
def test_national_tables_hold_their_own_script_only(language: int, script: str) -> None:
    """A slip by one row or one table would bring in another script."""
    assert {script} == _scripts(LOCKING_SHIFT[language])
    # Every Indian single shift table holds the dandas, which Unicode keeps in the Devanagari block.
    assert _scripts(SINGLE_SHIFT[language]) in ({script}, {script, "DEVANAGARI"})


@pytest.mark.parametrize("language", _SCRIPTS, ids=_SCRIPTS.values())
def test_national_digits_stand_in_a_row(language: int) -> None:
    """The ten digits of each script are in its single shift table, in their order and, but for the escape, unbroken."""
    found = [(place, unicodedata.decimal(c)) for place, c in enumerate(SINGLE_SHIFT[language]) if c.isdecimal()]

    assert list(range(10)) == [digit for _, digit in found]
    assert found[-1][0] - found[0][0] == 9 + (found[0][0] < 0x1B)


@pytest.mark.parametrize("language", _SCRIPTS, ids=_SCRIPTS.values())
def test_national_tables_keep_latin_digits_and_letters(language: int) -> None:
    """European digits, the comma and small letters are where the default alphabet has them."""
    table = LOCKING_SHIFT[language]

    assert "0123456789:;" == table[0x30:0x3C]
    assert "abcdefghijklmnopqrstuvwxyz" == table[0x61:0x7B]
    assert (",", ".") == (table[0x2C], table[0x2E])


@pytest.mark.parametrize("table", LOCKING_SHIFT.values(), ids=map(str, LOCKING_SHIFT))
def test_no_locking_table_has_a_character_twice(table: str) -> None:
    """A character stands at one place only (the escape's space and the gaps aside)."""
    characters = [character for character in table if character not in " \ufffd"]

    assert sorted(set(characters)) == sorted(characters)


@pytest.mark.parametrize("table", [*LOCKING_SHIFT.values(), *SINGLE_SHIFT.values()])
def test_every_table_is_whole(table: str) -> None:
    """128 places, the escape among them a space."""
    assert (128, " ") == (len(table), table[0x1B])


def test_packed_text_reads_a_published_location_message() -> None:
    """The AML sample of the handset maker: 108 octets are 123 characters."""
    octets = bytes.fromhex(
        "415193D98BEDD8F4DEECE6A2C962B7DA8E7DEEB56232990B86A3D9623B39B92783EDE86F784F068BD560B6D80C1683E568B81D7BDCB3"
        "E176F076EFB89BA77B39DCCD56A3C966B15D39DD9BD570B2590E56CBC168B21A4DB66B8FC7BD590CB66BBBC73D990DB66BB37B31D90C"
    )

    assert (
        'A"ML=1;lt=37.42175;lg=-122.08461;rd=20;top=20150613010948;lc=68;pm=G;'
        "si=987654231;ei=358239059042542;mcc=310;mnc=260;ml=123"
    ) == packed_text(octets)
