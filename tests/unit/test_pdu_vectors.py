"""Published PDUs and hostile ones, each with the fields it must give: the tables are ``vectors/pdu_*.json``."""

import json
from pathlib import Path
from typing import Any

import pytest

from hardware.modem.pdu import decode_line, encode_submit

_VECTORS = Path(__file__).with_name("vectors")


def _rows(name: str) -> list[Any]:
    rows = json.loads((_VECTORS / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["label"]) for row in rows]


@pytest.mark.parametrize("row", _rows("pdu_published.json") + _rows("pdu_hostile.json"))
def test_pdu_gives_these_fields_and_faults(row: dict[str, Any]) -> None:
    """Each listed field reads as written, and ``errors`` names exactly the listed faults."""
    actual = decode_line(row["pdu"], sent=row.get("sent", False))

    assert row["expect"] == {key: actual[key] for key in row["expect"]}
    assert row["faults"] == [entry.split(":")[0] for entry in actual["errors"]]


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("", "empty: there is no PDU"),
        ("0011 G0", "not-hex: character 5 is 'G'"),
        ("07ü", "not-hex: character 3 is '\\xfc'"),
        ("079", "odd-hex: 3 hex digits make no whole octets"),
        ("0791", "truncated: SMSC has 1 of 7 octets"),
        ("00", "truncated: first octet has 0 of 1 octets"),
        (encode_submit("112", "halo")[0].hex[:-2], "truncated: TP-UD has 3 of 4 octets"),
    ],
)
def test_error_says_what_is_wrong_and_where(line: str, entry: str) -> None:
    """One clear line, the first thing that went wrong only."""
    assert [entry] == decode_line(line)["errors"]
