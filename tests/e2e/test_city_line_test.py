"""`modems test`: a modem of a running city writes to itself, and that is no complaint."""

from pathlib import Path

from hardware.modem.simulator import sent
from tests.support.sms_city import SmsCity

NUMBER = "+628119990112"


def test_modem_writes_to_itself(tmp_path: Path) -> None:
    """It is sent, it comes, it makes no ticket and gets no reply; one without a number says what to write."""
    with SmsCity(tmp_path, {"numbered": "simulator", "nameless": "simulator"}, numbers={"numbered": NUMBER}) as city:
        works = city.command("modems", "test", "numbered")
        refused = city.command("modems", "test", "nameless")
        unknown = city.command("modems", "test", "other")
        tickets = city.tickets()
        replies = sent(city.link("numbered"))

    assert 0 == works.returncode, works.stderr
    assert "carries messages both ways" in works.stdout
    assert (1, 2) == (refused.returncode, unknown.returncode)
    assert "modems[nameless].number is empty" in refused.stderr
    assert [] == tickets
    assert [NUMBER] == [message.number for message in replies]
