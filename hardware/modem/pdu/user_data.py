"""TP-User-Data: header, then septets, octets or UTF-16 (TS 23.040 clause 9.2.3.24, TS 23.038 clause 6)."""

from dataclasses import dataclass

from hardware.modem.pdu import septets
from hardware.modem.pdu.data_coding import DataCoding, Encoding
from hardware.modem.pdu.errors import Fault, UnencodableError
from hardware.modem.pdu.header import UserDataHeader
from hardware.modem.pdu.reader import Reader

MAX_OCTETS = 140  # TS 23.040 clause 9.2.3.16


@dataclass(frozen=True, slots=True)
class UserData:
    """``octets`` as they came, header included; ``body`` without it: one septet a byte for GSM7, else octets."""

    octets: bytes
    coding: DataCoding
    header: UserDataHeader
    body: bytes

    @property
    def is_text(self) -> bool:
        """Whether ``body`` can be shown to a person."""
        return self.coding.encoding is not Encoding.OCTETS and not self.coding.compressed

    @property
    def text(self) -> str | None:
        """The text; half a surrogate pair is U+FFFD, so that it never makes a ``str`` that no file takes."""
        return decode_body(self, self.body) if self.is_text else None

    @property
    def data(self) -> bytes | None:
        """The octets of what is no text."""
        return None if self.is_text else self.body


def decode_body(like: UserData, body: bytes) -> str:
    """A body, perhaps joined from several parts, as text in the way of one of them."""
    if like.coding.encoding is Encoding.UCS2:
        return body.decode("utf-16-be", "replace")
    return like.header.alphabet.decode(body)


def read_user_data(reader: Reader, dcs: int, *, has_header: bool) -> UserData:
    """TP-UDL and TP-UD. Lengths that lie are clamped to what is there and noted."""
    coding = DataCoding.from_octet(dcs)
    length = reader.octet("TP-UDL")
    counts_septets = coding.encoding is Encoding.GSM7 and not coding.compressed
    octets = reader.take(septets.octets_for(length) if counts_septets else length, "TP-UD")
    header, header_octets = _read_header(reader, octets) if has_header else (UserDataHeader(), 0)
    if counts_septets:
        skip = septets.septets_for(header_octets)
        body = septets.unpack(octets, length - skip, skip=skip)
    else:
        body = octets[header_octets:]
    user_data = UserData(octets, coding, header, _whole_units(reader, coding, body))
    _note_oddities(reader, dcs, user_data)
    return user_data


def encode_user_data(encoding: Encoding, header: UserDataHeader, body: bytes) -> bytes:
    """TP-UDL and TP-UD; ``body`` is one septet a byte for GSM7, else octets."""
    octets = header.to_bytes()
    if encoding is not Encoding.GSM7:
        return bytes((len(octets) + len(body),)) + octets + body
    skip = septets.septets_for(len(octets))
    return bytes((skip + len(body),)) + octets + septets.pack(body, skip=skip)[len(octets) :]


def check_data_fits(header: UserDataHeader, data: bytes) -> None:
    """Raises ``UnencodableError`` if one message cannot hold both."""
    room = MAX_OCTETS - len(header.to_bytes())
    if len(data) > room:
        raise UnencodableError(f"{len(data)} octets of data fit no SMS: at most {room}")


def _read_header(reader: Reader, octets: bytes) -> tuple[UserDataHeader, int]:
    if not octets:
        reader.note(Fault.BAD_HEADER, "announced, but there is no user data")
        return UserDataHeader(), 0
    end = 1 + octets[0]
    if end > len(octets):
        reader.note(Fault.BAD_HEADER, f"has {end} octets, the user data {len(octets)}")
        end = len(octets)
    return UserDataHeader.from_bytes(octets[1:end], reader), end


def _whole_units(reader: Reader, coding: DataCoding, body: bytes) -> bytes:
    if coding.encoding is not Encoding.UCS2 or coding.compressed or len(body) % 2 == 0:
        return body
    reader.note(Fault.BAD_TEXT, f"UCS-2 in {len(body)} octets, the last one is left out")
    return body[:-1]


def _note_oddities(reader: Reader, dcs: int, user_data: UserData) -> None:
    if user_data.coding.compressed:
        reader.note(Fault.COMPRESSED, "TS 23.042 text is handed on as it came")
    if user_data.coding.reserved:
        reader.note(Fault.RESERVED_CODING, f"TP-DCS {dcs:02X} is read as the default alphabet")
    if user_data.coding.encoding is Encoding.UCS2 and user_data.is_text and user_data.header.concat is None:
        try:
            user_data.body.decode("utf-16-be")
        except UnicodeDecodeError:
            reader.note(Fault.BAD_TEXT, "half a surrogate pair, shown as U+FFFD")
