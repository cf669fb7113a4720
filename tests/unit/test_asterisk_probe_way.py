"""When test calls can be made, and what of them stands in Asterisk's files."""

from pathlib import Path
from typing import Any

import pytest

from hardware.asterisk.layout import Layout
from hardware.asterisk.probe_way import ENDPOINT, obstacle, probe_way
from hardware.asterisk.render import AmiUser, render
from siaga112.settings import Settings

SECRET = "ami-secret"
MARK = "SIAGA112_PROBE"


def settings(**tables: Any) -> Settings:
    """A centre with a trunk and an operator; `tables` replaces whole tables."""
    trunk = {"name": "a", "host": "203.0.113.10", "match": ["203.0.113.0/29"]}
    return Settings.model_validate({"trunks": [trunk], "operators": [{"extension": "1001", "secret": "x"}]} | tables)


def files(**tables: Any) -> dict[str, str]:
    """What Asterisk is given."""
    layout = Layout.under(Path("/var/lib/siaga112"))
    return render(settings(**tables), layout, Path("/srv/prompts"), AmiUser("siaga112", SECRET))


def test_password_is_made_of_the_managers() -> None:
    """Whoever may read neither knows it; each installation has its own, and both sides have the same."""
    mine, others = probe_way(settings(), SECRET), probe_way(settings(), "another")

    assert mine is not None
    assert others is not None
    assert mine == probe_way(settings(), SECRET)
    assert mine.password != others.password
    assert ["pjsip.conf"] == [name for name, text in files().items() if mine.password in text]


@pytest.mark.parametrize(("bind", "host"), [("0.0.0.0", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("10.1.2.3",) * 2])
def test_where_asterisk_takes_it(bind: str, host: str) -> None:
    """At the address that it listens on."""
    way = probe_way(settings(asterisk={"bind": bind, "sip_port": 5080}), SECRET)

    assert way is not None
    assert (host, 5080) == (way.host, way.port)


def test_only_its_own_endpoint_is_marked() -> None:
    """Nothing else sets what keeps the phones from ringing: not a trunk, not an operator, not a dialled number."""
    setting = {name: text.count(f"{MARK}=") for name, text in files().items() if f"{MARK}=" in text}
    _, _, own = files()["pjsip.conf"].partition(f"[{ENDPOINT}]")

    assert {"pjsip.conf": 1} == setting
    assert f"set_var = {MARK}=1" in own


@pytest.mark.parametrize(
    "tables",
    [
        {"monitoring": {"call_minutes": 0}},
        {"asterisk": {"managed": False, "ami_user": "we", "ami_secret": "theirs"}},
        {"asterisk": {"bind": "::1"}},
        {"trunks": [{"name": "a", "host": "203.0.113.10", "match": ["0.0.0.0/0"]}]},
        {"trunks": [{"name": "a", "host": "127.0.0.113:5080"}]},
    ],
    ids=["switched off", "foreign Asterisk", "IPv6", "a trunk takes all", "a trunk there"],
)
def test_none_is_made(tables: dict[str, Any]) -> None:
    """Then no line of it is in Asterisk: above all where a trunk would take it for a citizen's call."""
    assert probe_way(settings(**tables), SECRET) is None
    assert {name for name, text in files(**tables).items() if MARK in text or ENDPOINT in text} == set()


def test_obstacles_are_said() -> None:
    """What the configuration has to change."""
    assert "bind = ::1" in obstacle(settings(asterisk={"bind": "::1"}))
    assert "trunk a" in obstacle(settings(trunks=[{"name": "a", "host": "203.0.113.10", "match": ["127.0.0.0/8"]}]))
    assert not obstacle(settings())
