"""The configuration itself: mistakes have stopped the program already, these are its doubts."""

from collections.abc import Iterator

from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged
from siaga112.settings.doubts import doubts


def configuration(where: Surroundings) -> Iterator[Verdict]:
    """Whether it says what it means: phones that nobody can ring, passwords that can be guessed."""
    faults = [
        fault("configuration", f"{doubt.key} {doubt.wrong}", doubt.right)
        for doubt in doubts(where.settings)
        if doubt.harms
    ]
    yield from judged("configuration", faults)
