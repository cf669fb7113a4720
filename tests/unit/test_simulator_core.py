"""The simulated modem's core: what it answers to what, without a port or a thread."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.pdu import encode_deliver, encode_submit
from hardware.modem.simulator.command_line import Command, Form, parse
from hardware.modem.simulator.core import COMMANDS, ModemCore
from hardware.modem.simulator.personality import GENERIC
from hardware.modem.simulator.phone import Phone
from hardware.modem.simulator.sim_card import SimCard

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def a_core(pin: str = "") -> ModemCore:
    """A modem that has just been switched on, its echo off."""
    core = ModemCore(Phone(GENERIC, SimCard("510101234567890", "+628110000112", pin), lambda: NOW))
    core.receive(b"ATE0\r")
    return core


def ask(core: ModemCore, command: str) -> list[str]:
    """Give the lines that come for a command, or for a body when it ends with Ctrl-Z."""
    end = b"" if command.endswith(("\x1a", "\x1b")) else b"\r"
    data = b"".join(output.data for output in core.receive(command.encode("latin-1") + end))
    return [line for line in data.decode("latin-1").replace("\r", "").split("\n") if line]


def arrive(core: ModemCore, text: str, number: str = "+628123") -> list[str]:
    """Let a message arrive, give what the modem says by itself."""
    core.phone.network.waiting.extend(one.hex for one in encode_deliver(number, text, NOW))
    return [line for output in core.arrivals() for line in output.data.decode().split("\r\n") if line]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("AT", ()),
        ("at+csq", (Command("+CSQ", Form.EXECUTE),)),
        ("AT+CMGF?", (Command("+CMGF", Form.READ),)),
        ("AT+CPMS=?", (Command("+CPMS", Form.TEST),)),
        ('AT+CPMS="SM","ME"', (Command("+CPMS", Form.SET, ("SM", "ME")),)),
        ("ATE0V1", (Command("E", Form.EXECUTE, ("0",)), Command("V", Form.EXECUTE, ("1",)))),
        (
            "ATE0+CMEE=1;+CSQ",
            (Command("E", Form.EXECUTE, ("0",)), Command("+CMEE", Form.SET, ("1",)), Command("+CSQ", Form.EXECUTE)),
        ),
        ('AT+CSCA="a;b,c"', (Command("+CSCA", Form.SET, ("a;b,c",)),)),
        ("ATD112;", (Command("D", Form.EXECUTE, ("112;",)),)),
        ("ATS0=1", (Command("S0", Form.EXECUTE, ("1",)),)),
        ("hello", None),
    ],
)
def test_command_line(line: str, expected: tuple[Command, ...] | None) -> None:
    """V.250: several commands to a line, values in quotes, any case; a line without AT is none."""
    assert expected == parse(line)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("AT", ["OK"]),
        ("ATZ", ["OK"]),
        ("AT+CSQ", ["+CSQ: 20,99", "OK"]),
        ("AT+CPIN?", ["+CPIN: READY", "OK"]),
        ("AT+CREG?", ["+CREG: 0,1", "OK"]),
        ("AT+CREG=2;+CREG?", ['+CREG: 2,1,"00C3","1A2B"', "OK"]),
        ("AT+COPS?", ['+COPS: 0,0,"SIAGA SIM"', "OK"]),
        ("AT+COPS=3,2;+COPS?", ['+COPS: 0,2,"51010"', "OK"]),
        ("AT+CCLK?", ['+CCLK: "26/01/02,03:04:05+00"', "OK"]),
        ("AT+CNUM", ['+CNUM: "","+628110000112",145', "OK"]),
        ("AT+CSCA?", ['+CSCA: "+6281100000",145', "OK"]),
        ('AT+CPMS="SM"', ["+CPMS: 0,50,0,255,0,255", "OK"]),
        ('AT+CPMS="XX"', ["+CMS ERROR: 303"]),
        ("AT+CNMI=2,1,0,2,0;+CNMI?", ["+CNMI: 2,1,0,2,0", "OK"]),
        ("AT+CNMI=2,9", ["+CMS ERROR: 303"]),
        ("AT+CMGS", ["+CMS ERROR: 304"]),
        ("AT+CMGR=1", ["+CMS ERROR: 321"]),
        ("AT+CMGD=999", ["+CMS ERROR: 321"]),
        ("AT+NOSUCH", ["ERROR"]),
        ("AT+CSQ;+NOSUCH", ["ERROR"]),
        ("ATD112;", ["ERROR"]),
        ("AT+CMEE=1;D112", ["+CME ERROR: 30"]),
        ("not a command", []),
    ],
)
def test_answer(command: str, expected: list[str]) -> None:
    """What a fresh modem answers."""
    assert expected == ask(a_core(), command)


@pytest.mark.parametrize(
    ("level", "expected"), [("0", "ERROR"), ("1", "+CME ERROR: 11"), ("2", "+CME ERROR: SIM PIN required")]
)
def test_errors_are_shown_as_asked(level: str, expected: str) -> None:
    """AT+CMEE chooses between ERROR, number and text."""
    core = a_core(pin="1234")
    ask(core, f"AT+CMEE={level}")
    assert [expected] == ask(core, "AT+CIMI")


def test_echo() -> None:
    """Each character comes back while echo is on, and none when it is off."""
    core = a_core()
    ask(core, "ATE1")
    assert [b"AT\r", b"\r\nOK\r\n"] == [output.data for output in core.receive(b"AT\r")]


def test_pin_has_three_tries() -> None:
    """The third wrong PIN asks for the PUK; the right one in time gives the tries back."""
    core = a_core(pin="1234")
    ask(core, "AT+CMEE=1")
    assert ["+CPIN: SIM PIN", "OK"] == ask(core, "AT+CPIN?")
    assert ["+CMS ERROR: 311"] == ask(core, "AT+CMGL=4")
    assert ["+CME ERROR: 16"] == ask(core, 'AT+CPIN="0000"')
    assert ["OK"] == ask(core, 'AT+CPIN="1234"')
    assert core.phone.card.tries == 3
    ask(core, "AT+CFUN=1,1")
    ask(core, "ATE0")
    for _ in range(3):
        ask(core, 'AT+CPIN="0000"')
    assert ["+CPIN: SIM PUK", "OK"] == ask(core, "AT+CPIN?")


def test_message_is_listed_read_and_deleted() -> None:
    """A new message is unread once, then read, then gone."""
    core = a_core()
    assert arrive(core, "tolong") == []
    (pdu,) = [one.hex for one in encode_deliver("+628123", "tolong", NOW)]
    length = len(pdu) // 2 - 1

    assert [f"+CMGL: 1,0,,{length}", pdu, "OK"] == ask(core, "AT+CMGL=4")
    assert [f"+CMGL: 1,1,,{length}", pdu, "OK"] == ask(core, "AT+CMGL=4")
    assert ["OK"] == ask(core, "AT+CMGL=0")
    assert [f"+CMGR: 1,,{length}", pdu, "OK"] == ask(core, "AT+CMGR=1")
    assert ["OK"] == ask(core, "AT+CMGD=1")
    assert ["OK"] == ask(core, "AT+CMGL=4")


def test_message_in_text_mode() -> None:
    """Text mode shows status, sender, time and text."""
    core = a_core()
    arrive(core, "tolong api")
    ask(core, "AT+CMGF=1")

    expected = ['+CMGL: 1,"REC UNREAD","+628123",,"26/01/02,03:04:05+00"', "tolong api", "OK"]
    assert expected == ask(core, 'AT+CMGL="ALL"')
    assert ["+CMS ERROR: 305"] == ask(core, "AT+CMGL=4")
    assert [">"] == [line.strip() for line in ask(core, 'AT+CMGS="+628123"')]
    assert ["+CMGS: 1", "OK"] == ask(core, "balas\x1a")
    assert [("+628123", "balas")] == [(one.number, one.text) for one in core.phone.network.sent]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("0,0,0,0,0", []),
        ("2,1,0,0,0", ['+CMTI: "ME",1']),
        ("2,0,0,0,0", []),
        ("0,1,0,0,0", []),
    ],
)
def test_arrival_is_told_as_asked(setting: str, expected: list[str]) -> None:
    """AT+CNMI decides whether a stored message is told."""
    core = a_core()
    ask(core, f"AT+CNMI={setting}")

    assert expected == arrive(core, "tolong")
    assert len(core.phone.memories["ME"]) == 1


def test_message_is_routed_when_asked() -> None:
    """With mt=2 the message is printed and stored nowhere."""
    core = a_core()
    ask(core, "AT+CNMI=2,2,0,0,0")
    (pdu,) = [one.hex for one in encode_deliver("+628123", "tolong", NOW)]

    assert [f"+CMT: ,{len(pdu) // 2 - 1}", pdu] == arrive(core, "tolong")
    assert len(core.phone.memories["ME"]) == 0


def test_full_memory_makes_the_network_wait() -> None:
    """What finds no room comes when a place is free, by itself."""
    core = a_core()
    ask(core, 'AT+CPMS="SM","SM","SM"')
    ask(core, "AT+CNMI=2,1,0,0,0")
    told = [line for number in range(51) for line in arrive(core, f"pesan {number}")]

    assert len(told) == 50
    assert ["OK", '+CMTI: "SM",7'] == ask(core, "AT+CMGD=7")


@pytest.mark.parametrize(("ds", "expected"), [(0, []), (1, ["+CDS: 25"]), (2, ['+CDSI: "SR",1'])])
def test_report_comes_the_way_that_was_asked(ds: int, expected: list[str]) -> None:
    """A message with TP-SRR brings a status report: printed, stored, or not at all."""
    core = a_core()
    ask(core, f"AT+CNMI=2,1,0,{ds},0")
    (submit,) = encode_submit("+628123456789", "x", status_report=True)
    ask(core, f"AT+CMGS={submit.tpdu_length}")

    after = ask(core, submit.hex + "\x1a")
    assert ["+CMGS: 1", "OK"] == after[:2]
    assert expected == after[2:3]


def test_text_entry_is_left_by_escape() -> None:
    """ESC sends nothing and gives OK; the modem takes commands again."""
    core = a_core()
    ask(core, "AT+CMGS=20")
    assert ["OK"] == ask(core, "0011\x1b")
    assert ["+CSQ: 20,99", "OK"] == ask(core, "AT+CSQ")
    assert core.phone.network.sent == []


@pytest.mark.parametrize(("length", "body"), [(5, "00"), (20, "zz"), (1, "0001"), (8, "0004" * 4)])
def test_what_is_no_submit_is_refused(length: int, body: str) -> None:
    """A wrong length, no hex, a cut PDU and a DELIVER are +CMS ERROR: 304."""
    core = a_core()
    ask(core, f"AT+CMGS={length}")
    assert ["+CMS ERROR: 304"] == ask(core, body + "\x1a")


def test_draft_is_written_and_sent_from_store() -> None:
    """AT+CMGW keeps a draft, AT+CMSS sends it and marks it sent."""
    core = a_core()
    (submit,) = encode_submit("+628123456789", "draf")
    ask(core, f"AT+CMGW={submit.tpdu_length}")
    assert ["+CMGW: 1", "OK"] == ask(core, submit.hex + "\x1a")
    assert ["+CMSS: 1", "OK"] == ask(core, "AT+CMSS=1")
    assert [f"+CMGL: 1,3,,{submit.tpdu_length}", submit.hex, "OK"] == ask(core, "AT+CMGL=3")


def test_every_command_of_the_list_is_known() -> None:
    """AT+CLAC names each command, and none of them ends as an unknown one in its test form."""
    core = a_core()
    listed = ask(core, "AT+CLAC")
    assert [*(f"AT{name}" for name in COMMANDS), "OK"] == listed
    for name in listed[:-1]:
        if "+" in name:
            assert ask(core, f"{name}=?")[-1] == "OK", name


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(
                [*(f"AT{name}".encode() for name in COMMANDS), b"=?\r", b"=1,2\r", b"?\r", b"\x1a", b"\x1b", b"\r"]
            ),
        ),
        max_size=30,
    )
)
def test_no_bytes_break_it(chunks: list[bytes]) -> None:
    """Whatever the host sends, the modem answers AT afterwards."""
    core = a_core()
    for chunk in chunks:
        core.receive(chunk)
    core.receive(b"\r\x1b\r")  # ends a line that was begun, and the text entry that it may have opened
    # Among the bytes may have been ATV0, after which results are numbers (V.250 6.2.6).
    assert ask(core, "ATV1")[-1] == "OK"
