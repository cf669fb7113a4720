"""One modem as `modems show` prints it for people: the day's signal as a line, each memory with its fill."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo

from sms_gateway.health_board import ModemView
from sms_gateway.signal_history import SignalSample
from tickets.views import rfc3339

_BLOCKS = "▁▂▃▄▅▆▇█"
_WEAKEST_DBM, _STRONGEST_DBM = -113, -51
"""What +CSQ can tell (TS 27.007 8.5)."""


def as_listed(view: ModemView, zone: tzinfo) -> Mapping[str, object]:
    """All that is known now, in the city's time."""
    times = {"credit_at": _local(view.credit_at, zone), "last_message_at": _local(view.last_message_at, zone)}
    return asdict(view) | times


def as_row(view: ModemView, signals: Sequence[SignalSample], zone: tzinfo) -> Mapping[str, object]:
    """Every field, for machines."""
    history = [{"at": rfc3339(sample.at.astimezone(zone)), "dbm": sample.dbm} for sample in signals]
    return {**as_listed(view, zone), "signal_history": history}


def as_text(view: ModemView, signals: Sequence[SignalSample], zone: tzinfo) -> Mapping[str, object]:
    """The same in words."""
    memories = [f"{memory.name} {memory.stored} of {memory.capacity}" for memory in view.memories]
    return {**as_listed(view, zone), "memories": memories or None, "signal_history": signal_line(signals) or None}


def signal_line(samples: Sequence[SignalSample]) -> str:
    """The weakest and the strongest of them, and all in order as bars; "" for none."""
    if not samples:
        return ""
    strengths = [sample.dbm for sample in samples]
    return f"{min(strengths)} to {max(strengths)} dBm {''.join(map(_bar, strengths))}"


def _bar(dbm: int) -> str:
    share = (dbm - _WEAKEST_DBM) / (_STRONGEST_DBM - _WEAKEST_DBM)
    return _BLOCKS[max(0, min(int(share * len(_BLOCKS)), len(_BLOCKS) - 1))]


def _local(at: str | None, zone: tzinfo) -> str | None:
    return rfc3339(datetime.fromisoformat(at).astimezone(zone)) if at else None
