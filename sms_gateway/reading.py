"""What a sender wrote: ``LAPOR#kategori#isi``, ``LAPOR isi`` or free text.

The form is printed on the city's posters; people use it, bend it and leave it out, so everything is a complaint that is
not clearly something else, and nothing is refused for its form.
"""

import re
from dataclasses import dataclass

_FORM = re.compile(r"^\s*lapor\s*[#*]\s*(?P<hint>[^#*\n]*?)\s*[#*]\s*(?P<body>.*)$", re.IGNORECASE | re.DOTALL)
_LEAD = re.compile(r"^\s*lapor\b[\s:#*,.-]*(?P<body>.*)$", re.IGNORECASE | re.DOTALL)


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
