"""Bad days of the SMS gateway: unreadable PDUs among good ones, and more at once than a modem holds."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from hardware.modem.pdu import encode_deliver
from hardware.modem.simulator import inject, inject_pdu, sent, status
from siaga112.app import App
from tests.support.eventual import LIMIT_S, eventually
from tests.support.sms_city import SmsCity
from tickets.messages.outbox import OutgoingMessage, queue_outgoing

MODEM = "telkomsel-1"
NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
GOOD = encode_deliver("+628123456789", "Pohon tumbang", NOW)[0].hex
SMSC_OCTETS = 2 + 2 * int(GOOD[:2], 16)

# What is wrong with each of them is named by its key.
POISON = {
    "truncated": GOOD[:40],
    "UDHL beyond UD": encode_deliver("+628123456789", "x" * 200, NOW)[0].hex.replace("050003", "FF0003", 1),
    "MTI 3": GOOD[:SMSC_OCTETS] + "03" + GOOD[SMSC_OCTETS + 2 :],
    "odd hex": GOOD[:-1],
    "no hex": "bukan heksadesimal",
    "empty": "",
}
BURST = 300
PER_SECOND = 100
REPLIES = 100


def test_poison_among_good_messages(tmp_path: Path) -> None:
    """Each bad PDU is kept as dead, as it came and with a reason; those around it are tickets; the modem is empty."""
    texts = {f"Lampu jalan padam di gang {number}" for number in range(len(POISON) + 1)}
    with SmsCity(tmp_path, {MODEM: "simulator"}) as city:
        link = city.link(MODEM)
        for number, (text, pdu) in enumerate(zip(sorted(texts), [*POISON.values(), None], strict=True)):
            inject(link, f"+62812345000{number}", text)
            if pdu is not None:
                inject_pdu(link, pdu)
        city.await_texts(texts)
        dead = eventually(
            "the dead messages",
            lambda: rows if len(rows := city.up.listing("messages", "dead")) >= len(POISON) else None,
        )
        eventually("an empty modem", lambda: status(link).stored == 0)

    assert sorted(POISON.values()) == sorted(row["pdu"] for row in dead)
    assert [True] * len(POISON) == [bool(row["reason"]) for row in dead]


def test_burst_while_replies_go_out(tmp_path: Path) -> None:
    """300 messages at 100 a second, and 300 more while the modem sends all it can: every one is a ticket."""
    quiet = [f"Laporan {number}, jalan berlubang" for number in range(BURST)]
    busy = [f"Laporan {number}, selokan mampet" for number in range(BURST, 2 * BURST)]
    with SmsCity(tmp_path, {MODEM: "simulator"}, more="[sms]\nreplies_per_hour = 1\n") as city:
        link = city.link(MODEM)
        arrive(link, quiet)
        city.await_texts({*quiet})
        queue_replies(city.app)
        arrive(link, busy)
        city.await_texts({*busy})
        eventually("replies", lambda: len(sent(link)) >= REPLIES, LIMIT_S)
        eventually("an empty modem", lambda: status(link).stored == 0)


def arrive(link: Path, texts: list[str]) -> None:
    """So many a second, from as many senders."""
    tick = threading.Event()
    for number, text in enumerate(texts):
        inject(link, f"+628{hash_of(text):09}", text)
        tick.wait(0 if number % (PER_SECOND // 10) else 0.1)


def hash_of(text: str) -> int:
    """A number of nine digits that no other text has."""
    return 100_000_000 + int("".join(filter(str.isdigit, text)))


def queue_replies(app: App) -> None:
    """More than the modem can send meanwhile."""
    with app.store.transaction() as session:
        for number in range(REPLIES):
            message = OutgoingMessage(modem=MODEM, to="+628123450099", text=f"Balasan {number}", at=datetime.now(UTC))
            queue_outgoing(session, message)
