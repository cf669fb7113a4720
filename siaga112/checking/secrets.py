"""Passwords: long enough, nobody's example, none used twice; certificates that are valid for long enough."""

import ssl
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged

LONGEST_NOTICE = timedelta(days=30)
"""A certificate that ends sooner is said: what renews itself does so a month before."""

SHORTEST_SECRET = 10
FEWEST_CHARACTERS = 5
_EXAMPLES = {"change-me", "password123", "passwordpassword", "rahasia112", "siaga112siaga112"}

MEND_CERTIFICATE = "get a new certificate, and name it in [asterisk] certificate"


def secrets(where: Surroundings) -> Iterator[Verdict]:
    """Whether the passwords of phones and trunks protect anything."""
    held = _held(where)
    faults = [found for key, secret in held.items() if (found := _weak(key, secret))]
    faults += _repeated(held)
    yield from judged("secrets", faults)


def _held(where: Surroundings) -> dict[str, str]:
    settings = where.settings
    found = {f"operators[{one.extension}].secret": one.secret.get_secret_value() for one in settings.operators}
    found |= {f"trunks[{one.name}].password": one.password.get_secret_value() for one in settings.trunks}
    return {key: secret for key, secret in found.items() if secret}


def _weak(key: str, secret: str) -> Verdict | None:
    problem = weakness(secret)
    return fault("secrets", f"{key} {problem}", "write a long random one: openssl rand -base64 18") if problem else None


def weakness(secret: str) -> str:
    """Why a password does not protect; "" when it does."""
    if len(secret) < SHORTEST_SECRET:
        return f"has {len(secret)} characters"
    if len(set(secret)) < FEWEST_CHARACTERS:
        return "is made of a few characters, repeated"
    if secret.casefold() in _EXAMPLES or secret.isdecimal():
        return "is one that is tried first"
    return ""


def _repeated(held: dict[str, str]) -> list[Verdict]:
    holders: dict[str, list[str]] = defaultdict(list)
    for key, secret in held.items():
        holders[secret].append(key)
    return [
        fault("secrets", f"{' and '.join(keys)} are the same", "give each its own: openssl rand -base64 18")
        for keys in holders.values()
        if len(keys) > 1
    ]


def certificates(where: Surroundings) -> Iterator[Verdict]:
    """Whether the TLS certificate is one, belongs to its key, and lasts."""
    settings = where.settings.asterisk
    if settings.certificate is None:
        return
    faults = [*_lifetime(settings.certificate), *_pair(settings.certificate, settings.private_key)]
    yield from judged("certificates", faults)


def _lifetime(path: Path) -> list[Verdict]:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        return [fault("certificates", f"{path} is no certificate ({error})", MEND_CERTIFICATE)]
    now, end = datetime.now(UTC), certificate.not_valid_after_utc
    if end < now:
        return [fault("certificates", f"{path} ended on {end:%Y-%m-%d}", MEND_CERTIFICATE)]
    if end - now < LONGEST_NOTICE:
        return [fault("certificates", f"{path} ends on {end:%Y-%m-%d}", MEND_CERTIFICATE)]
    if certificate.not_valid_before_utc > now:
        problem = f"{path} is valid from {certificate.not_valid_before_utc:%Y-%m-%d} only"
        return [fault("certificates", problem, "set the clock, or get a certificate that is valid now")]
    return []


def _pair(certificate: Path, key: Path | None) -> list[Verdict]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        problem = f"{key or certificate} is not the private key of {certificate} ({error})"
        return [fault("certificates", problem, "name the key that the certificate was made for in private_key")]
    return []
