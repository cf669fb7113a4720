"""What operators' phones may dial, in Asterisk's terms: feature codes, and the numbers that callers are led to."""

from collections.abc import Sequence
from dataclasses import dataclass

from hardware.asterisk.context import OperatorEntry
from hardware.asterisk.syntax import DialplanPattern
from hardware.asterisk.ways import Way, ways_to
from siaga112.phone import NumberFormat, for_trunk
from siaga112.settings import Features, Settings

WHATEVER = DialplanPattern("_[\x01-\x7f\u0080-\U0010ffff]!")
"""Every byte that UTF-8 has, then anything: what `_.` would match, of which Asterisk warns at each start."""

ANSWERED_BY_SCRIPT = ("login", "logout", "pause", "resume", "prank", "ghost", "callback")
"""Feature codes that are dialled as they are."""

WITH_EXTENSION = ("listen", "whisper", "barge")
"""Feature codes that an operator's extension follows."""


@dataclass(frozen=True, slots=True)
class FeatureEntry:
    """A string that a phone may dial, the feature that is meant, and the extension that it is about or ""."""

    dialled: str
    feature: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """A number outside that callers may be led to: how it may be dialled, by which trunks it is reached."""

    spellings: tuple[str, ...]
    ways: tuple[Way, ...]


def feature_entries(features: Features, operators: Sequence[OperatorEntry]) -> tuple[FeatureEntry, ...]:
    """Every feature code as it is dialled."""
    alone = [FeatureEntry(getattr(features, name), name) for name in ANSWERED_BY_SCRIPT]
    about = [
        FeatureEntry(getattr(features, name) + operator.extension, name, operator.extension)
        for name in WITH_EXTENSION
        for operator in operators
    ]
    return (*alone, *about)


def destinations(settings: Settings) -> tuple[Destination, ...]:
    """The agencies' and the neighbours' numbers, each once. No trunk, no way out."""
    if not settings.trunks:
        return ()
    agencies = [agency.phone for agency in settings.agencies if agency.phone]
    numbers = dict.fromkeys((*agencies, *settings.routing.neighbours.values()))
    return tuple(Destination(_spellings(settings, number), ways_to(settings, number)) for number in numbers)


def _spellings(settings: Settings, number: str) -> tuple[str, ...]:
    """As it is configured and as a person would dial it: a key pad has no plus."""
    country = settings.site.country
    return tuple(dict.fromkeys((number, *(for_trunk(number, style, country) for style in NumberFormat))))
