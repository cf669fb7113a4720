"""What we answer to a sender, from the texts of `sms_gateway/texts`, in the sender's language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from siaga112.settings import Settings

SINGLE_SMS = 160
"""Characters of the GSM 7-bit default alphabet that fit one SMS (3GPP TS 23.038, clause 6.1.2)."""


@cache
def _texts(language: str) -> Mapping[str, str]:
    return tomllib.loads((files("sms_gateway") / "texts" / f"{language}.toml").read_text("utf-8"))


def received(settings: Settings, *, number: str, category: str, language: str) -> str:
    """Say that a complaint has become a ticket, whom it goes to, and to call if lives are in danger."""
    found = settings.category(category)
    name = "received_emergency" if found.priority == 1 else "received"
    text = _texts(language)[name]
    label = found.label(language)
    by_name = ", ".join(settings.agency(code).name for code in found.agencies)
    by_code = ", ".join(code.upper() for code in found.agencies)
    full, short = (
        text.format(number=number, category=label, agencies=agencies, emergency=settings.site.number)
        for agencies in (by_name, by_code)
    )
    return full if len(full) <= SINGLE_SMS else short
