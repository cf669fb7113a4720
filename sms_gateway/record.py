"""A message as it lies in the stream between modem and worker: raw, so that nothing can go wrong before it is safe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sms_gateway.errors import FaultyRecordError


@dataclass(frozen=True, slots=True)
class SmsRecord:
    """One raw PDU that the line ``modem`` received at ``at``.

    The line's name stands for its inbox in every message's key. An IMSI would outlive a renaming, but not every modem
    tells it every time, and a key that changes would make a repeated message look new.
    """

    modem: str
    pdu: str
    at: datetime

    def to_fields(self) -> dict[str, str]:
        """The record as fields of a stream entry."""
        return {"modem": self.modem, "pdu": self.pdu, "at": self.at.isoformat()}

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> "SmsRecord":
        """The record that `to_fields` gave; raises `FaultyRecordError`."""
        try:
            at = datetime.fromisoformat(fields["at"])
            record = cls(fields["modem"], fields["pdu"], at)
        except KeyError as error:
            raise FaultyRecordError(f"no stored SMS: {error.args[0]} is missing") from error
        except ValueError as error:
            raise FaultyRecordError(f"at: {fields['at']!r} is no time (RFC 3339)") from error
        if at.tzinfo is None:
            raise FaultyRecordError(f"at: a time needs its offset, not {fields['at']}")
        return record
