"""What we answer to a sender, from the texts of `sms_gateway/texts`, in the sender's language."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from siaga112.settings import Settings

SINGLE_SMS = 160
"""Characters of the GSM 7-bit default alphabet that fit one SMS (3GPP TS 23.038, clause 6.1.2)."""

LAST_RESORT = "id"
"""Every text is there in Indonesian; a language without a text of its own is answered in it."""


class Replies:
    """The replies of one city."""

    def __init__(self, settings: Settings) -> None:
        self._number = settings.site.number
        self._categories = {category.code: category for category in settings.categories}
        self._agency_names = {agency.code: agency.name for agency in settings.agencies}
        self._texts = {language: _load(language) for language in {LAST_RESORT, *settings.site.languages}}

    def received(self, *, ticket: str, category: str, language: str) -> str:
        """Say that a complaint is the ticket of that number, who has it, and whom to call if lives are in danger."""
        found = self._categories[category]
        texts = self._texts.get(language) or self._texts[LAST_RESORT]
        text = texts["received_emergency" if found.priority == 1 else "received"]
        names = ", ".join(self._agency_names[code] for code in found.agencies)
        codes = ", ".join(code.upper() for code in found.agencies)
        # Names are what people understand; where they make a second SMS of it, the short codes must do.
        full, short = (
            text.format(number=ticket, category=found.label(language), agencies=agencies, emergency=self._number)
            for agencies in (names, codes)
        )
        return full if len(full) <= SINGLE_SMS else short


def _load(language: str) -> Mapping[str, str]:
    file = files("sms_gateway") / "texts" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
