"""What `modems show` makes of what is known."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hardware.modem.memories import MemoryUse
from siaga112.cli.modem_view import as_listed, as_row, as_text, signal_line
from sms_gateway.health_board import ModemView
from sms_gateway.signal_history import SignalSample

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")


def samples(*strengths: int) -> list[SignalSample]:
    """One each ten minutes."""
    return [SignalSample(NOON + number * timedelta(minutes=10), dbm) for number, dbm in enumerate(strengths)]


@pytest.mark.parametrize(
    ("strengths", "expected"),
    [
        ((), ""),
        ((-71,), "-71 to -71 dBm ▆"),
        ((-113, -105, -97, -71, -51), "-113 to -51 dBm ▁▂▃▆█"),
        ((-120, -20), "-120 to -20 dBm ▁█"),
    ],
)
def test_signal_line(strengths: tuple[int, ...], expected: str) -> None:
    """Weakest, strongest, and a bar each; what no modem should say is at the ends of the scale."""
    assert expected == signal_line(samples(*strengths))


def test_for_people() -> None:
    """Each memory with its fill in words, the day's signal as a line; what is not known is a dash."""
    view = ModemView("m", "up", "", memories=[MemoryUse("SM", 3, 50), MemoryUse("ME", 0, 255)])
    shown = as_text(view, samples(-71), JAKARTA)
    unknown = as_text(ModemView("m", "down", "the port is gone"), [], JAKARTA)

    assert (["SM 3 of 50", "ME 0 of 255"], "-71 to -71 dBm ▆") == (shown["memories"], shown["signal_history"])
    assert (None, None) == (unknown["memories"], unknown["signal_history"])


def test_for_machines() -> None:
    """Numbers stay numbers, and each sample has its time."""
    row = as_row(ModemView("m", "up", "", memories=[MemoryUse("SM", 3, 50)]), samples(-71), JAKARTA)

    assert [{"name": "SM", "stored": 3, "capacity": 50}] == row["memories"]
    assert [{"at": "2026-11-22T19:00:00.000+07:00", "dbm": -71}] == row["signal_history"]


def test_times_are_the_citys() -> None:
    """As in every other listing; what never happened has none."""
    view = ModemView("m", "up", "", last_message_at="2026-11-22T12:00:05+00:00")
    row = as_listed(view, JAKARTA)

    assert ("2026-11-22T19:00:05.000+07:00", None) == (row["last_message_at"], row["credit_at"])
