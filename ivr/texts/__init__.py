"""What callers hear, one TOML file a language. Texts are read aloud: numbers are words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Texts:
    """The prompts of one language."""

    language: str
    voice: str  # espeak-ng's name
    digits: tuple[str, ...]  # 0 to 9 in words
    prompts: Mapping[str, str]

    def spoken(self, number: str) -> str:
        """A number digit by digit: "satu satu dua"."""
        return " ".join(self.digits[int(digit)] for digit in number)


def available() -> tuple[str, ...]:
    """Languages that have texts."""
    names = (resource.name for resource in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load(language: str) -> Texts:
    """The texts of one of the `available` languages."""
    table = tomllib.loads((files(__name__) / f"{language}.toml").read_text(encoding="utf-8"))
    return Texts(language, table["voice"], tuple(table["digits"]), table["prompts"])
