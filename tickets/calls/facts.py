"""A call fact: what somebody saw of a call, and how it travels as flat fields of a Redis stream."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from tickets.errors import BadCallFactError
from tickets.vocabulary import CallFactKind, Mark, Outcome

FLAGS = {"1": True, "0": False}

# A machine without a clock of its own starts in 1970; what lies outside would overflow in some time zone.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFact:
    """What somebody saw of the call `call_id` (Uniqueid, after the node's name where there are several) at `at`.

    None means "not seen", as does an empty text. `answered` and the two times are for who sees only the end: the
    hangup handler knows that a call was answered, the CDR also when it started and was answered; `at` of `ended` and
    `recorded` is when the call ended. `outcome` is set only by who knows better than the other facts tell together.
    `called` is whom an operator called: then nobody called us, and `operator` is who did.
    `actor` is who did what the fact tells of, where that is not what makes an operator the call's own: an extension, or
    `operator:1001`; `detail` is in which way (`listen`, `whisper`, `barge`; whom a call was transferred to).
    Raises `BadCallFactError` for an empty `call_id`, a time without an offset or one outside 1970 to 2199.
    """

    call_id: str
    kind: CallFactKind
    at: datetime
    caller: str | None = None
    trunk: str | None = None
    did: str | None = None
    node: str | None = None
    language: str | None = None
    category: str | None = None
    operator: str | None = None
    fallback: bool | None = None
    answered: bool | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    outcome: Outcome | None = None
    mark: Mark | None = None
    actor: str | None = None
    detail: str | None = None
    called: str | None = None

    def __post_init__(self) -> None:
        if not self.call_id:
            raise BadCallFactError("call_id: missing")
        for name in DECODERS:
            value = getattr(self, name)
            if isinstance(value, datetime):
                object.__setattr__(self, name, _utc(name, value))
            elif value == "":
                object.__setattr__(self, name, None)

    def to_fields(self) -> dict[str, str]:
        """The fact as a flat mapping, without what was not seen."""
        values = {name: getattr(self, name) for name in DECODERS}
        return {name: _encode(value) for name, value in values.items() if value is not None}

    @classmethod
    def from_fields(cls, mapping: Mapping[str, str]) -> Self:
        """The fact that `to_fields` gave; raises `BadCallFactError` with what is wrong."""
        unknown = mapping.keys() - DECODERS.keys()
        if unknown:
            raise BadCallFactError(f"unknown fields: {', '.join(sorted(map(repr, unknown)))}")
        seen = {name: value for name, value in mapping.items() if value}
        missing = {"call_id", "kind", "at"} - seen.keys()
        if missing:
            raise BadCallFactError(f"missing fields: {', '.join(sorted(missing))}")
        return cls(**{name: _decode(name, value) for name, value in seen.items()})

    def digest(self) -> str:
        """A key that equal facts share, and only they (SHA-256, hex)."""
        return hashlib.sha256(json.dumps(self.to_fields(), sort_keys=True).encode()).hexdigest()


def _utc(name: str, value: datetime) -> datetime:
    if value.tzinfo is None:
        raise BadCallFactError(f"{name}: a time needs its offset, not {value.isoformat()}")
    if not EARLIEST <= value < LATEST:
        raise BadCallFactError(f"{name}: {value.isoformat()} is no time of a call")
    return value.astimezone(UTC)


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


DECODERS: Mapping[str, Any] = {
    "call_id": str,
    "kind": CallFactKind,
    "at": datetime.fromisoformat,
    "caller": str,
    "trunk": str,
    "did": str,
    "node": str,
    "language": str,
    "category": str,
    "operator": str,
    "fallback": FLAGS.__getitem__,
    "answered": FLAGS.__getitem__,
    "started_at": datetime.fromisoformat,
    "answered_at": datetime.fromisoformat,
    "outcome": Outcome,
    "mark": Mark,
    "actor": str,
    "detail": str,
    "called": str,
}


def _decode(name: str, value: str) -> Any:
    try:
        return DECODERS[name](value)
    except (ValueError, KeyError, OverflowError) as error:
        raise BadCallFactError(f"{name}: {value!r} cannot be read") from error
