"""What can be wrong with an SMS.

    PduError
    +-- UnencodableError   our fault: this number or text fits in no SMS; do not retry, tell who asked

A received PDU raises nothing: what is wrong with it stands in ``Message.errors``, each entry a ``Fault`` and its
detail.
"""

from enum import StrEnum


class PduError(Exception):
    """Base of this package's errors."""


class UnencodableError(PduError):
    """The caller asked for an SMS that cannot exist. Its text names the value and what would be right."""


class Fault(StrEnum):
    """The first word of each entry of ``Message.errors``."""

    EMPTY = "empty"
    NOT_HEX = "not-hex"
    ODD_HEX = "odd-hex"
    TRUNCATED = "truncated"
    TRAILING = "trailing"
    WRONG_DIRECTION = "wrong-direction"
    RESERVED_TYPE = "reserved-type"
    BAD_ADDRESS = "bad-address"
    BAD_TIMESTAMP = "bad-timestamp"
    BAD_HEADER = "bad-header"
    BAD_CONCAT = "bad-concat"
    BAD_TEXT = "bad-text"
    COMPRESSED = "compressed"
    RESERVED_CODING = "reserved-coding"
    RESERVED_LANGUAGE = "reserved-language"

    def entry(self, detail: str) -> str:
        """The line that stands in ``Message.errors``."""
        return f"{self}: {detail}"
