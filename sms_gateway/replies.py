"""What we answer to a sender, from the texts of `sms_gateway/texts`, in the sender's language."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files

from hardware.modem.pdu import fits_one_sms
from siaga112.settings import Settings

LAST_RESORT = "id"
"""Every text is there in Indonesian; a language without a text of its own is answered in it."""


class Replies:
    """The replies of one city; each fits one SMS."""

    def __init__(self, settings: Settings) -> None:
        self._number = settings.site.number
        self._categories = {category.code: category for category in settings.categories}
        self._agency_names = {agency.code: agency.name for agency in settings.agencies}
        self._texts = {language: _load(language) for language in {LAST_RESORT, *settings.site.languages}}

    def received(self, *, ticket: str, category: str, language: str) -> str:
        """Say that a complaint is the ticket of that number, who has it, and whom to call if lives are in danger."""
        texts = self._of(language)
        name = "received_emergency" if self._categories[category].priority == 1 else "received"
        return next(
            (text for text in self._fuller(texts[name], ticket, category, language) if fits_one_sms(text)),
            texts[f"{name}_short"].format(number=ticket, emergency=self._number),
        )

    def joined(self, *, ticket: str, language: str) -> str:
        """Say that a further message was added to the ticket of that number."""
        return self._of(language)["joined"].format(number=ticket, emergency=self._number)

    def _fuller(self, text: str, ticket: str, category: str, language: str) -> Iterator[str]:
        """Names are what people understand; where they make a second SMS of it, the short codes must do."""
        found = self._categories[category]
        names = ", ".join(self._agency_names[code] for code in found.agencies)
        codes = ", ".join(code.upper() for code in found.agencies)
        for agencies in filter(None, (names, codes)):
            yield text.format(number=ticket, category=found.label(language), agencies=agencies, emergency=self._number)

    def _of(self, language: str) -> Mapping[str, str]:
        return self._texts.get(language) or self._texts[LAST_RESORT]


def _load(language: str) -> Mapping[str, str]:
    file = files("sms_gateway") / "texts" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
