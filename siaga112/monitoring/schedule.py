"""Which tests of its lines an installation makes by itself, and how often."""

from collections.abc import Mapping
from datetime import timedelta

from hardware.asterisk.probe_way import makes_calls
from redis_queue.probes import call_probe, sms_probe
from siaga112.settings import Settings


def probes(settings: Settings) -> Mapping[str, timedelta]:
    """Those that this machine should know of, by their names in `ProbeNotes`."""
    telephony = bool(settings.trunks or settings.operators)
    minutes = timedelta(minutes=settings.monitoring.call_minutes)
    found = {call_probe(settings.node): minutes} if telephony and makes_calls(settings) else {}
    hours = timedelta(hours=settings.monitoring.sms_hours)
    return found | ({sms_probe(modem.name): hours for modem in settings.modems} if hours else {})
