"""Messages as text mode shows them (TS 27.005 3.4 to 3.5 and 4.1)."""

from __future__ import annotations

from hardware.modem.listing import MessageStatus
from hardware.modem.pdu import decode

STATUS_TEXTS = {
    MessageStatus.REC_UNREAD: "REC UNREAD",
    MessageStatus.REC_READ: "REC READ",
    MessageStatus.STO_UNSENT: "STO UNSENT",
    MessageStatus.STO_SENT: "STO SENT",
}
QUARTER_S = 900


def text_lines(prefix: str, status: MessageStatus, pdu: str) -> tuple[str, str]:
    """Give header and text of one message; `prefix` is the name with the index, where it has one."""
    message = decode(pdu)
    stamp = ""
    if message.time:
        offset = message.time.utcoffset()
        quarters = int(offset.total_seconds()) // QUARTER_S if offset else 0
        stamp = f"{message.time:%y/%m/%d,%H:%M:%S}{quarters:+03d}"
    header = f'{prefix}"{STATUS_TEXTS[status]}","{message.number or ""}",,"{stamp}"'
    data = message.data.hex().upper() if message.data else ""
    # A line of text mode is one line: what the GSM alphabet lacks becomes a question mark.
    text = (message.text or data).replace("\r", " ").replace("\n", " ")
    return header, text.encode("latin-1", "replace").decode("latin-1")
