"""What the centre does: agencies and categories, the phone menu, routing, messages, recordings."""

from typing import Annotated

from pydantic import Field, SecretStr

from siaga112.settings.base import Table
from siaga112.settings.fields import (
    DialNumber,
    ExistingDirectory,
    ExistingFile,
    FeatureCode,
    HttpUrl,
    Label,
    Language,
    Name,
    OptionalDialNumber,
    PhoneNumber,
    PinSecret,
    Secret,
    Sender,
)

PhoneNumbers = Annotated[tuple[PhoneNumber, ...], Field(strict=False)]


class Agency(Table):
    """`[[agencies]]`: who is sent: OPD, kecamatan, police, hospital."""

    code: Name = Field(description="what categories and tickets call it")
    name: Label = Field(default_factory=lambda data: data.get("code", "?"), description="its name; default: its code")
    sms: PhoneNumbers = Field((), description="numbers that are told by SMS")
    whatsapp: PhoneNumbers = Field((), description="numbers that are told by WhatsApp")
    webhook: HttpUrl = Field("", description="address that is told by HTTP POST; empty: none")


class Category(Table):
    """`[[categories]]`: what can have happened."""

    code: Name = Field(description="what tickets and statistics call it")
    name: dict[Annotated[Language, Field(strict=False)], Label] = Field(
        default_factory=dict, description="its name in each language; default: its code"
    )
    digit: int | None = Field(None, ge=1, le=9, description="its key in the phone menu, 1 to 9; default: none")
    priority: int = Field(1, ge=1, le=3, description="1 emergency, 2 urgent, 3 not urgent")
    agencies: Annotated[tuple[Name, ...], Field(strict=False)] = Field(
        (), description="codes of the agencies that are sent"
    )
    keywords: Annotated[tuple[Label, ...], Field(strict=False)] = Field(
        (), description="words of a message that mean this category"
    )

    def label(self, language: str) -> str:
        """The name in `language`, else in the first language that it has, else the code."""
        by_language: dict[str, str] = {key.value: text for key, text in self.name.items()}
        return by_language.get(language) or next(iter(by_language.values()), self.code)


class Ivr(Table):
    """`[ivr]`: the phone menu."""

    menu: ExistingFile = Field(None, description="TOML file of the menu; empty: the categories by their digits")
    language_menu: bool = Field(False, description="ask for the language first")
    prompts_dir: ExistingDirectory = Field(
        None, description="recordings that replace the built ones; empty: prompts in state_dir"
    )
    record_pin: PinSecret = Field(SecretStr(""), description="PIN for recording prompts by telephone; empty: off")


class Features(Table):
    """`[features]`: codes dialled on an operator's phone."""

    login: FeatureCode = Field("*11", description="go on duty")
    logout: FeatureCode = Field("*12", description="go off duty")
    pause: FeatureCode = Field("*13", description="take no calls for now")
    resume: FeatureCode = Field("*14", description="take calls again")
    prank: FeatureCode = Field("*21", description="mark the last call as a prank")
    ghost: FeatureCode = Field("*22", description="mark the last call as silent or by mistake")
    callback: FeatureCode = Field("*23", description="call the next of the call-back list")


class Recording(Table):
    """`[recording]`: what is kept of calls."""

    enabled: bool = Field(True, description="record calls")
    notice: bool = Field(True, description="say so, after the menu's first words")
    keep_days: int = Field(90, ge=1, le=3650, description="days that a recording is kept")
    keep_days_prank: int = Field(30, ge=1, le=3650, description="days that a prank call's recording is kept")


class Routing(Table):
    """`[routing]`: how a caller finds a human."""

    answer_target_seconds: int = Field(
        15, ge=1, le=600, description="seconds in which 90 % of calls should be answered; the wallboard's goal"
    )
    ring_seconds: int = Field(15, ge=3, le=120, description="seconds that one operator's phone rings, then the next")
    wrap_up_seconds: int = Field(20, ge=0, le=3600, description="seconds of rest after a call")
    stay_on_line_seconds: int = Field(
        7, ge=1, le=120, description='seconds until a waiting caller hears "stay on the line"'
    )
    overflow_seconds: int = Field(
        60, ge=1, le=3600, description="seconds of waiting, then supervisors' phones ring too"
    )
    fallback_number: OptionalDialNumber = Field("", description="outside number when nobody here answers; empty: none")
    fallback_seconds: int = Field(120, ge=1, le=3600, description="seconds of waiting until that number is called")
    neighbours: dict[Label, DialNumber] = Field(
        default_factory=dict, description="emergency numbers of other regions, by their names"
    )
    same_operator_minutes: int = Field(
        10, ge=0, le=1440, description="minutes in which who calls again gets the same operator; 0: never"
    )
    prank_calls: int = Field(5, ge=1, le=1000, description="calls marked prank within a day that divert a number")
    prank_divert_hours: int = Field(
        24, ge=0, le=720, description="hours for which it is diverted to a short challenge, never refused; 0: never"
    )


class Sms(Table):
    """`[sms]`: messages from citizens."""

    replies_per_hour: int = Field(6, ge=0, le=1000, description="replies an hour to one number")
    multipart_wait_seconds: int = Field(
        300, ge=1, le=86_400, description="seconds to wait for the parts of a long message"
    )
    validity_hours: int = Field(24, ge=1, le=1512, description="hours for which the network keeps trying a reply")
    same_ticket_minutes: int = Field(
        30, ge=0, le=10_080, description="minutes in which a further message joins the sender's open ticket"
    )
    blocked: Annotated[tuple[Sender, ...], Field(strict=False)] = Field(
        (), description="senders that get no reply and no ticket; what they send is kept and shown"
    )


class Lapor(Table):
    """`[lapor]`: complaints for SP4N-LAPOR!"""

    url: HttpUrl = Field("", description="address of the adapter; empty: complaints stay in the outbox")
    token: Secret = Field(SecretStr(""), description="its token")
