"""What the centre does: agencies and categories, the phone menu, routing, messages, recordings."""

from typing import Annotated

from pydantic import Field, SecretStr

from siaga112.settings.base import Item, Table
from siaga112.settings.fields import (
    Country,
    DialNumber,
    ExistingDirectory,
    ExistingFile,
    FeatureCode,
    HttpUrl,
    Label,
    Name,
    OptionalDialNumber,
    PhoneNumber,
    PinSecret,
    Secret,
    Sender,
)
from siaga112.settings.kinds import Language

PhoneNumbers = Annotated[tuple[PhoneNumber, ...], Field(strict=False)]


class Agency(Item):
    """`[[agencies]]`: who is sent: OPD, kecamatan, police, hospital."""

    identity = "code"

    code: Name = Field(description="what categories and tickets call it")
    name: Label = Field(default_factory=lambda data: data.get("code", "?"), description="its name; default: its code")
    sms: PhoneNumbers = Field(default=(), description="numbers that are told by SMS")
    whatsapp: PhoneNumbers = Field(default=(), description="numbers that are told by WhatsApp")
    phone: OptionalDialNumber = Field(
        default="", description="number that operators may call and transfer to, such as 113; empty: none"
    )
    webhook: HttpUrl = Field(default="", description="address that is told by HTTP POST; empty: none")


class Category(Item):
    """`[[categories]]`: what can have happened."""

    identity = "code"

    code: Name = Field(description="what tickets and statistics call it")
    name: dict[Annotated[Language, Field(strict=False)], Label] = Field(
        default_factory=dict, description="its name in each language; default: its code"
    )
    digit: int | None = Field(default=None, ge=1, le=9, description="its key in the phone menu, 1 to 9; default: none")
    priority: int = Field(default=1, ge=1, le=3, description="1 emergency, 2 urgent, 3 not urgent")
    agencies: Annotated[tuple[Name, ...], Field(strict=False)] = Field(
        default=(), description="codes of the agencies that are sent"
    )
    keywords: Annotated[tuple[Label, ...], Field(strict=False)] = Field(
        default=(), description="words of a message that mean this category"
    )

    def label(self, language: str) -> str:
        """The name in `language`, else in the first language that it has, else the code."""
        by_language: dict[str, str] = {key.value: text for key, text in self.name.items()}
        return by_language.get(language) or next(iter(by_language.values()), self.code)


class Ivr(Table):
    """`[ivr]`: the phone menu."""

    menu: ExistingFile = Field(default=None, description="TOML file of the menu; empty: the categories by their digits")
    language_menu: bool = Field(default=False, description="ask for the language first")
    prompts_dir: ExistingDirectory = Field(
        default=None, description="recordings that replace the built ones; empty: prompts in state_dir"
    )
    record_pin: PinSecret = Field(
        default=SecretStr(""), description="PIN for recording prompts by telephone; empty: off"
    )


class Features(Table):
    """`[features]`: codes dialled on an operator's phone, and keys pressed there during a call."""

    login: FeatureCode = Field(default="*11", description="go on duty")
    logout: FeatureCode = Field(default="*12", description="go off duty")
    pause: FeatureCode = Field(default="*13", description="take no calls for now")
    resume: FeatureCode = Field(default="*14", description="take calls again")
    prank: FeatureCode = Field(default="*21", description="mark the last call as a prank")
    ghost: FeatureCode = Field(default="*22", description="mark the last call as silent or by mistake")
    callback: FeatureCode = Field(default="*23", description="call the next of the call-back list")
    listen: FeatureCode = Field(default="*31", description="and an extension: hear that operator's call; supervisors")
    whisper: FeatureCode = Field(default="*32", description="and an extension: hear it and speak to the operator alone")
    barge: FeatureCode = Field(default="*33", description="and an extension: hear it and speak to both")
    transfer: FeatureCode = Field(
        default="*41", description="in a call: ask somebody first, then lead the caller there by hanging up"
    )
    transfer_blind: FeatureCode = Field(default="*42", description="in a call: lead the caller there without asking")
    conference: FeatureCode = Field(default="*43", description="while asking somebody: speak all three")
    transfer_cancel: FeatureCode = Field(default="*44", description="while asking somebody: back to the caller alone")
    transfer_complete: FeatureCode = Field(default="*45", description="while asking somebody: lead the caller there")
    transfer_swap: FeatureCode = Field(default="*46", description="while asking somebody: from one to the other")
    record: FeatureCode = Field(default="*51", description="record a prompt, where [ivr] record_pin is set")


class Recording(Table):
    """`[recording]`: what is kept of calls."""

    enabled: bool = Field(default=True, description="record calls")
    notice: bool = Field(default=True, description="say so, after the menu's first words")
    keep_days: int = Field(default=90, ge=1, le=3650, description="days that a recording is kept")
    keep_days_prank: int = Field(default=30, ge=1, le=3650, description="days that a prank call's recording is kept")
    min_free_mb: int = Field(
        default=500, ge=0, le=1_000_000, description="MiB on the disk that recordings leave free for tickets and queue"
    )


class Routing(Table):
    """`[routing]`: how a caller finds a human."""

    answer_target_seconds: int = Field(
        default=15, ge=1, le=600, description="seconds in which 90 % of calls should be answered; the wallboard's goal"
    )
    ring_seconds: int = Field(
        default=15, ge=3, le=120, description="seconds that one operator's phone rings, then the next"
    )
    wrap_up_seconds: int = Field(default=20, ge=0, le=3600, description="seconds of rest after a call")
    stay_on_line_seconds: int = Field(
        default=7, ge=1, le=120, description='seconds until a waiting caller hears "stay on the line"'
    )
    overflow_seconds: int = Field(
        default=60, ge=1, le=3600, description="seconds of waiting, then supervisors' phones ring too"
    )
    fallback_number: OptionalDialNumber = Field(
        default="", description="outside number when nobody here answers; empty: none"
    )
    fallback_seconds: int = Field(
        default=120, ge=1, le=3600, description="seconds of waiting until that number is called"
    )
    neighbours: dict[Label, DialNumber] = Field(
        default_factory=dict, description="emergency numbers of other regions, by their names"
    )
    callback_countries: Annotated[tuple[Country, ...], Field(strict=False)] = Field(
        default=(),
        description="ISO 3166-1 codes of foreign countries whose callers may be called back; the site's own always",
    )
    same_operator_minutes: int = Field(
        default=10, ge=0, le=1440, description="minutes in which who calls again gets the same operator; 0: never"
    )
    prank_calls: int = Field(
        default=5, ge=1, le=1000, description="calls marked prank or ghost within a day that divert a number"
    )
    prank_divert_hours: int = Field(
        default=24,
        ge=0,
        le=720,
        description="hours for which it is diverted to a short challenge, never refused; 0: never",
    )


class Sms(Table):
    """`[sms]`: messages from citizens."""

    replies_per_hour: int = Field(default=6, ge=0, le=1000, description="replies an hour to one number")
    multipart_wait_seconds: int = Field(
        default=300, ge=1, le=86_400, description="seconds to wait for the parts of a long message"
    )
    validity_hours: int = Field(
        default=24, ge=1, le=1512, description="hours for which the network keeps trying a reply"
    )
    same_ticket_minutes: int = Field(
        default=30, ge=0, le=10_080, description="minutes in which a further message joins the sender's open ticket"
    )
    blocked: Annotated[tuple[Sender, ...], Field(strict=False)] = Field(
        default=(), description="senders that get no reply and no ticket; what they send is kept and shown"
    )


class Lapor(Table):
    """`[lapor]`: complaints for SP4N-LAPOR!"""

    url: HttpUrl = Field(default="", description="address of the adapter; empty: complaints stay in the outbox")
    token: Secret = Field(default=SecretStr(""), description="its token")
