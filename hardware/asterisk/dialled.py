"""What operators' phones may dial, in Asterisk's terms: feature codes, and the numbers that callers are led to."""

from collections.abc import Sequence
from dataclasses import dataclass

from hardware.asterisk.context import OperatorEntry, OutsideLine, by_priority, lines_to, shown_number, trunk_endpoint
from hardware.asterisk.syntax import DialplanPattern
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
    """A number outside that callers may be led to: how it may be dialled, by which lines it is reached."""

    spellings: tuple[str, ...]
    lines: tuple[OutsideLine, ...]


@dataclass(frozen=True, slots=True)
class CallBackLine:
    """A way to a number that a script names; `number_variable` is where it puts the number as this line wants it."""

    id: str
    name: str
    caller_id: str
    max_calls: int
    number_variable: str


def number_variable(style: NumberFormat) -> str:
    """The channel variable of a number in this style."""
    return f"SIAGA112_TO_{style.name}"


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
    return tuple(Destination(_spellings(settings, number), lines_to(settings, number)) for number in numbers)


def _spellings(settings: Settings, number: str) -> tuple[str, ...]:
    """As it is configured and as a person would dial it: a key pad has no plus."""
    country = settings.site.country
    return tuple(dict.fromkeys((number, *(for_trunk(number, style, country) for style in NumberFormat))))


def call_back_lines(settings: Settings) -> tuple[CallBackLine, ...]:
    """The trunks, best first."""
    return tuple(
        CallBackLine(
            id=trunk_endpoint(trunk.name),
            name=trunk.name,
            caller_id=shown_number(trunk, settings.site.country),
            max_calls=trunk.max_calls,
            number_variable=number_variable(trunk.number_format),
        )
        for trunk in by_priority(settings.trunks)
    )
