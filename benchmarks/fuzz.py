"""Random and mutated bytes for the AT engine and random and mutated PDUs for the codec: none may raise.

    python -m benchmarks.fuzz [--count N] [--seed S]

The test suite does the same with Hypothesis and smaller numbers. A failure prints the seed and the input.
"""

import argparse
import random
import time
from datetime import UTC, datetime

from benchmarks.table import print_table
from hardware.modem.at.engine import AtEngine
from hardware.modem.at.events import Answer, Urc
from hardware.modem.at.states import State
from hardware.modem.health import parse_imsi, parse_registration
from hardware.modem.listing import parse_cmgl, parse_cmgr
from hardware.modem.memories import parse_readable, parse_use
from hardware.modem.pdu import decode, encode_deliver, encode_status_report, encode_submit
from hardware.modem.ussd import parse_cusd

COMMANDS = ("AT", "AT+CMGL=4", "AT+CMGR=1", 'AT+CPMS="SM"', "AT+CPIN?", "AT+CREG?", 'AT+CUSD=1,"*888#",15', "AT+CIMI")
PDU = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
STREAMS = (
    b"\r\n+CMGL: 1,0,,24\r\n" + PDU.encode() + b"\r\n+CMGL: 2,1,,24\r\n" + PDU.encode() + b"\r\n\r\nOK\r\n",
    b'\r\n+CMTI: "SM",3\r\n\r\n+CMT: ,24\r\n' + PDU.encode() + b"\r\n\r\n+CDS: 25\r\n" + PDU.encode() + b"\r\n",
    b"\r\n+CPMS: 3,50,3,50,3,50\r\n\r\nOK\r\n\r\n> \r\n+CMS ERROR: 500\r\n",
    b'\r\n+CUSD: 0,"Pulsa Rp 5.000\r\nAktif s.d. 31.12",15\r\n\r\nOK\r\n',
    b"\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nSMS Ready\r\n^RSSI: 19\r\n0\r4\rCOMMAND NOT SUPPORT\r\n",
)
PIECES = (
    b"\r\n",
    b"\r",
    b"OK",
    b"ERROR",
    b"> ",
    b'"',
    b"+CMGL: ",
    b"+CUSD: 1,",
    b"\x00",
    b"\xff\xfe",
    b"\x1b",
    b"\x1a",
)


def mutated(source: random.Random, data: bytes) -> bytes:
    """Cut, repeat, overwrite and insert at random."""
    octets = bytearray(data)
    for _ in range(source.randrange(1, 8)):
        place = source.randrange(len(octets) + 1)
        match source.randrange(4):
            case 0:
                del octets[place : place + source.randrange(1, 12)]
            case 1:
                octets[place:place] = source.choice(PIECES)
            case 2:
                octets[place : place + 1] = source.randbytes(1)
            case _:
                octets[place:place] = octets[place : place + source.randrange(40)]
    return bytes(octets)


def at_stream(source: random.Random) -> bytes:
    """What a modem that is broken may say."""
    if source.random() < 0.3:
        return source.randbytes(source.randrange(200))
    return mutated(source, b"".join(source.choices(STREAMS, k=source.randrange(1, 3))))


def feed_engine(source: random.Random, data: bytes) -> None:
    """Let the engine take it in pieces, in whatever state, and read what it makes of it."""
    engine = AtEngine()
    if source.random() < 0.8:
        (engine.send if source.random() < 0.8 else engine.send_for_prompt)(source.choice(COMMANDS))
    while data:
        size = source.randrange(1, 64)
        for event in engine.receive(data[:size]):
            if isinstance(event, Answer):
                read_answer(event.lines)
            elif isinstance(event, Urc):
                parse_cusd(f"{event.line}\n{event.body}", packed=source.random() < 0.5)
        data = data[size:]
        if source.random() < 0.05:
            engine.accept_bare()
    if engine.state is not State.IDLE:
        engine.interrupt()
        engine.settle()


def read_answer(lines: tuple[str, ...]) -> None:
    """Give it to every reader of answers."""
    for stored in (*parse_cmgl("SM", lines), *parse_cmgr("SM", 1, lines)):
        decode(stored.pdu_hex)
    parse_readable(lines)
    parse_use("SM", lines)
    parse_registration(lines)
    parse_imsi(lines)
    parse_cusd("\n".join(lines), packed=True)


def pdu_sources() -> list[bytes]:
    """Good PDUs of every type, to be damaged."""
    at = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
    texts = ("Kebakaran di pasar", "Kebakaran 🔥 di pasar", "x" * 300, "^{}[]~|€" * 5)
    delivered = [part.hex for text in texts for part in encode_deliver("+628123456789", text, at)]
    submitted = [part.hex for text in texts for part in encode_submit("+628123456789", text)]
    return [bytes.fromhex(one) for one in (*delivered, *submitted, encode_status_report("+628123", 7, at, at, 0).hex)]


def pdu_input(source: random.Random, good: list[bytes]) -> str:
    """A PDU that is random, or a good one with damage, now and then no hexadecimal at all."""
    octets = source.randbytes(source.randrange(180)) if source.random() < 0.3 else mutated(source, source.choice(good))
    text = octets.hex().upper()
    return text[: source.randrange(len(text) + 1)] if source.random() < 0.1 else text


def main() -> None:
    """Run and print how many there were and how long they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="of each kind")
    parser.add_argument("--seed", type=int, default=112)
    given = parser.parse_args()
    source = random.Random(given.seed)  # noqa: S311 - to be repeated, not to be secret
    good = pdu_sources()
    rows = []
    for kind in ("AT streams", "PDUs"):
        started = time.perf_counter()
        for number in range(given.count):
            data = at_stream(source) if kind == "AT streams" else pdu_input(source, good)
            try:
                feed_engine(source, data) if isinstance(data, bytes) else decode(data, sent=number % 2 == 0)
            except Exception:
                print(f"{kind}, seed {given.seed}, number {number}: {data!r}")
                raise
        rows.append((kind, given.count, 0, time.perf_counter() - started))
    print_table("Fuzz", ("", "inputs", "exceptions", "seconds"), rows)


if __name__ == "__main__":
    main()
