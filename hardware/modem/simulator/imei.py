"""The number of a modem itself, whatever SIM is in it (TS 23.003 6.2.1: type, serial number, check digit)."""

import zlib

TYPE = "35693803"
DEFAULT_IMEI = TYPE + "5643809"


def imei_of(name: str) -> str:
    """An IMEI that is always the same for one name, and another for another."""
    digits = f"{TYPE}{zlib.crc32(name.encode()) % 1_000_000:06d}"
    return digits + _check_digit(digits)


def _check_digit(digits: str) -> str:
    """Luhn's, as TS 23.003 annex B has it."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(digits)]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)
