"""`modems test`: a modem of a running city writes to itself, and that is no complaint."""

from pathlib import Path

from hardware.modem.simulator import sent
from hardware.modem.simulator.modem import DEFAULT_NUMBER
from tests.support.sms_city import SmsCity

NUMBER = "+628119990112"


def test_modem_writes_to_itself(tmp_path: Path) -> None:
    """It is sent, it comes, it makes no ticket and gets no reply; a number that is not configured the SIM tells."""
    with SmsCity(tmp_path, {"numbered": "simulator", "nameless": "simulator"}, numbers={"numbered": NUMBER}) as city:
        works = [city.command("modems", "test", name) for name in ("numbered", "nameless")]
        unknown = city.command("modems", "test", "other")
        tickets = city.tickets()
        sent_to = {name: [message.number for message in sent(city.link(name))] for name in ("numbered", "nameless")}

    assert [0, 0] == [done.returncode for done in works], [done.stderr for done in works]
    assert all("carries messages both ways" in done.stdout for done in works)
    assert 2 == unknown.returncode
    assert [] == tickets
    assert {"numbered": [NUMBER], "nameless": [DEFAULT_NUMBER]} == sent_to
