"""The driver while much happens at once: arrivals, replies and noise on one line."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from hardware.modem.driver import Modem
from hardware.modem.pdu import encode_deliver, encode_submit
from hardware.modem.simulator import SimulatedModem
from tests.support.foreign_modem import ForeignModem, Manners
from tests.support.modem_rig import Wake, connected

COUNT = 300


def drain(modem: Modem, wake: Wake, wanted: int) -> list[str]:
    """List and delete until `wanted` messages were seen or nothing more is told."""
    seen: list[str] = []
    while len(seen) < wanted and wake.awaited():
        while stored := modem.list_stored():
            for one in stored:
                seen.append(one.pdu_hex)
                modem.delete(one.memory, one.index)
    return seen


def test_burst_while_replies_go_out(tmp_path: Path) -> None:
    """300 messages arrive while another thread sends: each is seen once, each reply goes out whole."""
    wake = Wake()
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    pdus = [encode_deliver("+628123456789", f"pesan {number}", now)[0].hex for number in range(COUNT)]
    replies = [encode_submit("+628123456789", f"balasan {number}")[0] for number in range(100)]
    with SimulatedModem(tmp_path / "modem") as simulated, connected(str(tmp_path / "modem"), wake=wake) as modem:
        arriving = threading.Thread(target=lambda: [simulated.receive_pdu(pdu) for pdu in pdus])
        replying = threading.Thread(target=lambda: [modem.send(one.hex, one.tpdu_length) for one in replies])
        arriving.start()
        replying.start()
        seen = drain(modem, wake, COUNT)
        arriving.join()
        replying.join()

        assert sorted(pdus) == sorted(seen)
        assert [one.hex for one in replies] == [sent.pdu for sent in simulated.sent]


def test_noise_and_foreign_codes_lose_nothing() -> None:
    """Bytes that mean nothing between the lines, and codes of another maker, change no message."""
    noise = b"\r\n\xfe\xff\x00\r\n^RSSI:19\r\n\r\n%XYZ: 7\r\n\xfe\r\n"
    pdus = [f"0791{number:04X}" for number in range(60)]
    wake = Wake()
    with ForeignModem(Manners(echo=True)) as foreign, connected(foreign.port, wake=wake) as modem:
        noisy = threading.Thread(target=lambda: [foreign.say(noise) for _ in range(200)])
        noisy.start()
        for index, pdu in enumerate(pdus):
            foreign.store("SM", index, pdu)
            foreign.say(noise)
        seen = drain(modem, wake, len(pdus))
        noisy.join()

        assert sorted(pdus) == sorted(seen)
