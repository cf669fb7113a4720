"""The whole configuration as one typed object, and how to find things in it."""

import platform
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from siaga112.settings.lines import Modem, Operator, Trunk, Twilio
from siaga112.settings.monitoring import Monitoring
from siaga112.settings.service import Agency, Category, Features, Ivr, Lapor, Recording, Routing, Sms
from siaga112.settings.site import Asterisk, Redis, Site, Store, Web

Item = TypeVar("Item")


class Settings(BaseSettings):
    """One city. Read once by `load`, handed down, never changed."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", strict=True)

    site: Site = Field(default=Site(), description="the city")
    store: Store = Field(default=Store(), description="where tickets are")
    redis: Redis = Field(default=Redis(), description="where what waits is")
    asterisk: Asterisk = Field(default=Asterisk(), description="the telephone exchange")
    web: Web = Field(default=Web(), description="console, API and webhooks")
    trunks: Annotated[tuple[Trunk, ...], Field(strict=False)] = Field(
        default=(), description="lines from telecom operators"
    )
    operators: Annotated[tuple[Operator, ...], Field(strict=False)] = Field(default=(), description="who answers")
    modems: Annotated[tuple[Modem, ...], Field(strict=False)] = Field(default=(), description="GSM modems")
    twilio: Twilio = Field(default=Twilio(), description="SMS and WhatsApp over the internet")
    agencies: Annotated[tuple[Agency, ...], Field(strict=False)] = Field(default=(), description="who is sent")
    categories: Annotated[tuple[Category, ...], Field(strict=False)] = Field(
        default=(), description="what can have happened"
    )
    ivr: Ivr = Field(default=Ivr(), description="the phone menu")
    features: Features = Field(default=Features(), description="codes dialled on an operator's phone")
    recording: Recording = Field(default=Recording(), description="what is kept of calls")
    routing: Routing = Field(default=Routing(), description="how a caller finds a human")
    sms: Sms = Field(default=Sms(), description="messages from citizens")
    monitoring: Monitoring = Field(default=Monitoring(), description="test calls and test messages")
    lapor: Lapor = Field(default=Lapor(), description="complaints for SP4N-LAPOR!")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is handed: the environment comes through `load`, which names list items and reports typos."""
        return (init_settings,)

    @cached_property
    def node(self) -> str:
        """This machine's name: `site.node`, else the host name."""
        return self.site.node or platform.node()

    @cached_property
    def tz(self) -> ZoneInfo:
        """The time zone of times that people see."""
        return ZoneInfo(self.site.timezone)

    @property
    def prompts_dir(self) -> Path:
        """Where recordings that replace the built prompts are."""
        return self.ivr.prompts_dir or self.site.state_dir / "prompts"

    @property
    def reaches_a_human(self) -> bool:
        """Whether a call can be led to somebody: an operator with a phone, or the outside number by a trunk."""
        by_phone = any(operator.has_phone for operator in self.operators)
        return by_phone or bool(self.routing.fallback_number and self.trunks)

    def category(self, code: str) -> Category | None:
        """The category with this code."""
        return _first(item for item in self.categories if item.code == code)

    def category_by_digit(self, digit: int) -> Category | None:
        """The category on this key of the phone menu."""
        return _first(item for item in self.categories if item.digit == digit)

    def agency(self, code: str) -> Agency | None:
        """The agency with this code."""
        return _first(item for item in self.agencies if item.code == code)

    def operator(self, extension: str) -> Operator | None:
        """The operator at this extension."""
        return _first(item for item in self.operators if item.extension == extension)

    def trunk(self, name: str) -> Trunk | None:
        """The trunk of this name."""
        return _first(item for item in self.trunks if item.name == name)

    def modem(self, name: str) -> Modem | None:
        """The modem of this name."""
        return _first(item for item in self.modems if item.name == name)


def _first(items: Iterable[Item]) -> Item | None:
    return next(iter(items), None)
