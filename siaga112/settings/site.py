"""The installation: who it is for, where it keeps things, and the servers it runs or uses."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from siaga112.settings.base import Table
from siaga112.settings.fields import (
    Country,
    ExistingFile,
    HttpUrl,
    IpAddress,
    Label,
    NewDirectory,
    NewFile,
    NodeName,
    OptionalHost,
    Port,
    RedisUrl,
    RequiredDirectory,
    Secret,
    ServiceNumber,
    SiteCode,
    StoreUrl,
    Text,
    Timezone,
)
from siaga112.settings.kinds import Language

Languages = Annotated[tuple[Annotated[Language, Field(strict=False)], ...], Field(strict=False, min_length=1)]
RtpPorts = Annotated[tuple[Port, Port], Field(strict=False)]


class Site(Table):
    """`[site]`: the city."""

    name: Label = Field(default="Kabupaten Banyuwangi", description="the city as callers and agencies know it")
    code: SiteCode = Field(default="BWI", description="prefix of every ticket number")
    number: ServiceNumber = Field(default="112", description="the number that citizens dial")
    timezone: Timezone = Field(default="Asia/Jakarta", description="IANA time zone of times that people see")
    country: Country = Field(default="ID", description="ISO 3166-1 code: how a local phone number is read (E.164)")
    languages: Languages = Field(
        default=(Language.ID, Language.EN), description="languages of prompts and replies; the first is the default"
    )
    state_dir: RequiredDirectory = Field(default=Path("var"), description="directory for all that is kept on disk")
    node: NodeName = Field(default="", description="this machine's name where there are several; empty: its host name")
    places: ExistingFile = Field(default=None, description="CSV file of kecamatan and desa; empty: none")


class Store(Table):
    """`[store]`: where tickets are."""

    url: StoreUrl = Field(default=SecretStr(""), description="SQLAlchemy URL; empty: SQLite in state_dir")


class Redis(Table):
    """`[redis]`: where what waits is."""

    url: RedisUrl = Field(
        default=SecretStr(""), description="redis://, rediss://, unix:// or redis+sentinel://; empty: a private server"
    )
    allow_volatile: bool = Field(
        default=False, description="take a Redis that does not keep what it holds over a restart"
    )


class Asterisk(Table):
    """`[asterisk]`: the telephone exchange."""

    managed: bool = Field(
        default=True, description="start and stop an Asterisk of its own; false: one that already runs"
    )
    binary: ExistingFile = Field(
        default=None, description="the program; empty: on PATH, else the one `make setup` brought"
    )
    bind: IpAddress = Field(default="127.0.0.1", description="address for SIP and speech")
    sip_port: Port = Field(default=5060, description="port for SIP")
    rtp_ports: RtpPorts = Field(default=(10000, 10999), description="first and last UDP port for speech")
    ami_port: Port = Field(default=5038, description="port of the manager interface (AMI)")
    agi_port: Port = Field(default=4573, description="port of the FastAGI server that Asterisk calls")
    agi_bind: IpAddress = Field(default="127.0.0.1", description="address of the FastAGI server")
    ami_host: OptionalHost = Field(default="127.0.0.1", description="where AMI is, for managed = false")
    ami_user: Text = Field(default="", description="AMI user, for managed = false")
    ami_secret: Secret = Field(default=SecretStr(""), description="AMI secret, for managed = false")
    config_dir: NewDirectory = Field(
        default=None, description="where files to include are written, for managed = false"
    )
    cdr_file: NewFile = Field(
        default=None,
        description="siaga112.csv of its cdr_custom, for managed = false; empty: no call is read from there",
    )
    external_address: OptionalHost = Field(
        default="", description="the public address of a machine behind NAT; empty: none"
    )
    certificate: ExistingFile = Field(default=None, description="TLS certificate, a PEM file; empty: none")
    private_key: ExistingFile = Field(default=None, description="its private key, a PEM file; empty: none")
    drain_seconds: int = Field(
        default=30, ge=0, le=3600, description="seconds that calls may go on at SIGTERM before Asterisk stops"
    )


class Web(Table):
    """`[web]`: console, API and webhooks."""

    bind: IpAddress = Field(default="127.0.0.1", description="address of the web server")
    port: Port = Field(default=8112, description="port of the web server")
    public_url: HttpUrl = Field(default="", description="what the outside world calls it; for Twilio's signatures")
