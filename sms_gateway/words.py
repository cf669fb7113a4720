"""Words as people type them into a phone, brought to one spelling so that they can be compared.

`normalise` is used on the messages and on the keywords alike: what matters is that both end up the same.
"""

import re
import unicodedata

_TOKEN = re.compile(r"[a-z]+(?:2(?![0-9]))?|[0-9]+")
_POSSESSIVE = re.compile(r"(?<=[a-z]{3})(?<!^lain)nya$")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")

# What is written short in an SMS, and what it stands for.
_SHORT_FORMS = {
    "ambulan": "ambulans",
    "ambulance": "ambulans",
    "bgt": "banget",
    "blm": "belum",
    "bpk": "bapak",
    "dg": "dengan",
    "dgn": "dengan",
    "dkt": "dekat",
    "dlm": "dalam",
    "dpn": "depan",
    "dr": "dari",
    "drh": "darah",
    "eror": "error",
    "ga": "tidak",
    "gak": "tidak",
    "gk": "tidak",
    "jl": "jalan",
    "jln": "jalan",
    "kebakar": "terbakar",
    "kbakaran": "kebakaran",
    "kclkaan": "kecelakaan",
    "krn": "karena",
    "lg": "lagi",
    "lsg": "langsung",
    "mhn": "mohon",
    "nggak": "tidak",
    "org": "orang",
    "pd": "pada",
    "rmh": "rumah",
    "sdh": "sudah",
    "sgt": "sangat",
    "skrg": "sekarang",
    "tdk": "tidak",
    "tlg": "tolong",
    "tulung": "tolong",
    "udh": "sudah",
    "utk": "untuk",
    "yg": "yang",
}


def normalise(text: str) -> tuple[str, ...]:
    """Split a text into lower-case words: accents and -nya off, stretched letters shrunk, short forms written out."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words: list[str] = []
    for token in _TOKEN.findall(_LONG_RUN.sub(r"\1", plain)):
        word = token.removesuffix("2") if token[0].isalpha() else token
        word = _POSSESSIVE.sub("", _SHORT_FORMS.get(word, word))
        words.extend((word, word) if token[0].isalpha() and token.endswith("2") else (word,))
    return tuple(words)
