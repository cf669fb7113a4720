"""The kecamatan and desa of a city: a CSV file with the columns `name`, `type` and `parent`.

    name,type,parent
    Sempu,kecamatan,
    Temuguruh,desa,Sempu

Further columns are left alone. A line that cannot be right is said in the log and left out: messages are read all the
same, and the other places found.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from siaga112 import log

_log = log.get(__name__)


class PlaceType(StrEnum):
    """What a place is, the larger before the smaller."""

    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    DESA = "desa"
    LINGKUNGAN = "lingkungan"
    DUSUN = "dusun"


_TYPES = frozenset(kind.value for kind in PlaceType)


@dataclass(frozen=True, slots=True)
class Place:
    """A place; ``parent`` is the name of the one that it lies in, or empty."""

    name: str
    type: PlaceType
    parent: str = ""


def load_places(path: Path) -> tuple[Place, ...]:
    """Read the file; what cannot be read is said in the log."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(_places(csv.DictReader(file), path))
    except (OSError, ValueError, csv.Error) as error:
        _log.error("places.unreadable", file=str(path), reason=str(error))
        return ()


def _places(rows: "csv.DictReader[str]", path: Path) -> Iterator[Place]:
    if not {"name", "type"} <= set(rows.fieldnames or ()):
        raise ValueError("the first line must name the columns name, type and parent")
    for row in rows:
        name, kind = ((row[column] or "").strip() for column in ("name", "type"))
        if name and kind.lower() in _TYPES:
            yield Place(name, PlaceType(kind.lower()), (row.get("parent") or "").strip())
        else:
            right = f"name,type,parent with one of {', '.join(PlaceType)}"
            _log.warning("place.left_out", file=str(path), line=rows.line_num, name=name, type=kind, right=right)
