"""The Asterisk Manager Interface: protocol, connection, client that reconnects, and typed views of what it tells."""

from hardware.asterisk.ami.client import AmiClient, AmiListener
from hardware.asterisk.ami.connection import AmiAddress
from hardware.asterisk.ami.errors import (
    AmiDisconnectedError,
    AmiError,
    AmiProtocolError,
    AmiRefusedError,
    AmiTimeoutError,
    AmiValueError,
)
from hardware.asterisk.ami.protocol import Message

__all__ = [
    "AmiAddress",
    "AmiClient",
    "AmiDisconnectedError",
    "AmiError",
    "AmiListener",
    "AmiProtocolError",
    "AmiRefusedError",
    "AmiTimeoutError",
    "AmiValueError",
    "Message",
]
