"""What the templates are filled with: settings turned into Asterisk's own terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from siaga112.settings import Asterisk, Dtmf, Operator, Transport, Trunk

SYSTEM_CA_FILE = Path("/etc/ssl/certs/ca-certificates.crt")
"""Whom this machine believes, as Debian keeps it (package ca-certificates)."""

TRUNK_PREFIX = "trunk-"

# res_pjsip endpoint option dtmf_mode.
_DTMF_MODES = {Dtmf.RFC4733: "rfc4733", Dtmf.INFO: "info", Dtmf.INBAND: "inband", Dtmf.AUTO: "auto"}


@dataclass(frozen=True, slots=True)
class TransportEntry:
    """A `type=transport` section."""

    name: str
    protocol: Transport
    bind: str
    ca_file: Path


@dataclass(frozen=True, slots=True)
class OperatorEntry:
    """An operator's endpoint, AOR and, for a phone that registers, auth."""

    extension: str
    secret: str
    contact: str
    networks: tuple[str, ...]
    srtp: bool


@dataclass(frozen=True, slots=True)
class TrunkEntry:
    """A trunk's endpoint, AOR, identify, auth and registration."""

    id: str
    name: str
    transport: str
    codecs: tuple[str, ...]
    dtmf_mode: str
    username: str
    password: str
    registers: bool
    domain: str
    uri: str
    client_uri: str
    contact_user: str
    match: tuple[str, ...]
    srtp: bool
    nat: bool
    rtp_timeout: int
    qualify_seconds: int


def trunk_endpoint(name: str) -> str:
    """A trunk's endpoint in Asterisk; the prefix keeps it apart from operators' extensions."""
    return TRUNK_PREFIX + name


def trunk_name(endpoint: str) -> str | None:
    """The trunk of an endpoint; None for an operator's."""
    return endpoint.removeprefix(TRUNK_PREFIX) if endpoint.startswith(TRUNK_PREFIX) else None


def transports(asterisk: Asterisk, trunks: Sequence[Trunk]) -> tuple[TransportEntry, ...]:
    """UDP always; TCP when a trunk wants it; TLS when one wants it, or phones may, as there is a certificate to show.

    A TLS transport has one file of certificates to believe, so trunks that believe different ones need a port each.
    """
    entries = [TransportEntry("transport-udp", Transport.UDP, _bind(asterisk, asterisk.sip_port), SYSTEM_CA_FILE)]
    if any(trunk.transport is Transport.TCP for trunk in trunks):
        entries.append(
            TransportEntry("transport-tcp", Transport.TCP, _bind(asterisk, asterisk.sip_port), SYSTEM_CA_FILE)
        )
    # RFC 3261 clause 19.1.2: SIP over TLS is at 5061, one above 5060.
    believed = _ca_files(trunks) or ([SYSTEM_CA_FILE] if asterisk.certificate else [])
    for port, ca_file in zip(count(asterisk.sip_port + 1), believed, strict=False):
        name = _tls_transport(believed, ca_file)
        entries.append(TransportEntry(name, Transport.TLS, _bind(asterisk, port), ca_file))
    return tuple(entries)


def operator_entries(operators: Sequence[Operator]) -> tuple[OperatorEntry, ...]:
    """The operators who have a phone: one that registers (a secret) or one at a fixed address (a contact)."""
    return tuple(_operator_entry(operator) for operator in operators if operator.has_phone)


def _operator_entry(operator: Operator) -> OperatorEntry:
    secret = operator.secret.get_secret_value()
    networks = operator.networks
    if not secret and not networks:
        # Nobody asks such a phone for a password, so its address is what tells it from a stranger.
        networks = (host_of(operator.contact.partition(":")[2].rpartition("@")[2].partition(";")[0]),)
    return OperatorEntry(operator.extension, secret, operator.contact, networks, operator.srtp)


def trunk_entry(trunk: Trunk, trunks: Sequence[Trunk], *, managed: bool) -> TrunkEntry:
    """A trunk in Asterisk's terms; `managed` false leaves the transports to those that are there."""
    host = host_of(trunk.host)
    domain = f"[{host}]" if ":" in host else host
    parameter = "" if trunk.transport is Transport.UDP else f";transport={trunk.transport}"
    return TrunkEntry(
        id=trunk_endpoint(trunk.name),
        name=trunk.name,
        transport=_transport_of(trunk, trunks) if managed else "",
        codecs=tuple(trunk.codecs),
        dtmf_mode=_DTMF_MODES[trunk.dtmf],
        username=trunk.username,
        password=trunk.password.get_secret_value(),
        registers=trunk.registers,
        domain=domain,
        uri=f"sip:{trunk.host}{parameter}",
        client_uri=f"sip:{trunk.username}@{trunk.host}{parameter}",
        contact_user=trunk.dids[0],
        match=trunk.match or (host,),
        srtp=trunk.srtp,
        nat=trunk.nat,
        rtp_timeout=trunk.rtp_timeout_seconds,
        qualify_seconds=trunk.qualify_seconds,
    )


def _bind(asterisk: Asterisk, port: int) -> str:
    host = f"[{asterisk.bind}]" if ":" in asterisk.bind else asterisk.bind
    return f"{host}:{port}"


def _ca_files(trunks: Sequence[Trunk]) -> list[Path]:
    return list(dict.fromkeys(trunk.ca_file or SYSTEM_CA_FILE for trunk in trunks if trunk.transport is Transport.TLS))


def _tls_transport(believed: Sequence[Path], ca_file: Path) -> str:
    position = believed.index(ca_file)
    return "transport-tls" if position == 0 else f"transport-tls-{position + 1}"


def _transport_of(trunk: Trunk, trunks: Sequence[Trunk]) -> str:
    if trunk.transport is Transport.TLS:
        return _tls_transport(_ca_files(trunks), trunk.ca_file or SYSTEM_CA_FILE)
    return f"transport-{trunk.transport}"


def host_of(where: str) -> str:
    """The host of `host`, `host:port`, `[IPv6]:port` or a bare IPv6 address."""
    if where.startswith("["):
        return where[1 : where.index("]")]
    return where if where.count(":") > 1 else where.partition(":")[0]
