"""The parts of a concatenated message back to one text."""

from collections.abc import Iterable
from itertools import groupby

from hardware.modem.pdu.message import Message
from hardware.modem.pdu.user_data import UserData, decode_body


def join(parts: Iterable[Message]) -> str:
    """The text of all parts, in the order given; a part without text adds nothing.

    Parts written alike are joined before they are decoded, since phones cut without a look at what they cut: half a
    surrogate pair ends one part and its other half begins the next, and so with an escape.
    """
    texts = [part.user_data for part in parts if part.user_data is not None and part.user_data.is_text]
    runs = [list(run) for _, run in groupby(texts, key=_way_of_writing)]
    return "".join(decode_body(run[0], b"".join(part.body for part in run)) for run in runs)


def _way_of_writing(user_data: UserData) -> tuple[object, object]:
    return user_data.coding.encoding, user_data.header.alphabet
