"""Configurations for tests: a sound one to spoil, and what the program says about a spoilt one."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from siaga112.settings import ConfigurationError, Problem, Settings, compose

SOUND = """
[site]
name = "Kota Contoh"
code = "CTH"

[asterisk]
sip_port = 5060
rtp_ports = [10000, 10999]
ami_port = 5038
agi_port = 4573

[web]
port = 8112

[[trunks]]
name = "telkom-a"
host = "203.0.113.10:5060"
match = ["203.0.113.0/29"]
username = "city"
password = "hidden"
dids = ["112"]

[[trunks]]
name = "indosat"
host = "sip.example.net"

[[operators]]
extension = "1001"
name = "Ani"
skills = ["api"]
contact = "sip:10.0.0.21:5060"

[[operators]]
extension = "1002"

[[modems]]
name = "simpati"
port = "/dev/ttyUSB2"
number = "+628113000112"

[[modems]]
name = "mentari"
port = "socket://127.0.0.1:7001"

[[agencies]]
code = "damkar"
name = "Pemadam"
sms = ["+628123450001"]

[[agencies]]
code = "dinkes"
sms = ["+628123450003"]

[[categories]]
code = "api"
name = { id = "Kebakaran", en = "Fire" }
digit = 1
agencies = ["damkar"]

[[categories]]
code = "medis"
digit = 7
agencies = ["dinkes", "damkar"]

[features]
login = "*11"

[routing]
fallback_number = "110"
neighbours = { "Kabupaten Jember" = "+62331112" }

[sms]
blocked = ["TELKOMSEL", "1818", "+628123459999"]
"""


def read(text: str, environ: Mapping[str, str] | None = None, base: Path = Path("/nowhere")) -> Settings:
    """The settings of a file `city.toml` in `base` with this text."""
    return compose(tomllib.loads(text), "city.toml", base, environ or {})


def problems_of(text: str, environ: Mapping[str, str] | None = None, base: Path = Path("/nowhere")) -> list[Problem]:
    """What is wrong with such a file; nothing for a sound one."""
    try:
        read(text, environ, base)
    except ConfigurationError as error:
        return list(error.problems)
    return []


def spoil(*changes: tuple[str, str]) -> str:
    """`SOUND` with each text replaced once; a text that is not there fails the test that wanted it."""
    text = SOUND
    for old, new in changes:
        before, found, after = text.partition(old)
        if not found:
            raise LookupError(f"{old!r} is not in the sound configuration")
        text = before + new + after
    return text
