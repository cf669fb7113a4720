"""What a sender wrote: ``LAPOR#kategori#isi``, ``LAPOR isi`` or free text.

The form is printed on the city's posters; people use it, bend it and leave it out, so everything is a complaint that is
not clearly something else, and nothing is refused for its form.
"""

import re
from dataclasses import dataclass

_LAPOR = "lapor"
_MOST_BEFORE = 40
"""Characters that may stand before the form: some greet first."""

# Not every keypad shows its # where people look for it. Patterns that anybody's text is held against have one way to
# fit: two neighbours that take the same characters would think about a long text for ever.
_SEPARATOR = re.compile(r"[#*/|]")
_WORD_CHARACTER = re.compile(r"\w")
_MARKS_BEFORE = re.compile(r"\W*")
_MARKS_AFTER = re.compile(r"[\s:#*/|,.-]*")


@dataclass(frozen=True)
class Complaint:
    """A complaint as read: what the sender says it is about (may be empty), and the rest."""

    hint: str
    body: str


def read_complaint(text: str) -> Complaint:
    """Split a message into the category that the sender named and the complaint itself."""
    told = _MARKS_BEFORE.sub("", text, count=1)
    return _form(told) or Complaint("", _without_lead(told) or text.strip())


def _form(told: str) -> Complaint | None:
    parts = _SEPARATOR.split(told, maxsplit=2)
    if len(parts) < 3:
        return None
    greeting, lapor = _cut(parts[0].rstrip())
    hint = parts[1].strip()
    if lapor.lower() != _LAPOR or len(greeting) > _MOST_BEFORE or _ends_in_word(greeting) or "\n" in hint:
        return None
    return Complaint(hint, parts[2].strip())


def _without_lead(told: str) -> str:
    """What follows the word LAPOR that a message begins with; "" when it begins with none, or nothing follows."""
    lapor, rest = told[: len(_LAPOR)], told[len(_LAPOR) :]
    if lapor.lower() != _LAPOR or _WORD_CHARACTER.match(rest):
        return ""
    return _MARKS_AFTER.sub("", rest, count=1).strip()


def _cut(before: str) -> tuple[str, str]:
    return before[: -len(_LAPOR)], before[-len(_LAPOR) :]


def _ends_in_word(greeting: str) -> bool:
    return _WORD_CHARACTER.fullmatch(greeting[-1:]) is not None
