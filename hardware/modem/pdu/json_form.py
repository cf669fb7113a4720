"""The JSON object that ``siaga112 pdu`` prints for one line of hex."""

from datetime import datetime
from typing import Any

from hardware.modem.pdu.decode import decode
from hardware.modem.pdu.message import Message, MessageType


def decode_line(line: str, *, sent: bool = False) -> dict[str, Any]:
    """The object for one line of input. It never raises: what cannot be read is ``unknown`` with its errors."""
    return to_json(decode(line, sent=sent))


def to_json(message: Message) -> dict[str, Any]:
    """Only types that ``json.dumps`` takes; ``data`` in hex, times in RFC 3339 with the offset of the PDU."""
    form: dict[str, Any] = {
        "type": message.type.value,
        "number": message.number,
        "text": message.text,
        "data": None if message.data is None else message.data.hex().upper(),
        "time": _rfc3339(message.time),
        "smsc": message.smsc,
        "concat": message.concat
        and {"ref": message.concat.ref, "total": message.concat.total, "seq": message.concat.seq},
        "ports": message.ports and {"destination": message.ports.destination, "source": message.ports.source},
        "errors": list(message.errors),
    }
    if message.type is MessageType.STATUS_REPORT:
        form |= {
            "reference": message.reference,
            "status": message.status,
            "discharged_at": _rfc3339(message.discharged_at),
        }
    return form


def _rfc3339(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
