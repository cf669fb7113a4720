"""What a sender wrote: ``LAPOR#kategori#isi``, ``LAPOR isi`` or free text.

The form is printed on the city's posters; people use it, bend it and leave it out, so everything is a complaint that is
not clearly something else, and nothing is refused for its form.
"""

import re
from dataclasses import dataclass

# Some greet first, some put a mark before the form, and not every keypad shows its # where people look for it.
_BEFORE = r"^(?:\W*|[^#*/|]{0,40}?\b)lapor"
_FORM = re.compile(_BEFORE + r"\s*[#*/|]\s*(?P<hint>[^#*/|\n]*?)\s*[#*|/]\s*(?P<body>.*)$", re.IGNORECASE | re.DOTALL)
_LEAD = re.compile(r"^\W*lapor\b[\s:#*/|,.-]*(?P<body>.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Complaint:
    """A complaint as read: what the sender says it is about (may be empty), and the rest."""

    hint: str
    body: str


def read_complaint(text: str) -> Complaint:
    """Split a message into the category that the sender named and the complaint itself."""
    form = _FORM.match(text)
    if form:
        return Complaint(form["hint"], form["body"].strip())
    lead = _LEAD.match(text)
    if lead and lead["body"].strip():
        return Complaint("", lead["body"].strip())
    return Complaint("", text.strip())
