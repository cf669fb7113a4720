"""The test call's own way into Asterisk: an endpoint that comes in as a trunk does, with a password that only we have.

Its calls carry SIAGA112_PROBE, which nobody outside can set: the dialplan ends them where it would ring a human.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, ip_address, ip_network

from hardware.asterisk.context import host_of
from siaga112.settings import Settings

ENDPOINT = "siaga112-probe"

SOURCE = "127.0.0.113"
"""Where it comes from: an address of this machine that no trunk has."""


class Clearing(IntEnum):
    """With what cause its end comes (ITU-T Q.850, 2.2.5)."""

    DECIDED = 16
    UNDECIDED = 41
    SILENT = 102


@dataclass(frozen=True, slots=True)
class ProbeWay:
    """What the templates, and whoever makes the call, need to know. `host` and `port`: where Asterisk takes SIP."""

    password: str
    host: str
    port: int
    endpoint: str = ENDPOINT
    source: str = SOURCE
    decided: int = Clearing.DECIDED.value
    undecided: int = Clearing.UNDECIDED.value
    silent: int = Clearing.SILENT.value


def probe_way(settings: Settings, ami_secret: str) -> ProbeWay | None:
    """The test call of these settings; None where none is made.

    Args:
        ami_secret: the secret of this Asterisk's AMI user, which the password follows from.
    """
    if not makes_calls(settings):
        return None
    bind = ip_address(settings.asterisk.bind)
    host = "127.0.0.1" if bind.is_unspecified else settings.asterisk.bind
    password = hmac.digest(ami_secret.encode(), ENDPOINT.encode(), hashlib.sha256).hex()
    return ProbeWay(password, host, settings.asterisk.sip_port)


def makes_calls(settings: Settings) -> bool:
    """Whether test calls are made with these settings."""
    return settings.asterisk.managed and settings.monitoring.call_minutes > 0 and not obstacle(settings)


def obstacle(settings: Settings) -> str:
    """Why none can be made; "" when one can."""
    if not isinstance(ip_address(settings.asterisk.bind), IPv4Address):
        return f"[asterisk] bind = {settings.asterisk.bind} is no IPv4 address"
    for trunk in settings.trunks:
        if any(map(_holds_source, trunk.match or (host_of(trunk.host),))):
            return f"trunk {trunk.name} takes calls from {SOURCE}: it would be taken for a citizen's"
    return ""


def _holds_source(network: str) -> bool:
    try:
        return ip_address(SOURCE) in ip_network(network, strict=False)
    except ValueError:
        return False  # a host's name
