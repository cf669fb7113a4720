"""What connects the centre with the world: trunks, operators' phones, modems, Twilio."""

from typing import Annotated

from pydantic import Field, SecretStr

from siaga112.phone import NumberFormat
from siaga112.settings.base import Item, Table
from siaga112.settings.fields import (
    CallerId,
    Did,
    ExistingFile,
    Extension,
    HostPort,
    HttpUrl,
    IpNetwork,
    Label,
    ModemPort,
    Name,
    OptionalPhoneNumber,
    OptionalSender,
    PinSecret,
    Secret,
    SipContact,
    Text,
    Ussd,
)
from siaga112.settings.kinds import Codec, Dtmf, Language, Transport
from siaga112.settings.site import Languages

Networks = Annotated[tuple[IpNetwork, ...], Field(strict=False)]


class Trunk(Item):
    """`[[trunks]]`: one line from a telecom operator."""

    identity = "name"

    name: Name = Field(description="what it is called in listings and in Asterisk")
    host: HostPort = Field(description="the operator's SIP server, host or host:port")
    match: Networks = Field(default=(), description="addresses that calls are taken from; empty: host's own")
    # The TOML key is `register`; pydantic models inherit a method of that name from ABCMeta.
    registers: bool = Field(default=False, alias="register", description="log in at the operator's server")
    username: Text = Field(default="", description="user for registration and authentication; empty: none")
    password: Secret = Field(default=SecretStr(""), description="password for registration and authentication")
    transport: Annotated[Transport, Field(strict=False)] = Field(default=Transport.UDP, description="udp, tcp or tls")
    srtp: bool = Field(default=False, description="encrypt speech (SRTP, keys in SDP)")
    codecs: Annotated[tuple[Annotated[Codec, Field(strict=False)], ...], Field(strict=False, min_length=1)] = Field(
        default=(Codec.ALAW, Codec.ULAW), description="speech codecs, best first"
    )
    dids: Annotated[tuple[Did, ...], Field(strict=False, min_length=1)] = Field(
        default=("112",), description="numbers that this trunk delivers"
    )
    priority: int = Field(
        default=1, ge=1, le=100, description="outgoing calls take the lowest that is up; equal ones share them"
    )
    max_calls: int = Field(
        default=30, ge=1, le=10_000, description="calls at the same time; more to outside go by another trunk"
    )
    caller_id: CallerId = Field(
        default="", description="what outgoing calls show, as number_format has it; empty: the first DID"
    )
    number_format: Annotated[NumberFormat, Field(strict=False)] = Field(
        default=NumberFormat.E164, description="e164 (62812…), plus62 (+62812…) or local (0812…)"
    )
    qualify_seconds: int = Field(
        default=10, ge=0, le=3600, description="seconds between checks that it answers; 0: never"
    )
    dtmf: Annotated[Dtmf, Field(strict=False)] = Field(
        default=Dtmf.RFC4733, description="rfc4733, info, inband or auto"
    )
    rtp_timeout_seconds: int = Field(
        default=30, ge=0, le=3600, description="seconds without speech packets that end a call; 0: never"
    )
    nat: bool = Field(default=False, description="the operator's server is reached through NAT")
    silence_alarm_hours: int = Field(
        default=0, ge=0, le=8760, description="hours without a call that are an alarm; 0: off"
    )
    ca_file: ExistingFile = Field(
        default=None, description="TLS: certificates to believe, a PEM file; empty: the system's"
    )


def _operator_name(data: dict[str, str]) -> str:
    return f"Operator {data.get('extension', '')}".rstrip()


class Operator(Item):
    """`[[operators]]`: someone who answers, and the phone."""

    identity = "extension"

    extension: Extension = Field(description="the phone's number in the house")
    name: Label = Field(default_factory=_operator_name, description='the person; empty: "Operator" and the extension')
    secret: Secret = Field(default=SecretStr(""), description="password of a phone that registers; empty: it may not")
    contact: SipContact = Field(default="", description="SIP address of a phone that does not register; empty: none")
    languages: Languages = Field(default=(Language.ID,), description="languages that the person speaks")
    skills: Annotated[tuple[Name, ...], Field(strict=False)] = Field(
        default=(), description="codes of categories that this operator takes first"
    )
    supervisor: bool = Field(
        default=False, description="may do a supervisor's work; rings when the others are busy too long"
    )
    srtp: bool = Field(
        default=False, description="the phone speaks SIP over TLS and encrypts speech (SRTP, keys in SDP)"
    )
    networks: Networks = Field(default=(), description="where the phone may be; empty: anywhere that reaches bind")
    auto_login: bool = Field(default=False, description="on duty whenever the phone can be reached (answers OPTIONS)")

    @property
    def has_phone(self) -> bool:
        """Whether a call can reach the operator: by a phone that registers, or one at a fixed address."""
        return bool(self.secret.get_secret_value() or self.contact)


class Modem(Item):
    """`[[modems]]`: one GSM modem with one SIM."""

    identity = "name"

    name: Name = Field(description="what it is called in listings and logs")
    port: ModemPort = Field(description="device, socket://host:port or simulator")
    baudrate: int = Field(default=115_200, ge=300, le=4_000_000, description="speed of a serial port, bits per second")
    pin: PinSecret = Field(default=SecretStr(""), description="PIN of the SIM; empty: none")
    number: OptionalPhoneNumber = Field(
        default="", description="its own number, where its SIM does not tell it; empty: as that says"
    )
    sms_per_minute: int = Field(default=12, ge=1, le=600, description="messages a minute that the SIM may send")
    balance_ussd: Ussd = Field(default="", description="USSD code that asks for the credit; empty: not asked")
    credit_alarm_rupiah: int = Field(
        default=10_000, ge=0, le=100_000_000, description="credit below which there is an alarm; 0: when all is gone"
    )
    silence_alarm_hours: int = Field(
        default=0, ge=0, le=8760, description="hours without a message that are an alarm; 0: off"
    )


class Twilio(Table):
    """`[twilio]`: SMS and WhatsApp over the internet."""

    account_sid: Text = Field(default="", description="the account; empty: Twilio is not used")
    auth_token: Secret = Field(default=SecretStr(""), description="its token; signs what Twilio sends")
    sms_from: OptionalSender = Field(default="", description="number, short code or name that SMS come from")
    whatsapp_from: OptionalPhoneNumber = Field(default="", description="number that WhatsApp messages come from")
    api_base: HttpUrl = Field(
        default="", description="another server that speaks the same REST API; empty: Twilio's own"
    )
