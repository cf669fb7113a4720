"""What Twilio posted, as it lies in the stream between web and worker: unread, so that nothing can go wrong before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sms_gateway.errors import FaultyRecordError
from sms_gateway.twilio.form import Form


class Hook(StrEnum):
    """Which of our two addresses was called."""

    MESSAGE = "message"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class TwilioRecord:
    """One post that came at ``at``."""

    hook: Hook
    form: Form
    at: datetime

    def to_fields(self) -> dict[str, str]:
        """The record as fields of a stream entry."""
        return {"hook": self.hook.value, "form": self.form.encode(), "at": self.at.isoformat()}

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> "TwilioRecord":
        """The record that `to_fields` gave; raises `FaultyRecordError`."""
        try:
            at = datetime.fromisoformat(fields["at"])
            record = cls(Hook(fields["hook"]), Form.parse(fields["form"].encode()), at)
        except KeyError as error:
            raise FaultyRecordError(f"no post of Twilio's: {error.args[0]} is missing") from error
        except ValueError as error:
            raise FaultyRecordError(f"no post of Twilio's: {error}") from error
        if at.tzinfo is None:
            raise FaultyRecordError(f"at: a time needs its offset, not {fields['at']}")
        return record
