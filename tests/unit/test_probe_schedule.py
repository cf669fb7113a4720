"""Which tests of its lines an installation should make."""

from datetime import timedelta
from typing import Any

import pytest

from siaga112.monitoring.schedule import probes
from siaga112.settings import Settings

SITE = {"node": "n1"}
TRUNK = {"name": "a", "host": "203.0.113.10"}
MODEMS = [{"name": "telkomsel-1", "port": "simulator"}, {"name": "xl-1", "port": "simulator"}]

FIVE, DAY = timedelta(minutes=5), timedelta(hours=24)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({}, {}),
        ({"trunks": [TRUNK]}, {"call n1": FIVE}),
        ({"operators": [{"extension": "1001"}], "modems": MODEMS}, {"call n1": FIVE}),
        ({"trunks": [TRUNK], "monitoring": {"call_minutes": 0}}, {}),
        ({"trunks": [TRUNK], "asterisk": {"managed": False, "ami_user": "we", "ami_secret": "x"}}, {}),
        ({"modems": MODEMS, "monitoring": {"sms_hours": 24}}, {"sms telkomsel-1": DAY, "sms xl-1": DAY}),
    ],
    ids=["nothing", "a trunk", "messages cost", "switched off", "foreign Asterisk", "messages"],
)
def test_probes(tables: dict[str, Any], expected: dict[str, timedelta]) -> None:
    """Calls where there is telephony and an Asterisk of ours, messages only where somebody wants to pay for them."""
    assert expected == probes(Settings.model_validate({"site": SITE} | tables))
