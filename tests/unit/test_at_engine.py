"""The AT engine over kind and hostile lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.at.engine import CTRL_Z, AtEngine, EngineMisuseError
from hardware.modem.at.events import Answer, Event, OutOfStep, Prompt, Stray, Urc
from hardware.modem.at.lines import MAX_LINE
from hardware.modem.at.results import Final, Kind, parse_final
from hardware.modem.at.states import TRANSITIONS, State, Step

OK = Final(Kind.OK, None, "OK")


def whole(data: bytes) -> Iterable[bytes]:
    """Deliver everything at once."""
    return [data]


def byte_by_byte(data: bytes) -> Iterable[bytes]:
    """Deliver one byte at a time."""
    return [data[i : i + 1] for i in range(len(data))]


def uneven_chunks(data: bytes) -> Iterable[bytes]:
    """Deliver pieces of 1 to 7 bytes."""
    sizes = cycle([3, 1, 7, 2, 5, 4, 6])
    at = 0
    while at < len(data):
        size = next(sizes)
        yield data[at : at + size]
        at += size


TRANSPORTS = [whole, byte_by_byte, uneven_chunks]
Transport = Callable[[bytes], Iterable[bytes]]


def receive(engine: AtEngine, data: bytes, transport: Transport = whole) -> list[Event]:
    """Feed `data` by way of `transport` and give all events."""
    return [event for chunk in transport(data) for event in engine.receive(chunk)]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n", b"\r", b"\r\r\n"])
def test_answer_is_the_same_however_it_is_cut_and_ended(transport: Transport, line_end: bytes) -> None:
    """An answer does not depend on how the bytes are grouped nor on the mixture of CR and LF."""
    engine = AtEngine()
    engine.send("AT+CSQ")
    data = b"AT+CSQ\r" + line_end + b"+CSQ: 20,99" + line_end + line_end + b"OK" + line_end

    assert [Answer("AT+CSQ", ("+CSQ: 20,99",), OK)] == receive(engine, data, transport)
    assert engine.state == State.IDLE


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_urc_in_the_middle_of_a_listing_is_told_apart(transport: Transport) -> None:
    """A +CMTI between two entries of +CMGL is an event of its own, and no line of the listing is missing."""
    engine = AtEngine()
    engine.send("AT+CMGL=4")
    data = (
        b'\r\n+CMGL: 1,0,,24\r\n0791AA\r\n\r\n+CMTI: "SM",7\r\n\r\n^RSSI:18\r\n+CMGL: 2,1,,24\r\n0791BB\r\n\r\nOK\r\n'
    )

    expected = [
        Urc("+CMTI", '+CMTI: "SM",7'),
        Urc("^RSSI", "^RSSI:18"),
        Answer("AT+CMGL=4", ("+CMGL: 1,0,,24", "0791AA", "+CMGL: 2,1,,24", "0791BB"), OK),
    ]
    assert expected == receive(engine, data, transport)


def test_line_of_the_commands_own_prefix_belongs_to_its_answer() -> None:
    """+CREG: is news at rest, and the answer while AT+CREG? runs."""
    engine = AtEngine()

    assert [Urc("+CREG", "+CREG: 1")] == receive(engine, b"\r\n+CREG: 1\r\n")
    engine.send("AT+CREG?")
    assert [Answer("AT+CREG?", ("+CREG: 0,1",), OK)] == receive(engine, b"\r\n+CREG: 0,1\r\n\r\nOK\r\n")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_second_line_of_a_urc_is_kept_with_it(transport: Transport) -> None:
    """+CMT, +CDS and +CBM carry their PDU on the next line, also inside an answer."""
    engine = AtEngine()
    engine.send("AT+CSQ")
    data = b"\r\n+CMT: ,24\r\n0791AA\r\n+CSQ: 9,99\r\n+CDS: 25\r\n0006BB\r\n+CBM: 88\r\nCC\r\nOK\r\n"

    expected = [
        Urc("+CMT", "+CMT: ,24", "0791AA"),
        Urc("+CDS", "+CDS: 25", "0006BB"),
        Urc("+CBM", "+CBM: 88", "CC"),
        Answer("AT+CSQ", ("+CSQ: 9,99",), OK),
    ]
    assert expected == receive(engine, data, transport)


def test_urc_whose_second_line_never_came_swallows_nothing() -> None:
    """A final result or another code after the +CMT header is still seen."""
    engine = AtEngine()
    engine.send("AT")

    expected = [Urc("+CMT", "+CMT: ,24"), Answer("AT", (), OK)]
    assert expected == receive(engine, b"+CMT: ,24\r\nOK\r\n")


def test_text_mode_status_report_is_one_line() -> None:
    """+CDS with all its fields on one line does not eat the next line."""
    line = '+CDS: 6,12,"+628123",145,"26/01/02,03:04:05+28","26/01/02,03:04:05+28",0'

    assert [Urc("+CDS", line), Stray("0791AA")] == receive(AtEngine(), line.encode() + b"\r\n0791AA\r\n")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("echo", [b"", b"AT+CMGS=14\r\r\n"])
@pytest.mark.parametrize("prompt", [b"\r\n> ", b"\r\n>", b"> ", b"\r\n> \r\n", b"\xfe> "])
def test_message_goes_out_after_the_prompt(transport: Transport, echo: bytes, prompt: bytes) -> None:
    """The prompt is found with and without blank, line end, echo and noise; the echoed body is no answer."""
    engine = AtEngine()

    assert engine.send_for_prompt("AT+CMGS=14") == b"AT+CMGS=14\r"
    assert [Prompt()] == receive(engine, echo + prompt, transport)
    assert engine.send_body("0011AABB") == b"0011AABB" + CTRL_Z
    answer = receive(engine, b" 0011AABB\x1a\r\n+CMGS: 5\r\n\r\nOK\r\n", transport)
    assert [Answer("AT+CMGS=14", ("+CMGS: 5",), OK)] == answer


def test_prompt_may_be_refused() -> None:
    """A modem that refuses AT+CMGS answers with an error in place of the prompt."""
    engine = AtEngine()
    engine.send_for_prompt("AT+CMGS=14")

    final = Final(Kind.CMS, 330, "+CMS ERROR: 330")
    assert [Answer("AT+CMGS=14", (), final)] == receive(engine, b"\r\n+CMS ERROR: 330\r\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("OK", OK),
        ("ERROR", Final(Kind.ERROR, None, "ERROR")),
        ("COMMAND NOT SUPPORT", Final(Kind.ERROR, None, "COMMAND NOT SUPPORT")),
        ("TOO MANY PARAMETERS", Final(Kind.ERROR, None, "TOO MANY PARAMETERS")),
        ("+CME ERROR: 10", Final(Kind.CME, 10, "+CME ERROR: 10")),
        ("+CME ERROR:10", Final(Kind.CME, 10, "+CME ERROR:10")),
        ("+CME ERROR: SIM not inserted", Final(Kind.CME, 10, "+CME ERROR: SIM not inserted")),
        ("+CMS ERROR: 500", Final(Kind.CMS, 500, "+CMS ERROR: 500")),
        ("+CMS ERROR: network timeout", Final(Kind.CMS, 332, "+CMS ERROR: network timeout")),
        ("+CMS ERROR: something of the maker's", Final(Kind.CMS, None, "+CMS ERROR: something of the maker's")),
        ("OK thanks", None),
        ("NO ERROR", None),
        ("+CMGL: OK", None),
        ("NO CARRIER", None),
    ],
)
def test_final_results_are_whole_lines(line: str, expected: Final | None) -> None:
    """Only a whole line of the table ends an answer; numbers and the standards' texts give the same code."""
    assert expected == parse_final(line)


@pytest.mark.parametrize("line", ["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE"])
def test_call_results_end_a_dial_command_only(line: str) -> None:
    """Somebody hanging up while messages are listed does not end the listing."""
    engine = AtEngine()
    engine.send("ATD112;")
    assert [Answer("ATD112;", (), Final(Kind.CALL_ENDED, None, line))] == receive(engine, line.encode() + b"\r\n")

    engine.send("AT+CMGL=4")
    assert [Urc(line, line)] == receive(engine, line.encode() + b"\r\n")
    assert engine.state == State.ANSWER


def test_late_answer_is_never_taken_for_the_next_one() -> None:
    """After a time-out the engine takes no command until the line was quiet; what came late is stray."""
    engine = AtEngine()
    engine.send("AT+CMGL=4")
    receive(engine, b"+CMGL: 1,0,,24\r\n")

    assert engine.expire() == ("+CMGL: 1,0,,24",)
    with pytest.raises(EngineMisuseError, match="SEND while DIRTY"):
        engine.send("AT")
    assert engine.interrupt() == b"\x1b\r"
    late = receive(engine, b'0791AA\r\nOK\r\n+CMTI: "SM",1\r\n')
    assert [Stray("0791AA"), Stray("OK"), Urc("+CMTI", '+CMTI: "SM",1')] == late
    engine.settle()
    engine.send("AT")
    assert [Answer("AT", (), OK)] == receive(engine, b"OK\r\n")


def test_final_result_that_nobody_awaits_makes_the_engine_dirty() -> None:
    """An OK out of nowhere means that answers are out of step with commands."""
    engine = AtEngine()

    assert [Stray("OK")] == receive(engine, b"OK\r\n")
    assert engine.state == State.DIRTY


@pytest.mark.parametrize("line", ["+CMGL: 1,1,,24", "+CMGR: 1,,24", "+CPMS: 1,50,1,50,1,50", "+CMGS: 4", "+CSQ: 9,99"])
def test_another_commands_answer_is_recognised(line: str) -> None:
    """A listing that comes while AT+CMGD waits is the late answer to an older command: nothing more is believed."""
    engine = AtEngine()
    engine.send("AT+CMGD=1")

    expected = [OutOfStep("AT+CMGD=1", line), Stray("0791AA"), Stray("OK")]
    assert expected == receive(engine, line.encode() + b"\r\n0791AA\r\nOK\r\n")
    assert engine.state == State.DIRTY


def test_noise_around_a_line_is_no_part_of_it() -> None:
    """NUL, 0xFE and 0xFF before and after a line do not hide a final result."""
    engine = AtEngine()
    engine.send("AT")

    assert [Answer("AT", (), OK)] == receive(engine, b"\x00\xfe\xffOK\xfe\x00\r\n", byte_by_byte)


def test_endless_line_does_not_fill_the_memory() -> None:
    """What never ends is cut, and the next answer is read."""
    engine = AtEngine()
    engine.send("AT")

    events = receive(engine, b"x" * (3 * MAX_LINE) + b"\r\nOK\r\n")
    assert [Answer("AT", ("x" * MAX_LINE,) * 3, OK)] == events


@pytest.mark.parametrize("text", ["AT\rATD112;", "AT\n", "00AA\x1a", "\x1b", 'AT+CSCA="\u0661"'])
def test_nothing_can_be_smuggled_into_a_command(text: str) -> None:
    """Control characters, which would end a command early, are refused before a byte is sent."""
    with pytest.raises(EngineMisuseError, match="control character"):
        AtEngine().send(text)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_state_allows_giving_up_and_leads_somewhere(state: State, step: Step) -> None:
    """The table is closed: each state it names has a row, and each row can be left by EXPIRED."""
    after = TRANSITIONS[state].get(step)

    assert after is None or after in TRANSITIONS
    assert TRANSITIONS[state][Step.EXPIRED] == State.DIRTY


HOSTILE = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.sampled_from([b"OK", b"ERROR", b"\r\n", b"> ", b"+CMT: ,9", b"+CDS: 9", b'+CMTI: "SM",1', b"+CMGL: 1,1,,9"]),
    ),
    max_size=40,
)
ACTIONS = st.sampled_from(["send", "prompt", "body", "expire", "settle", "interrupt"])


@given(st.lists(st.tuples(HOSTILE, ACTIONS), max_size=8))
def test_no_bytes_in_any_state_raise(script: list[tuple[list[bytes], str]]) -> None:
    """Whatever comes, whenever: receive gives events and never an exception."""
    engine = AtEngine()
    for chunks, action in script:
        for chunk in chunks:
            for event in engine.receive(chunk):
                assert isinstance(event, Answer | OutOfStep | Prompt | Stray | Urc)
        legal = {
            "send": (Step.SEND, lambda: engine.send("AT+CMGL=4")),
            "prompt": (Step.SEND_FOR_PROMPT, lambda: engine.send_for_prompt("AT+CMGS=9")),
            "body": (Step.SEND_BODY, lambda: engine.send_body("00")),
            "expire": (Step.EXPIRED, engine.expire),
            "settle": (Step.SETTLED, engine.settle),
            "interrupt": (Step.EXPIRED, engine.interrupt),
        }
        step, act = legal[action]
        if step in TRANSITIONS[engine.state]:
            act()


@given(st.binary(max_size=200), st.integers(min_value=1, max_value=50))
def test_grouping_of_bytes_changes_nothing(data: bytes, size: int) -> None:
    """The same bytes in any grouping give the same events."""
    whole_engine, cut_engine = AtEngine(), AtEngine()
    whole_engine.send("AT+CMGL=4")
    cut_engine.send("AT+CMGL=4")
    chunks = [data[i : i + size] for i in range(0, len(data), size)]

    assert whole_engine.receive(data) == [event for chunk in chunks for event in cut_engine.receive(chunk)]
