"""What every table of the configuration has in common."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A TOML table: unknown keys are errors, "5060" is no number, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)


class Item(Table):
    """A table of a list, `[[trunks]]`: messages and the environment call it by one of its values."""

    identity: ClassVar[str]
    """The key that names it."""
