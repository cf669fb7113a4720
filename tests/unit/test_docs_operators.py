"""docs/operators.md, which hangs beside the phones, has each code that a phone knows."""

from pathlib import Path

import pytest

from siaga112.settings.service import Features

PAGE = Path(__file__).parents[2] / "docs" / "operators.md"
LANGUAGES = ("## Bahasa Indonesia", "## English")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_has_every_code_once(language: str) -> None:
    """In both languages, and none that no phone knows."""
    text = PAGE.read_text().partition(language)[2].partition("\n## ")[0]
    on_card = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]

    assert sorted(Features().model_dump().values()) == sorted(on_card)
