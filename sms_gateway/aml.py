"""Advanced Mobile Location: where a phone in an emergency call says that it is (ETSI TS 103 625).

Phones write by the letter of the standard, and otherwise: whatever can be read is taken, nothing is refused for the
rest. Two versions are in use, and the same key means another thing in each.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from hardware.modem.pdu import Message, packed_text

_HEADER = re.compile(r'\s*A"ML\s*=\s*(?P<version>[0-9]{0,3})')
_PACKED_HEADER = bytes.fromhex("415193")  # the first septets of A"ML
_PLAIN_HEADER = b'A"ML'
_PADDING = "@\r\n\0 "  # what the spare bits of the last octet read as (TS 23.038 clause 6.1.2.3)
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}(?:\.[0-9]{0,15})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


class Method(StrEnum):
    """How the place was found."""

    GNSS = "gnss"
    WIFI = "wifi"
    CELL = "cell"
    FUSED = "fused"
    NONE = "none"
    UNKNOWN = "unknown"


_METHODS: Mapping[str, Method] = {
    "G": Method.GNSS,
    "W": Method.WIFI,
    "C": Method.CELL,
    "F": Method.FUSED,
    "N": Method.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmlFix:
    """One AML message, without what names the SIM and the phone: calls are matched by number.

    `lat`, `lon`: WGS84 degrees, both None when the phone had no fix. `radius`: metres. `time`: when it was there.
    `confidence`: percent that it is within the radius. `ml_ok`: whether the message is as long as it says; None where
    it does not say. `version` is None where that cannot be read.
    """

    version: int | None
    lat: float | None = None
    lon: float | None = None
    radius: float | None = None
    time: datetime | None = None
    method: Method = Method.UNKNOWN
    confidence: int | None = None
    mcc: str | None = None
    mnc: str | None = None
    ml_ok: bool | None = None


def read_aml(text: str) -> AmlFix | None:
    """The fix of a text; None when it is no AML message. Never fails."""
    header = _HEADER.match(text)
    if header is None:
        return None
    version = int(header["version"]) if header["version"] else None
    text = text.strip(_PADDING)
    read = _VERSIONS.get(version) if version is not None else None
    return AmlFix(version=version) if read is None else read(_keys(text), len(text))


def text_in_data(message: Message) -> str | None:
    """The text of an AML message sent as data, which old phones do so that nobody sees it; None for other data.

    The body is the text packed as 7-bit characters; some pack nothing.
    """
    data = message.data
    if data is None or message.concat is not None:
        return None
    if data.startswith(_PLAIN_HEADER):
        text = data.decode("ascii", "replace")
    else:
        text = packed_text(data) if data.startswith(_PACKED_HEADER) else ""
    return text.rstrip(_PADDING) if read_aml(text) else None


def _version_1(keys: Mapping[str, str], length: int) -> AmlFix:
    stated = _number(keys.get("ml"))
    fix = _placed(keys.get("lt"), keys.get("lg"), keys.get("rd"), keys.get("pm"))
    lat, lon, radius, method = fix
    return AmlFix(
        version=1,
        lat=lat,
        lon=lon,
        radius=radius,
        time=_clock(keys.get("top", "")),
        method=method,
        confidence=_percent(keys.get("lc")),
        mcc=_digits(keys.get("mcc", "")),
        mnc=_digits(keys.get("mnc", "")),
        ml_ok=None if stated is None else stated == length,
    )


def _version_2(keys: Mapping[str, str], _length: int) -> AmlFix:
    lat_text, lon_text, radius_text, *_ = *keys.get("lo", "").split(","), "", "", ""
    lat, lon, radius, method = _placed(lat_text.strip(), lon_text.strip(), radius_text.strip(), keys.get("ls"))
    network = _digits(keys.get("nc", "")) or ""
    return AmlFix(
        version=2,
        lat=lat,
        lon=lon,
        radius=radius,
        time=_since_epoch(_number(keys.get("et")), _number(keys.get("lt"))),
        method=method,
        confidence=_percent(keys.get("lc")),
        mcc=network[:3] or None,
        mnc=network[3:] or None,
    )


_VERSIONS: Mapping[int, Callable[[Mapping[str, str], int], AmlFix]] = {1: _version_1, 2: _version_2}


def _keys(text: str) -> dict[str, str]:
    pairs = (field.partition("=") for field in text.split(";")[1:])
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _placed(
    lat_text: str | None, lon_text: str | None, radius_text: str | None, method_text: str | None
) -> tuple[float | None, float | None, float | None, Method]:
    method = _METHODS.get((method_text or "").upper(), Method.UNKNOWN)
    lat, lon, radius = _number(lat_text), _number(lon_text), _number(radius_text)
    # Both nought is how a phone writes that it has no fix; one alone is a place on the equator, which Indonesia has.
    nowhere = lat is None or lon is None or (lat == 0 and lon == 0) or abs(lat) > 90 or abs(lon) > 180
    if nowhere or method is Method.NONE:
        return None, None, None, method
    return lat, lon, radius if radius is not None and radius > 0 else None, method


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and _NUMBER.fullmatch(text) else None


def _percent(text: str | None) -> int | None:
    value = _number(text)
    return int(value) if value is not None and 0 < value <= 100 else None


def _digits(text: str) -> str | None:
    return text if re.fullmatch("[0-9]{1,6}", text) else None


def _clock(text: str) -> datetime | None:
    if not re.fullmatch("[0-9]{14}", text):
        return None
    try:
        return _sane(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
    except ValueError:
        return None


def _since_epoch(seconds: float | None, later: float | None) -> datetime | None:
    return None if seconds is None else _sane(_EPOCH + timedelta(seconds=seconds + (later or 0)))


def _sane(time: datetime) -> datetime | None:
    return time if _FIRST_YEAR <= time.year <= _LAST_YEAR else None
