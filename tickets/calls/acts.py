"""What operators did by their phones that is about no call: in the stream of facts, told from those by `act`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from tickets.errors import BadCallFactError


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack:
    """The operator called `number`, as it stands in the call-back list, and somebody there answered, or nobody did."""

    ACT: ClassVar = "called_back"

    operator: str
    number: str
    answered: bool
    at: datetime

    def to_fields(self) -> dict[str, str]:
        """The entry's fields."""
        answered = "1" if self.answered else "0"
        return {
            "act": self.ACT,
            "operator": self.operator,
            "number": self.number,
            "answered": answered,
            "at": self.at.isoformat(),
        }

    @classmethod
    def from_fields(cls, mapping: Mapping[str, str]) -> Self:
        """What `to_fields` gave; raises `ValueError` or `KeyError`."""
        return cls(
            operator=mapping["operator"],
            number=mapping["number"],
            answered={"1": True, "0": False}[mapping["answered"]],
            at=_aware(mapping["at"]),
        )


def is_act(mapping: Mapping[str, str]) -> bool:
    """Whether an entry of the stream is an act, not a fact."""
    return "act" in mapping


def act_from(mapping: Mapping[str, str]) -> CalledBack:
    """The act of an entry; raises `BadCallFactError` with what is wrong."""
    if mapping["act"] != CalledBack.ACT:
        raise BadCallFactError(f"there is no act {mapping['act']!r}")
    try:
        return CalledBack.from_fields(mapping)
    except KeyError as error:
        raise BadCallFactError(f"an act's fields lack or misname {error}") from error
    except ValueError as error:
        raise BadCallFactError(f"an act cannot be read: {error}") from error


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time needs its offset, not {text!r}")
    return at
