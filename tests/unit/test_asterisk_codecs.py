"""Codecs of the operators' phones in the generated configuration."""

from pathlib import Path

import pytest

from hardware.asterisk.layout import Layout
from hardware.asterisk.render import AmiUser, render
from siaga112.settings import Settings


@pytest.mark.parametrize(("trunk", "phones"), [(["alaw"], "!all,alaw,ulaw"), (["g722", "alaw"], "!all,alaw,ulaw,g722")])
def test_phones_may_speak_what_a_trunk_speaks(trunk: list[str], phones: str) -> None:
    """Nothing is translated between a caller and an operator whose phone knows the trunk's codec."""
    settings = Settings.model_validate(
        {
            "trunks": [{"name": "telkom-a", "host": "203.0.113.10", "match": ["203.0.113.0/29"], "codecs": trunk}],
            "operators": [{"extension": "1001", "secret": "geheim"}],
        }
    )
    layout = Layout.under(Path("/var/lib/siaga112"))
    rendered = render(settings, layout, Path("/srv/prompts"), AmiUser("siaga112", "ami-secret"))["pjsip.conf"]
    of_1001 = rendered.partition("[1001]\ntype = endpoint\n")[2].partition("\n\n")[0]

    assert [f"allow = {phones}"] == [line for line in of_1001.splitlines() if line.startswith("allow")]
