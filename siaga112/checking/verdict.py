"""What a check has found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was looked at; `problem` and `mend` are "" when it is `ok`."""

    name: str
    ok: bool
    problem: str = ""
    mend: str = ""


def sound(name: str) -> Verdict:
    """Nothing is wrong with it."""
    return Verdict(name, ok=True)


def fault(name: str, problem: str, mend: str) -> Verdict:
    """Something is: what, and what a person does about it."""
    return Verdict(name, ok=False, problem=problem, mend=mend)


def judged(name: str, faults: list[Verdict]) -> list[Verdict]:
    """The faults, or that there are none."""
    return faults or [sound(name)]
