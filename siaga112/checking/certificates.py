"""The TLS certificate: one, with its key, valid for long enough."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged

LONGEST_NOTICE = timedelta(days=30)
"""A certificate that ends sooner is said: what renews itself does so a month before."""

MEND_CERTIFICATE = "get a new certificate, and name it in [asterisk] certificate"


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
