"""Which trunks a call to outside takes, in what order: by priority, and those of the same priority in turn.

The dialplan counts calls to outside. Of trunks that share a priority the count says which is asked first; they stand in
the dialplan once in their order, and all but the last once more, and each call passes over what is not its turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hardware.asterisk.context import trunk_endpoint
from siaga112.phone import NumberFormat, for_trunk
from siaga112.settings import Settings, Trunk


@dataclass(frozen=True, slots=True)
class Way:
    """One step on the way out.

    Attributes:
        number: as this trunk's operator wants it; empty where a script names it.
        number_variable: where a script puts its number, written as this trunk's operator wants it.
        after: label of the step that follows.
        place: among the trunks of the same priority, from 0; `of`: how many they are.
        again: it stands here a second time, for calls whose turn began behind it.
    """

    id: str
    name: str
    number: str
    number_variable: str
    caller_id: str
    max_calls: int
    after: str
    place: int
    of: int
    again: bool


def ways_to(settings: Settings, number: str) -> tuple[Way, ...]:
    """The ways to a number outside, best trunk first; the number may be empty, for one that a script names."""
    country = settings.site.country
    return tuple(
        Way(
            id=trunk_endpoint(step.trunk.name),
            name=step.trunk.name,
            number=for_trunk(number, step.trunk.number_format, country),
            number_variable=number_variable(step.trunk.number_format),
            caller_id=shown_number(step.trunk, country),
            max_calls=step.trunk.max_calls,
            after=f"after-{position}",
            place=step.place,
            of=step.of,
            again=step.again,
        )
        for position, step in enumerate(_steps(settings.trunks), 1)
    )


def trial_ways(settings: Settings) -> tuple[Way, ...]:
    """Each trunk once, by itself."""
    return tuple(way for way in ways_to(settings, "") if not way.again)


def outside_ways(settings: Settings) -> tuple[Way, ...]:
    """The ways to the fallback number, best trunk first; none when there is no such number."""
    number = settings.routing.fallback_number
    return ways_to(settings, number) if number else ()


def number_variable(style: NumberFormat) -> str:
    """The channel variable of a number in this style."""
    return f"SIAGA112_TO_{style.name}"


def shown_number(trunk: Trunk, country: str) -> str:
    """What calls to outside show, as this operator wants numbers; a short one, such as 112, as it is."""
    return for_trunk(trunk.caller_id or trunk.dids[0], trunk.number_format, country)


@dataclass(frozen=True, slots=True)
class _Step:
    trunk: Trunk
    place: int
    of: int
    again: bool


def _steps(trunks: Sequence[Trunk]) -> Iterator[_Step]:
    ordered = sorted(trunks, key=_priority)
    for _, found in groupby(ordered, key=_priority):
        equal = list(found)
        for again, those in ((False, equal), (True, equal[:-1])):
            yield from (_Step(trunk, place, len(equal), again) for place, trunk in enumerate(those))


def _priority(trunk: Trunk) -> int:
    return trunk.priority
