"""What a sender wants: to report, to ask after a report, to take it back, or to be told what there is.

A message is a command only when it holds nothing beside the command's words, a ticket number and politeness: whoever
writes *info ada kebakaran* or *stop ada begal* reports, and an emergency is never swallowed by a word that it begins
with.
"""

import re
from dataclasses import dataclass

from sms_gateway.reading import Complaint, read_complaint

_POLITE = r"(?:tolong|mohon|pak|bu|mas|mbak|min|kak|dong|ya|nggih|saya|please|pls|tlg|mhn|untuk|utk)"
_NOUN = r"(?:laporan|laporannya|lapor|tiket|aduan|pengaduan|nomor|nomer|no|nmr|status|report|ticket|number|my|the|of)"
_GAP = r"[\s#*/|:.,;=_()<>\[\]\"'-]*"
_FILLER = rf"(?:{_GAP}\b(?:{_POLITE}|{_NOUN})\b)*{_GAP}"
_CHECK = r"(?:cek|chek|check|cekk|ceck|status|lacak)(?![a-z])"
_CANCEL = r"(?:batal|batalkan|dibatalkan|cancel)(?![a-z])"
_WORD = re.compile(rf"{_GAP}(?P<word>[a-z]+){_GAP}(?:112)?{_GAP}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A ticket as a sender names it: the last part of its number, and the year where it was written."""

    serial: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """How does that ticket stand? Without a reference: my newest one."""

    ticket: Reference | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """I take that ticket back. Without a reference: my newest one."""

    ticket: Reference | None


@dataclass(frozen=True, slots=True)
class Info:
    """What is this number for?"""


@dataclass(frozen=True, slots=True)
class Help:
    """How do I write to it?"""


@dataclass(frozen=True, slots=True)
class Stop:
    """Send me nothing that I did not ask for."""


Command = Complaint | Check | Cancel | Info | Help | Stop

_WORDS: dict[str, Info | Help | Stop] = {
    "info": Info(),
    "informasi": Info(),
    "bantuan": Help(),
    "help": Help(),
    "menu": Help(),
    "stop": Stop(),
    "berhenti": Stop(),
    "unsubscribe": Stop(),
}


class CommandReader:
    """Reads messages to the city whose ticket numbers begin with ``site``."""

    def __init__(self, site: str) -> None:
        code = re.escape(site)
        year = r"(?P<year>20\d\d)[\s#*/|:.,_-]*(?=\d)"
        number = rf"(?:{code}[\s#*/|:.,_-]*(?=\d))?(?:{year})?(?P<serial>\d{{1,9}})"
        self._check = _compiled(rf"{_FILLER}{_CHECK}{_FILLER}(?:{number})?{_FILLER}[?!.]*\s*")
        self._bare_number = _compiled(rf"{_GAP}{code}[\s#*/|:.,_-]*{year}(?P<serial>\d{{1,9}}){_GAP}")
        self._cancel = _compiled(rf"{_FILLER}{_CANCEL}{_FILLER}(?:{number})?{_FILLER}[!.]*\s*")

    def read(self, text: str) -> Command:
        """Read a message."""
        # Who cries for help in one word is heard as one who does: the exclamation mark makes the difference.
        if (word := _WORD.fullmatch(text)) and (command := _WORDS.get(word["word"].lower())):
            return command
        if check := self._check.fullmatch(text) or self._bare_number.fullmatch(text):
            return Check(_reference(check))
        if cancel := self._cancel.fullmatch(text):
            return Cancel(_reference(cancel))
        return read_complaint(text)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _reference(match: re.Match[str]) -> Reference | None:
    if match["serial"] is None:
        return None
    return Reference(int(match["serial"]), int(match["year"]) if match["year"] else None)
