"""A PDU on its way into a modem or out of a simulated one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EncodedPdu:
    """The SMSC field and the TPDU (TS 27.005 clause 3.1, ``<pdu>``)."""

    service_centre: bytes
    tpdu: bytes

    @property
    def octets(self) -> bytes:
        """Both, as ``decode`` takes them."""
        return self.service_centre + self.tpdu

    @property
    def hex(self) -> str:
        """Both, in the hex that goes over the line."""
        return self.octets.hex().upper()

    @property
    def tpdu_length(self) -> int:
        """The ``<length>`` of AT+CMGS, +CMGL and +CMT: octets of the TPDU alone."""
        return len(self.tpdu)
