"""gammu-smsd and smstools, in service at many places, take our simulated modem for a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.modem.simulator import SimulatedModem
from tests.support.eventual import eventually
from tests.support.sms_daemons import GammuSmsd, Smstools

TEXTS = [f"Laporan nomor {number}: pohon tumbang" for number in range(5)]


@pytest.mark.parametrize("daemon", [GammuSmsd, Smstools])
def test_daemon_receives_and_sends(daemon: type[GammuSmsd] | type[Smstools], tmp_path: Path) -> None:
    """What lay there and what arrives is in its inbox and gone from the modem; what it sends reaches the network."""
    with SimulatedModem(tmp_path / "m") as simulated:
        for text in TEXTS[:3]:
            simulated.receive("+628123456789", text)
        with daemon(tmp_path / "daemon", tmp_path / "m") as running:
            eventually("what lay there", lambda: running.count() == 3)
            for text in TEXTS[3:]:
                simulated.receive("+628123456789", text)
            running.queue("+628111222333", "Halo dari daemon")
            eventually("what arrived", lambda: running.count() == len(TEXTS))
            (sent,) = eventually("the reply", lambda: simulated.sent)
            eventually("an empty modem", lambda: not simulated.stored)
            received = running.received()

    assert [True] * len(TEXTS) == [any(text in one for one in received) for text in TEXTS]
    assert ("+628111222333", "Halo dari daemon") == (sent.number, sent.text)
