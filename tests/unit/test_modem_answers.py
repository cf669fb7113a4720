"""What a modem's answers mean: listings, memories, registration, SIM, causes of refusal, deadlines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.at.events import Answer
from hardware.modem.at.results import Final, Kind, parse_final
from hardware.modem.decisions import decide
from hardware.modem.errors import Decision
from hardware.modem.health import (
    ModemState,
    Registration,
    dbm,
    network_state,
    parse_imsi,
    parse_number,
    parse_registration,
)
from hardware.modem.listing import MessageStatus, StoredPdu, parse_cmgl, parse_cmgr
from hardware.modem.memories import MemoryUse, candidates, parse_readable, parse_use, without_union
from hardware.modem.sim_state import SimState, sim_state
from hardware.modem.transport.deadlines import deadline_of, listing_deadline, name_of

UNREAD, READ, UNSENT = MessageStatus.REC_UNREAD, MessageStatus.REC_READ, MessageStatus.STO_UNSENT


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        (["+CMGL: 1,0,,24", "0791AA"], [StoredPdu("SM", 1, UNREAD, "0791AA")]),
        (["+CMGL: 1,1,24", "0791AA"], [StoredPdu("SM", 1, READ, "0791AA")]),
        (['+CMGL:12,2,"Budi, Pak",24', "0791AA"], [StoredPdu("SM", 12, UNSENT, "0791AA")]),
        (["+CMGL: 0,1,,24", "0791AA"], [StoredPdu("SM", 0, READ, "0791AA")]),
        (["+CMGL: 1,7,,24", "0791AA"], [StoredPdu("SM", 1, UNREAD, "0791AA")]),
        (["+CMGL: 1,0,,0"], [StoredPdu("SM", 1, UNREAD, "")]),
        (["+CMGL: 1,0,,9", "+CMGL: 2,0,,9", "AA"], [StoredPdu("SM", 1, UNREAD, ""), StoredPdu("SM", 2, UNREAD, "AA")]),
        (["+CMGL: 1,0,,9", "0791A"], [StoredPdu("SM", 1, UNREAD, "0791A")]),
        (["+CMGL: 1,0,,9", "not hex at all"], [StoredPdu("SM", 1, UNREAD, "not hex at all")]),
        (["+CMGL: 1,0,,9", "^UNKNOWN: 5", "0791AA"], [StoredPdu("SM", 1, UNREAD, "0791AA")]),
        (["+CMGL: 1,0,,9", "0791", "AABB"], [StoredPdu("SM", 1, UNREAD, "0791AABB")]),
        (["stray", "+CMGL: 1,0,,9", "AA"], [StoredPdu("SM", 1, UNREAD, "AA")]),
    ],
)
def test_listing_gives_every_entry(lines: list[str], expected: list[StoredPdu]) -> None:
    """With and without the alpha field, with rotten PDUs and foreign lines: each header is one message."""
    assert expected == parse_cmgl("SM", lines)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["+CMGR: 0,,24", "0791AA"], [StoredPdu("ME", 4, UNREAD, "0791AA")]),
        (["+CMGR: 1,23", "0791AA"], [StoredPdu("ME", 4, READ, "0791AA")]),
        ([], []),
    ],
)
def test_reading_one_place(lines: list[str], expected: list[StoredPdu]) -> None:
    """Headers of two and three fields, and an empty place."""
    assert expected == list(parse_cmgr("ME", 4, lines))


@given(st.lists(st.text(max_size=30)))
def test_no_answer_raises(lines: list[str]) -> None:
    """Whatever the lines hold, each parser gives a result."""
    parse_cmgl("SM", lines)
    list(parse_cmgr("SM", 1, lines))
    parse_use("SM", lines)
    parse_readable(lines)
    parse_registration(lines)
    parse_imsi(lines)
    parse_number(lines)
    for line in lines:
        parse_final(line)
        assert sim_state(Answer("AT+CPIN?", (line,), Final(Kind.OK, None, "OK"))) in SimState


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('+CPMS: ("SM","ME","SR"),("SM","ME"),("SM")', ("SM", "ME", "SR")),
        ('+CPMS: (("SM","BM","SR"),("SM"))', ("SM", "SR")),
        ('+CPMS: ("SM"),("SM"),("SM")', ("SM",)),
        ('+CPMS: ("BM","TA")', ()),
        ("+CPMS: (),(),()", ("SM", "ME", "MT", "SR")),
        ("ERROR", ("SM", "ME", "MT", "SR")),
    ],
)
def test_memories_to_empty(line: str, expected: tuple[str, ...]) -> None:
    """What the modem offers for reading is emptied in our order; when it says nothing all usual ones are tried."""
    assert expected == candidates(parse_readable([line]))


@pytest.mark.parametrize(
    ("usable", "expected"), [(("SM", "ME", "MT"), ("SM", "ME")), (("MT",), ("MT",)), (("MT", "SR"), ("MT", "SR"))]
)
def test_union_of_memories_is_read_once(usable: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """MT is SM and ME together, and is left out where they are there."""
    assert expected == without_union(usable)


def test_use_of_a_memory() -> None:
    """The first two numbers are those of the memory that was chosen."""
    assert MemoryUse("SM", 3, 20) == parse_use("SM", ["+CPMS: 3,20,0,255,3,20"])
    assert parse_use("SM", ["OK"]) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["+CREG: 0,1"], Registration.HOME),
        (['+CREG: 2,5,"00C3","1A2B",7'], Registration.ROAMING),
        (["+CEREG: 0,1"], Registration.HOME),
        (["+CREG: 1", "+CREG: 0,2"], Registration.SEARCHING),
        (["+CREG: 0,99"], None),
        ([], None),
    ],
)
def test_registration(lines: list[str], expected: Registration | None) -> None:
    """The answer is told from the one-field code that may stand beside it."""
    assert expected == parse_registration(lines)


@pytest.mark.parametrize("registration", Registration)
def test_every_registration_has_a_state(registration: Registration) -> None:
    """A modem without service is searching and says why; any other is up without a reason."""
    state, reason = network_state(registration)
    assert (state is ModemState.UP) == (reason == "")
    assert registration.serves == (state is ModemState.UP)


@pytest.mark.parametrize("registration", Registration)
def test_a_named_operator_serves(registration: Registration) -> None:
    """A modem that always says 0 sends all the same when it names who serves it; one that was denied does not."""
    state, _ = network_state(registration, "TELKOMSEL")
    assert (registration.serves or registration is Registration.IDLE) == (state is ModemState.UP)


@pytest.mark.parametrize(("rssi", "expected"), [(0, -113), (20, -73), (31, -51), (99, None), (-1, None), (None, None)])
def test_signal_in_dbm(rssi: int | None, expected: int | None) -> None:
    """TS 27.007 8.5: 2 dB a step from -113 dBm; 99 is unknown."""
    assert expected == dbm(rssi)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["510101234567890"], "510101234567890"),
        (["+CIMI: 510101234567890"], "510101234567890"),
        (["^FOO: 1", '"510101234567890"'], "510101234567890"),
        (["ERROR"], None),
    ],
)
def test_imsi(lines: list[str], expected: str | None) -> None:
    """Digits only, whatever stands around them."""
    assert expected == parse_imsi(lines)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['+CNUM: "","+628119990112",145'], "+628119990112"),
        (['+CNUM: "Own","628119990112",145'], "+628119990112"),
        (['+CNUM: "","08119990112",129'], "08119990112"),
        (['+CNUM: ,"08119990112",161'], "08119990112"),
        (['+CNUM: "Fax","",129', '+CNUM:"Voice" , "08119990112"'], "08119990112"),
        (['+CNUM: "",""'], None),
        (['+CNUM: "","+62811AB",145'], None),
        ([], None),
    ],
)
def test_own_number(lines: list[str], expected: str | None) -> None:
    """The first that is one, with its + where the type says that it is international."""
    assert expected == parse_number(lines)


@pytest.mark.parametrize(
    ("lines", "final", "expected"),
    [
        (("+CPIN: READY",), "OK", SimState.READY),
        (("+CPIN:SIM PIN",), "OK", SimState.PIN),
        (("+CPIN: SIM PUK",), "OK", SimState.PUK),
        (("+CPIN: SIM PIN2",), "OK", SimState.READY),
        (("+CPIN: PH-NET PIN",), "OK", SimState.LOCKED),
        (("+CPIN: NOT READY",), "OK", SimState.MISSING),
        ((), "+CME ERROR: 10", SimState.MISSING),
        ((), "+CME ERROR: SIM not inserted", SimState.MISSING),
        ((), "+CME ERROR: 14", SimState.BUSY),
        ((), "+CMS ERROR: 316", SimState.PUK),
        ((), "ERROR", SimState.READY),
    ],
)
def test_sim_state(lines: tuple[str, ...], final: str, expected: SimState) -> None:
    """Texts and error codes; a modem that does not know the question has a usable SIM."""
    result = parse_final(final)
    assert result is not None
    assert expected is sim_state(Answer("AT+CPIN?", lines, result))


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        ("+CMS ERROR: 1", Decision.GIVE_UP),
        ("+CMS ERROR: 304", Decision.GIVE_UP),
        ("+CMS ERROR: 195", Decision.GIVE_UP),
        ("+CMS ERROR: 21", Decision.OTHER_MODEM),
        ("+CMS ERROR: 310", Decision.OTHER_MODEM),
        ("+CMS ERROR: SMSC address unknown", Decision.OTHER_MODEM),
        ("+CME ERROR: 10", Decision.OTHER_MODEM),
        ("+CMS ERROR: 42", Decision.RETRY),
        ("+CMS ERROR: 332", Decision.RETRY),
        ("+CMS ERROR: 500", Decision.RETRY),
        ("+CMS ERROR: 9999", Decision.RETRY),
        ("ERROR", Decision.RETRY),
    ],
)
def test_refusal_says_what_to_do(final: str, expected: Decision) -> None:
    """A fault of the message is given up, one of the modem goes to another, all else is tried again."""
    result = parse_final(final)
    assert result is not None
    assert expected is decide(result)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("AT", "AT"),
        ('AT+CPIN="1234"', "AT+CPIN"),
        ('AT+CSCA="+6281100000"', "AT+CSCA"),
        ("ATD+628123456789;", "AT"),
        ("AT^SYSINFO", "AT^SYSINFO"),
        ("+628123456789", "?"),
    ],
)
def test_name_of_a_command_holds_no_value(command: str, expected: str) -> None:
    """What goes into a log is the name: no number, no PIN."""
    assert expected == name_of(command)


def test_listing_has_time_for_its_bytes() -> None:
    """250 long messages at 9600 bit/s take over 100 s on the line alone; silence is still noticed soon."""
    deadline = listing_deadline(250, 9600)
    assert deadline.total_s > 2 * 250 * 400 * 10 / 9600
    assert deadline.silence_s < 20
    assert deadline_of("AT+CMGS=20").total_s >= 60
