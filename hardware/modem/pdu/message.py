"""One SMS as it was read from a modem."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hardware.modem.pdu.address import Address
from hardware.modem.pdu.data_coding import Encoding
from hardware.modem.pdu.header import Concat, Ports, UserDataHeader
from hardware.modem.pdu.user_data import UserData


class MessageType(StrEnum):
    """TP-Message-Type-Indicator (TS 23.040 clause 9.2.3.1); ``UNKNOWN`` is what could not be read."""

    DELIVER = "deliver"
    SUBMIT = "submit"
    STATUS_REPORT = "status-report"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What was read, and in ``errors`` what could not be: each entry is a ``Fault``, a colon and the detail.

    An ``UNKNOWN`` message keeps each field that could be read before the PDU went wrong: a caller's number is worth
    having even when the text is lost.
    """

    type: MessageType
    raw: bytes
    """The whole PDU; for input that is no hex, the input."""
    errors: tuple[str, ...] = ()
    smsc: str | None = None
    address: Address | None = None
    """Who sent a DELIVER, who is to get a SUBMIT, whom a STATUS-REPORT is about."""
    time: datetime | None = None
    """TP-SCTS, aware."""
    timestamp: bytes = b""
    """The seven octets of TP-SCTS, good or bad."""
    user_data: UserData | None = None
    reference: int | None = None
    """TP-MR of a SUBMIT or of the one that a STATUS-REPORT is about."""
    validity: timedelta | None = None
    """TP-VP of a SUBMIT, if it is a relative one."""
    wants_report: bool = False
    """TP-SRR of a SUBMIT."""
    status: int | None = None
    """TP-ST of a STATUS-REPORT (clause 9.2.3.15)."""
    discharged_at: datetime | None = None
    """TP-DT of a STATUS-REPORT."""

    @property
    def number(self) -> str | None:
        """The address with + if it is international, as it stands otherwise; "" if the network gave none."""
        return None if self.address is None else self.address.number

    @property
    def header(self) -> UserDataHeader:
        """The user data header, an empty one if there is none."""
        return UserDataHeader() if self.user_data is None else self.user_data.header

    @property
    def text(self) -> str | None:
        """The text, None for 8-bit or compressed data."""
        return None if self.user_data is None else self.user_data.text

    @property
    def data(self) -> bytes | None:
        """The 8-bit data, None for a text."""
        return None if self.user_data is None else self.user_data.data

    @property
    def encoding(self) -> Encoding | None:
        """How the user data was written."""
        return None if self.user_data is None else self.user_data.coding.encoding

    @property
    def concat(self) -> Concat | None:
        """Which part of which message this is."""
        return self.header.concat

    @property
    def ports(self) -> Ports | None:
        """The application ports it is addressed to."""
        return self.header.ports
