"""What a sender wants: to report, to ask after a report, to take it back, or to be told what there is.

A message is a command only when it holds nothing beside the command's words, a ticket number and politeness: whoever
writes *info ada kebakaran* or *stop ada begal* reports, and an emergency is never swallowed by a word that it begins
with.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sms_gateway.reading import Complaint, read_complaint

LONGEST = 80
"""Characters that a command may have: who writes more tells something."""

_POLITE = "tolong mohon pak bu mas mbak min kak dong ya nggih saya please pls tlg mhn untuk utk"
_NOUNS = "laporan laporannya lapor tiket aduan pengaduan nomor nomer no nmr status report ticket number my the of"
_FILLERS = frozenset([*_POLITE.split(), *_NOUNS.split()])
_STATUS = "status"
_CHECK = frozenset({"cek", "chek", "check", "cekk", "ceck", "lacak", _STATUS})
_CANCEL = frozenset({"batal", "batalkan", "dibatalkan", "cancel"})
# Between words and numbers nothing but these marks: who writes others tells something.
_PLAIN = re.compile(r"[a-z0-9\s#*/|:.,;=_()<>\[\]\"'-]*")
_TOKEN = re.compile(r"[a-z]+|[0-9]+")


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
        code, year, serial = "-".join(_TOKEN.findall(site.lower())), "(?P<year>20[0-9]{2})", "(?P<serial>[0-9]{1,9})"
        self._number = re.compile(f"(?:{code}-?)?(?:{year}-?)?{serial}")
        self._full_number = re.compile(f"{code}-?{year}-?{serial}")

    def read(self, text: str) -> Command:
        """Read a message."""
        return self._command(text.strip().lower()) or read_complaint(text)

    def _command(self, plain: str) -> Command | None:
        body = plain.rstrip("?!. \n")
        if len(plain) > LONGEST or not _PLAIN.fullmatch(body):
            return None
        tokens, ending = _TOKEN.findall(body), plain[len(body) :]
        if "?" not in ending and "!" not in ending and (found := self._without_a_cry(tokens)):
            return found
        if named := self._asked(tokens, _CHECK):
            return Check(named[0])
        if "?" not in ending and (named := self._asked(tokens, _CANCEL)):
            return Cancel(named[0])
        return None

    def _without_a_cry(self, tokens: Sequence[str]) -> Command | None:
        """Who cries for help in one word is heard as one who does: the exclamation mark makes the difference."""
        if bare := self._full_number.fullmatch("-".join(tokens)):
            return Check(_reference(bare))
        word, *others = tokens or ("",)
        return _WORDS.get(word) if others in ([], ["112"]) else None

    def _asked(self, tokens: Sequence[str], verbs: Collection[str]) -> tuple[Reference | None] | None:
        """The ticket, if any, that one of the verbs is said of; None where more than politeness stands beside them."""
        told = [token for token in tokens if token not in _FILLERS]
        if told and told[0] in verbs:
            del told[0]
        elif _STATUS not in verbs or _STATUS not in tokens:
            return None
        if not told:
            return (None,)
        number = self._number.fullmatch("-".join(told))
        return (_reference(number),) if number else None


def _reference(match: re.Match[str]) -> Reference:
    return Reference(int(match["serial"]), int(match["year"]) if match["year"] else None)
