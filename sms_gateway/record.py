"""A message as it lies in the stream between modem and worker: raw, so that nothing can go wrong before it is safe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sms_gateway.errors import FaultyRecordError


@dataclass(frozen=True, slots=True)
class SmsRecord:
    """One raw PDU: ``modem`` received it at ``at``; ``sim`` tells whose inbox it was (IMSI, else the modem's name)."""

    modem: str
    sim: str
    pdu: str
    at: datetime

    def to_fields(self) -> dict[str, str]:
        """The record as fields of a stream entry."""
        return {"modem": self.modem, "sim": self.sim, "pdu": self.pdu, "at": self.at.isoformat()}

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> "SmsRecord":
        """The record that `to_fields` gave; raises `FaultyRecordError`."""
        try:
            at = datetime.fromisoformat(fields["at"])
            record = cls(fields["modem"], fields["sim"], fields["pdu"], at)
        except (KeyError, ValueError) as error:
            raise FaultyRecordError(f"no stored SMS: {error}") from error
        if at.tzinfo is None:
            raise FaultyRecordError(f"at: a time needs its offset, not {fields['at']}")
        return record
