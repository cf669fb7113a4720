"""SMS PDUs in and out, without any I/O (3GPP TS 23.040 and 23.038)."""

from hardware.modem.pdu.address import Address, TypeOfNumber
from hardware.modem.pdu.alphabet import packed_text
from hardware.modem.pdu.data_coding import Encoding
from hardware.modem.pdu.decode import decode
from hardware.modem.pdu.deliver import encode_data_deliver, encode_deliver
from hardware.modem.pdu.encoded import EncodedPdu
from hardware.modem.pdu.errors import Fault, PduError, UnencodableError
from hardware.modem.pdu.fingerprint import fingerprint
from hardware.modem.pdu.header import Concat, Ports
from hardware.modem.pdu.join import join
from hardware.modem.pdu.json_form import decode_line, to_json
from hardware.modem.pdu.message import Message, MessageType
from hardware.modem.pdu.segments import fits_one_sms
from hardware.modem.pdu.status_report import encode_status_report
from hardware.modem.pdu.submit import encode_submit

__all__ = [
    "Address",
    "Concat",
    "EncodedPdu",
    "Encoding",
    "Fault",
    "Message",
    "MessageType",
    "PduError",
    "Ports",
    "TypeOfNumber",
    "UnencodableError",
    "decode",
    "decode_line",
    "encode_data_deliver",
    "encode_deliver",
    "encode_status_report",
    "encode_submit",
    "fingerprint",
    "fits_one_sms",
    "join",
    "packed_text",
    "to_json",
]
