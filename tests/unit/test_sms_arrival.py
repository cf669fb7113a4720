"""Who sent a message is read by the type of the address, not by what it looks like."""

import pytest

from hardware.modem.pdu import Address, TypeOfNumber
from sms_gateway.arrival import Sender, read_sender

UNKNOWN, NATIONAL, NAME = TypeOfNumber.UNKNOWN, TypeOfNumber.NATIONAL, TypeOfNumber.ALPHANUMERIC


@pytest.mark.parametrize(
    ("number", "type_of_number", "sender"),
    [
        ("+628123450099", TypeOfNumber.INTERNATIONAL, Sender("+628123450099", True)),
        ("+08123450099", TypeOfNumber.INTERNATIONAL, Sender("+628123450099", True)),
        ("+00628123450099", TypeOfNumber.INTERNATIONAL, Sender("+628123450099", True)),
        ("08123450099", UNKNOWN, Sender("+628123450099", True)),
        ("628123450099", UNKNOWN, Sender("+628123450099", True)),
        ("08123450099", NATIONAL, Sender("+628123450099", True)),
        ("8123450099", NATIONAL, Sender("+628123450099", True)),
        ("1708", UNKNOWN, Sender("1708", False)),
        ("1708", NATIONAL, Sender("1708", False)),
        ("*888#", UNKNOWN, Sender("*888#", False)),
        ("TELKOMSEL", NAME, Sender("TELKOMSEL", False)),
        ("08123450099", NAME, Sender("08123450099", False)),
        ("+6281234500", NAME, Sender("+6281234500", False)),
        ("08123450099", TypeOfNumber.ABBREVIATED, Sender("08123450099", False)),
        ("", UNKNOWN, Sender("", False)),
    ],
)
def test_sender(number: str, type_of_number: TypeOfNumber, sender: Sender) -> None:
    """Numbers become E.164; a name made of digits stays a name, so that nobody else gets its reply."""
    assert sender == read_sender(Address(number, type_of_number, b""), "ID")


def test_no_address() -> None:
    """A message whose originator could not be read has none."""
    assert Sender("", False) == read_sender(None, "ID")
