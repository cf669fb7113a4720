"""User data header: concatenation, ports and national languages (TS 23.040 clause 9.2.3.24)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hardware.modem.pdu.alphabet import Alphabet, knows_locking, knows_single
from hardware.modem.pdu.errors import Fault
from hardware.modem.pdu.reader import Reader

# Information element identifiers, TS 23.040 clause 9.2.3.24
CONCAT_8 = 0x00
PORTS_8 = 0x04
PORTS_16 = 0x05
CONCAT_16 = 0x08
SINGLE_SHIFT = 0x24
LOCKING_SHIFT = 0x25

_LENGTHS = {CONCAT_8: 3, PORTS_8: 2, PORTS_16: 4, CONCAT_16: 4, SINGLE_SHIFT: 1, LOCKING_SHIFT: 1}


@dataclass(frozen=True, slots=True)
class InformationElement:
    """One element, known or not."""

    identifier: int
    data: bytes

    def to_bytes(self) -> bytes:
        """Identifier, length, data."""
        return bytes((self.identifier, len(self.data))) + self.data


@dataclass(frozen=True, slots=True)
class Concat:
    """Part ``seq`` of ``total`` of the message ``ref``; ``ref`` is 8 or 16 bits wide, which tells two senders apart."""

    ref: int
    total: int
    seq: int
    ref_bits: int = 8

    def element(self) -> InformationElement:
        """The information element that says so."""
        identifier = CONCAT_8 if self.ref_bits == 8 else CONCAT_16
        return InformationElement(identifier, self.ref.to_bytes(self.ref_bits // 8) + bytes((self.total, self.seq)))


@dataclass(frozen=True, slots=True)
class Ports:
    """Application ports; what is addressed to one is for a program, not for a person."""

    destination: int
    source: int

    def element(self) -> InformationElement:
        """The 16-bit information element that says so."""
        return InformationElement(PORTS_16, self.destination.to_bytes(2) + self.source.to_bytes(2))


@dataclass(frozen=True, slots=True)
class UserDataHeader:
    """All elements in their order. Of two that exclude each other the last counts (clause 9.2.3.24)."""

    elements: tuple[InformationElement, ...] = ()
    concat: Concat | None = None
    ports: Ports | None = None
    alphabet: Alphabet = field(default_factory=Alphabet)

    @classmethod
    def from_bytes(cls, octets: bytes, reader: Reader) -> "UserDataHeader":
        """Reads the octets after UDHL; what is wrong is noted in ``reader`` and left out."""
        elements = tuple(_elements(octets, reader))
        sound = [element for element in elements if _has_right_length(element, reader)]
        return cls(elements, _concat(sound, reader), _ports(sound), _alphabet(sound, reader))

    def to_bytes(self) -> bytes:
        """UDHL and the elements; nothing at all if there are none."""
        octets = b"".join(element.to_bytes() for element in self.elements)
        return bytes((len(octets),)) + octets if octets else b""


def header_of(*parts: Concat | Ports | None) -> UserDataHeader:
    """A header that holds what is given."""
    return UserDataHeader(tuple(part.element() for part in parts if part is not None))


def _elements(octets: bytes, reader: Reader) -> Iterator[InformationElement]:
    at = 0
    while at < len(octets):
        end = at + 2 + octets[at + 1] if at + 1 < len(octets) else at + 2
        if end > len(octets):
            reader.note(Fault.BAD_HEADER, f"element {octets[at]:02X} runs past the header")
            return
        yield InformationElement(octets[at], octets[at + 2 : end])
        at = end


def _has_right_length(element: InformationElement, reader: Reader) -> bool:
    expected = _LENGTHS.get(element.identifier, len(element.data))
    if len(element.data) == expected:
        return True
    reader.note(Fault.BAD_HEADER, f"element {element.identifier:02X} has {len(element.data)} octets, not {expected}")
    return False


def _concat(elements: list[InformationElement], reader: Reader) -> Concat | None:
    found = None
    for element in elements:
        if element.identifier not in {CONCAT_8, CONCAT_16}:
            continue
        *reference, total, seq = element.data
        if 1 <= seq <= total:
            found = Concat(int.from_bytes(reference), total, seq, 8 * len(reference))
        else:
            reader.note(Fault.BAD_CONCAT, f"part {seq} of {total}")
    return found


def _ports(elements: list[InformationElement]) -> Ports | None:
    found = None
    for element in elements:
        if element.identifier in {PORTS_8, PORTS_16}:
            half = len(element.data) // 2
            found = Ports(int.from_bytes(element.data[:half]), int.from_bytes(element.data[half:]))
    return found


def _alphabet(elements: list[InformationElement], reader: Reader) -> Alphabet:
    locking = single = 0
    for element in elements:
        if element.identifier == LOCKING_SHIFT and _known(knows_locking(element.data[0]), element, reader):
            locking = element.data[0]
        if element.identifier == SINGLE_SHIFT and _known(knows_single(element.data[0]), element, reader):
            single = element.data[0]
    return Alphabet(locking, single)


def _known(known: bool, element: InformationElement, reader: Reader) -> bool:
    if not known:
        reader.note(Fault.RESERVED_LANGUAGE, f"{element.data[0]} has no table, read with the default one")
    return known
