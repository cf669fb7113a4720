"""The machine: its clock, its limits, the programs and names that it knows."""

import resource
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time than this program's release."""

LEAST_OPEN_FILES = 1024
"""Ten for each of a hundred calls, as measured on Asterisk 22."""

_PACKAGES = {"espeak-ng": "espeak-ng", "sox": "sox", "redis-server": "redis-server"}


def clock(where: Surroundings) -> Iterator[Verdict]:
    """Whether the time can be true: tickets, leases and deadlines hang on it."""
    now = datetime.now(UTC)
    faults = []
    if now < RELEASED:
        problem = f"it shows {now:%Y-%m-%d %H:%M} UTC, which is before this program was made"
        faults.append(fault("clock", problem, "set the time and have it kept: timedatectl set-ntp true"))
    newest = _newest(where)
    if newest is not None and newest > now.timestamp() + 60:
        written = datetime.fromtimestamp(newest, UTC)
        problem = f"it shows {now:%Y-%m-%d %H:%M} UTC, but the database was written at {written:%Y-%m-%d %H:%M}"
        faults.append(fault("clock", problem, "set the time and have it kept: timedatectl set-ntp true"))
    yield from judged("clock", faults)


def _newest(where: Surroundings) -> float | None:
    try:
        return where.paths.database.stat().st_mtime
    except FileNotFoundError:
        return None


def limits(_where: Surroundings) -> Iterator[Verdict]:
    """Whether a process may open enough files for its calls."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    faults = []
    if soft != resource.RLIM_INFINITY and soft < LEAST_OPEN_FILES:
        mend = f"ulimit -n {LEAST_OPEN_FILES}, or LimitNOFILE={LEAST_OPEN_FILES} in the unit"
        faults.append(fault("limits", f"a process may open {soft} files", mend))
    yield from judged("limits", faults)


def programs(where: Surroundings) -> Iterator[Verdict]:
    """Whether the programs are there that ours start."""
    needed = {"espeak-ng", "sox"} if where.telephony else set()
    if not where.settings.redis.url.get_secret_value():
        needed.add("redis-server")
    missing = sorted(program for program in needed if shutil.which(program) is None)
    faults = [
        fault("programs", f"{program} is not on PATH", f"apt install {_PACKAGES[program]}, or make setup")
        for program in missing
    ]
    yield from judged("programs", faults)


def dns(where: Surroundings) -> Iterator[Verdict]:
    """Whether every name in the configuration is one that this machine can find."""
    faults = []
    for key, host in _hosts(where):
        try:
            socket.getaddrinfo(host, None)
        except OSError as error:
            mend = "mend the name, or this machine's resolver (/etc/resolv.conf)"
            faults.append(fault("dns", f"{key}: {host} is not found ({error.strerror or error})", mend))
    yield from judged("dns", faults)


def _hosts(where: Surroundings) -> Iterator[tuple[str, str]]:
    settings = where.settings
    for trunk in settings.trunks:
        yield f"trunks[{trunk.name}].host", _host(f"sip://{trunk.host}")
    for modem in settings.modems:
        if modem.port.startswith("socket://"):
            yield f"modems[{modem.name}].port", _host(modem.port)
    for key, url in (
        ("redis.url", settings.redis.url.get_secret_value()),
        ("store.url", settings.store.url.get_secret_value()),
        ("twilio.api_base", settings.twilio.api_base),
        ("web.public_url", settings.web.public_url),
    ):
        if "," not in url and (host := _host(url)):
            yield key, host


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
