"""A key that is the same each time the network delivers the same message."""

import hashlib

from hardware.modem.pdu.message import Message, MessageType


def fingerprint(message: Message, sim: str, *, arrived: str = "") -> str:
    """SHA-256, in hex, of the receiving SIM (its IMSI) and what identifies the message.

    A network that missed our acknowledgement sends the message again with the same TP-SCTS, but perhaps through
    another SMSC and with another TP-MMS bit: both stay out. Two parts of one message differ in their header. What could
    not be read is known by all of its octets. `arrived` is what stands for a time that the message does not tell.
    """
    digest = hashlib.sha256()
    told = (arrived.encode(),) if arrived else ()
    for field in (sim.encode(), message.type.encode(), *_identity(message), *told):
        digest.update(len(field).to_bytes(4) + field)
    return digest.hexdigest()


def _identity(message: Message) -> tuple[bytes, ...]:
    if message.type is MessageType.DELIVER and message.address is not None and message.user_data is not None:
        return message.address.octets, message.timestamp, message.user_data.octets
    if message.type is MessageType.STATUS_REPORT:
        service_centre = 1 + message.raw[0]
        return (message.raw[service_centre + 1 :],)
    return (message.raw,)
