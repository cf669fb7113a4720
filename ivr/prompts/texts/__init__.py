"""What callers and operators hear, one TOML file a language. Texts are read aloud: numbers are words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language."""

    language: str
    voice: str  # espeak-ng's name
    provisional: bool  # the voice is another language's: to be replaced by recordings
    keys: Mapping[str, str]  # what a telephone's keys are called
    prompts: Mapping[str, str]  # the sounds there always are, by their names
    patterns: Mapping[str, str]  # what several sounds are made of

    def spoken(self, number: str) -> str:
        """A number, or a key, digit by digit: "satu satu dua"."""
        return " ".join(self.keys[character] for character in number)


def available() -> tuple[str, ...]:
    """Languages that have texts."""
    names = (resource.name for resource in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def load(language: str) -> Texts:
    """The texts of one of the `available` languages."""
    table = tomllib.loads((files(__name__) / f"{language}.toml").read_text(encoding="utf-8"))
    digits = {str(digit): name for digit, name in enumerate(table["digits"])}
    return Texts(
        language,
        table["voice"],
        table.get("provisional", False),
        {**digits, "*": table["star"], "#": table["hash"]},
        table["prompts"],
        table["patterns"],
    )
