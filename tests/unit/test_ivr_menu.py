"""The menu and its prompts as data."""

import string
from dataclasses import replace

import pytest

from ivr.call import chosen_from, label_from
from ivr.menu.menu import Choice, LanguageChoice, Level
from ivr.menu.source import menu_from
from ivr.prompts import texts
from ivr.prompts.catalogue import LAST_POSITION, WAIT_MINUTES, all_prompts, level_pieces, position_prompt, wait_prompt
from siaga112.settings import Language, Settings
from tests.support.call_desk import city
from tests.support.configuration import read

ALL = ("id", "en", "jv")
# Names are said alike in every language.
NAMES = ("site", "greeting", "operator")


@pytest.fixture
def demo() -> Settings:
    """The built-in categories."""
    return read('[site]\nlanguages = ["id", "en", "jv"]\n')


def test_the_menu_follows_the_digits() -> None:
    """Choices are those categories that have a key, in its order, whatever the file's."""
    menu = menu_from(city('[[categories]]\ncode = "tanpa"\nagencies = ["damkar"]\n'))

    assert [("1", "category-kebakaran", "Kebakaran"), ("2", "category-lampu", "Lampu jalan")] == [
        (item.key, item.prompt, item.spoken("id")) for item in menu.first.items
    ]
    assert ((), None) == (menu.languages, menu.first.item("3"))


def test_languages_get_keys_only_where_they_are_asked() -> None:
    """The first language is key 1."""
    menu = menu_from(city("[ivr]\nlanguage_menu = true\n"))

    assert menu.languages == (LanguageChoice("1", "id"), LanguageChoice("2", "en"))
    assert (menu.language_on("2"), menu.language_on("3")) == ("en", None)


def test_a_menu_without_categories_says_none() -> None:
    """Nothing to choose: the greeting, then an operator."""
    empty = Level("categories", ())

    assert () == level_pieces(replace(menu_from(city()), first=empty), empty)


def test_every_language_says_the_same_prompts(demo: Settings) -> None:
    """A caller in any language hears all of it, in words of that language."""
    said = {language: {p.name: p.text for p in all_prompts(demo) if p.language == language} for language in ALL}

    assert said["id"].keys() == said["en"].keys() == said["jv"].keys()
    assert [] == [name for name, text in said["en"].items() if text in (said["id"][name], "") and name not in NAMES]


def test_places_in_line_and_waits_are_whole_sentences(demo: Settings) -> None:
    """Twenty places and six lengths of waiting, each one sound."""
    said = {prompt.name: prompt.text for prompt in all_prompts(demo) if prompt.language == "id"}

    assert "Anda berada di urutan pertama." == said[position_prompt(1)]
    assert "Anda berada di urutan kedua puluh." == said[position_prompt(LAST_POSITION)]
    assert "Perkiraan waktu tunggu kurang dari dua menit." == said[wait_prompt(WAIT_MINUTES[0])]
    assert "Perkiraan waktu tunggu sekitar lima belas menit." == said[wait_prompt(WAIT_MINUTES[-1])]


def test_prompts_are_words_and_whole(demo: Settings) -> None:
    """Numbers are spoken digit by digit, no place holder is left, nothing is a digit."""
    said = {prompt.name: prompt.text for prompt in all_prompts(demo) if prompt.language == "id"}

    assert said["greeting"] == "Siaga satu satu dua."
    assert said["site"] == "Kabupaten Banyuwangi."
    assert said["category-kebakaran"] == "Kebakaran satu."
    assert not [text for text in said.values() if set(text) & set(string.digits + "{}")]


def test_a_name_with_braces_is_said_as_it_is() -> None:
    """What is configured is never a place holder."""
    settings = city().model_copy(update={"site": city().site.model_copy(update={"name": "Kota {zero}"})})

    assert "Kota {zero}." in [prompt.text for prompt in all_prompts(settings)]


def test_every_language_of_the_settings_has_texts() -> None:
    """Javanese is read by the Indonesian voice, and says that this is provisional."""
    assert texts.available() == tuple(sorted(Language))
    assert {"jv": ("id", True), "id": ("id", False), "en": ("en", False)} == {
        language: (texts.load(language).voice, texts.load(language).provisional) for language in Language
    }


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Kebakaran", "Kebakaran"),
        ("Gawat darurat (medis)", "Gawat darurat medis"),
        ('"; EXEC System', "EXEC System"),
        ("${SHELL(x)}", "SHELL x"),
        ("Kecelakaan—lalu lintas", "Kecelakaan lalu lintas"),
        ("火事", ""),
        ("a" * 60, "a" * 40),
    ],
)
def test_a_label_is_letters_digits_and_spaces(name: str, label: str) -> None:
    """What goes on a phone's display and through a dialplan holds nothing else."""
    assert label_from(name) == label


def test_the_label_is_in_the_operators_language() -> None:
    """The caller chose English; the operator reads Indonesian."""
    choice = Choice("1", "kebakaran", 1, (("id", "Kebakaran"), ("en", "Fire")))

    assert (chosen_from(choice, "en").label, choice.name("en"), choice.name("jv")) == ("Kebakaran", "Fire", "Kebakaran")
