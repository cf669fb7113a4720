"""USSD: what is sent to the network and how its answers are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.at.engine import AtEngine
from hardware.modem.at.events import Urc
from hardware.modem.ussd import UssdAnswer, UssdStatus, parse_cusd, request
from sms_gateway.credit import amount

DONE = UssdStatus.DONE


def test_code_is_sent_as_the_modem_wants_it() -> None:
    """In plain text, or packed: the second is what a Huawei E150 took for *102# in a published log."""
    assert 'AT+CUSD=1,"*888#",15' == request("*888#", packed=False)
    assert 'AT+CUSD=1,"AA184C3602",15' == request("*102#", packed=True)


@pytest.mark.parametrize("code", ["", "*888#\r", 'AT"', "saldo", "*1#" * 20])
def test_what_is_no_code_is_refused(code: str) -> None:
    """Nothing but digits, * and # gets into a command."""
    with pytest.raises(ValueError, match="USSD code"):
        request(code, packed=False)


@pytest.mark.parametrize(
    ("line", "packed", "expected"),
    [
        ('+CUSD: 0,"Pulsa Rp 5.000",15', False, UssdAnswer(DONE, "Pulsa Rp 5.000")),
        ('+CUSD: 0,"Pulsa Rp 5.000"', False, UssdAnswer(DONE, "Pulsa Rp 5.000")),
        ('+CUSD:1,"1. Pulsa\n2. Kuota",15', False, UssdAnswer(UssdStatus.ASKS, "1. Pulsa\n2. Kuota")),
        ("+CUSD: 4", False, UssdAnswer(UssdStatus.NOT_SUPPORTED, "")),
        ("+CUSD: 2,,", False, UssdAnswer(UssdStatus.TERMINATED, "")),
        # The answer of an E150 to its balance code, in a published log.
        (
            '+CUSD: 0,"04110430043B0430043D04410020003500320035002E0032003500200440002E",72',
            True,
            UssdAnswer(DONE, "Баланс 525.25 р."),
        ),
        ('+CUSD: 0,"0052007000200030",15', False, UssdAnswer(DONE, "Rp 0")),
        ('+CUSD: 0,"12345678",15', False, UssdAnswer(DONE, "12345678")),
        ('+CUSD: 0,"D03A7B1E06C100",15', True, UssdAnswer(DONE, "Pulsa 0")),
        ('+CUSD: 0,"Pulsa habis",15', True, UssdAnswer(DONE, "Pulsa habis")),
    ],
)
def test_answers(line: str, packed: bool, expected: UssdAnswer) -> None:
    """Text, UCS-2 and packed septets, by coding and by modem."""
    assert expected == parse_cusd(line, packed=packed)


@given(st.text(), st.booleans())
def test_nothing_breaks_the_reader(text: str, packed: bool) -> None:
    """Any text is an answer or none."""
    assert parse_cusd(text, packed=packed) is None or text.startswith("+CUSD")
    parse_cusd(f'+CUSD: 0,"{text}",15', packed=packed)


def test_answer_of_several_lines_is_one_code() -> None:
    """What stands between the quotes is kept; another code in between is no part of it."""
    engine = AtEngine()
    events = engine.receive(b'\r\n+CUSD: 0,"Pulsa Rp 5.000\r\nAktif s.d. 31.12\r\nTerima kasih",15\r\n')
    assert [Urc("+CUSD", '+CUSD: 0,"Pulsa Rp 5.000', 'Aktif s.d. 31.12\nTerima kasih",15')] == events

    events = engine.receive(b'\r\n+CUSD: 0,"Pulsa\r\n+CMTI: "SM",3\r\n')
    assert [Urc("+CUSD", '+CUSD: 0,"Pulsa'), Urc("+CMTI", '+CMTI: "SM",3')] == events


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sisa pulsa Anda Rp25.000. Aktif s.d. 31.12.2026", 25000),
        ("Pulsa: 0", 0),
        ("Pulsa Rp.0,00 masa aktif", 0),
        ("Saldo anda Rp 1.250.000,00", 1250000),
        ("IDR 300", 300),
        ("Kode salah", None),
        ("Kuota 2 GB", None),
    ],
)
def test_amount_in_the_answer(text: str, expected: int | None) -> None:
    """The first sum of money, whatever stands around it."""
    assert expected == amount(text)
