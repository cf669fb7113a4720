"""What we answer to a sender, from the texts of `sms_gateway/texts`, in the sender's language."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from hardware.modem.pdu import fits_one_sms
from siaga112.settings import Settings
from tickets.vocabulary import Status

LAST_RESORT = "id"
"""Every text is there in Indonesian; a language without a text of its own is answered in it."""

EMERGENCY = 1
"""The priority of what is answered with advice to call."""


class Replies:
    """The replies of one city; each fits one SMS."""

    def __init__(self, settings: Settings) -> None:
        self._city = settings.site.name
        self._example = f"{settings.site.code}-2026-000123"
        self._number = settings.site.number
        self._categories = {category.code: category for category in settings.categories}
        self._agency_names = {agency.code: agency.name for agency in settings.agencies}
        self._texts = {language: _load(language) for language in {LAST_RESORT, *settings.site.languages}}

    def received(self, *, ticket: str, category: str, priority: int, language: str) -> str:
        """Say that a complaint is the ticket of that number, who has it, and whom to call if lives are in danger."""
        texts = self._of(language)
        name = "received_emergency" if priority == EMERGENCY else "received"
        return next(
            (text for text in self._fuller(texts[name], ticket, category, language) if fits_one_sms(text)),
            texts[f"{name}_short"].format(number=ticket, emergency=self._number),
        )

    def joined(self, *, ticket: str, language: str) -> str:
        """Say that a further message was added to the ticket of that number."""
        return self._text("joined", language, number=ticket)

    def checked(self, *, ticket: str, category: str, status: Status, language: str) -> str:
        """Say how a ticket stands."""
        found = self._categories.get(category)
        label = found.label(language) if found else category
        return self._fitting("check", language, number=ticket, category=label, status=self._status(status, language))

    def unknown(self, *, language: str) -> str:
        """Say that the sender has no such ticket, and how one is named."""
        return self._text("unknown", language, number=self._example)

    def cancelled(self, *, ticket: str, language: str) -> str:
        """Say that a ticket is taken back."""
        return self._text("cancelled", language, number=ticket)

    def cancel_refused(self, *, ticket: str, status: Status, language: str) -> str:
        """Say that a ticket has gone too far to be taken back by a message."""
        return self._text("cancel_refused", language, number=ticket, status=self._status(status, language))

    def info(self, *, language: str) -> str:
        """Say what this number is for."""
        return self._fitting("info", language, city=self._city)

    def help(self, *, language: str) -> str:
        """Say what may be written to it."""
        return self._text("help", language)

    def stop(self, *, language: str) -> str:
        """Say that nothing is sent unasked."""
        return self._text("stop", language)

    def _fuller(self, text: str, ticket: str, category: str, language: str) -> Iterator[str]:
        """Names are what people understand; where they make a second SMS of it, the short codes must do."""
        found = self._categories[category]
        names = ", ".join(self._agency_names[code] for code in found.agencies)
        codes = ", ".join(code.upper() for code in found.agencies)
        for agencies in filter(None, (names, codes)):
            yield text.format(number=ticket, category=found.label(language), agencies=agencies, emergency=self._number)

    def _fitting(self, name: str, language: str, **values: str) -> str:
        text = self._text(name, language, **values)
        return text if fits_one_sms(text) else self._text(f"{name}_short", language, **values)

    def _text(self, name: str, language: str, **values: str) -> str:
        text: str = self._of(language)[name]
        return text.format(emergency=self._number, **values)

    def _status(self, status: Status, language: str) -> str:
        words: Mapping[str, str] = self._of(language)["status"]
        return words[status]

    def _of(self, language: str) -> Mapping[str, Any]:
        return self._texts.get(language) or self._texts[LAST_RESORT]


def _load(language: str) -> Mapping[str, Any]:
    file = files("sms_gateway") / "texts" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
