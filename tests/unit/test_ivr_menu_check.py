"""What `ivr check` finds in a menu that can be used, and in one that cannot."""

from pathlib import Path

import pytest

from ivr.menu.check import Fault, faults
from siaga112.settings import demo_settings
from tests.support.call_desk import city
from tests.support.menus import MENU, with_menu
from tests.support.sounds import write_wav


def found(folder: Path, text: str = MENU) -> list[tuple[str, str]]:
    """Where and what, without the mend."""
    return [(fault.where, fault.problem) for fault in faults(with_menu(folder, text))]


def test_the_demo_city_is_in_order(tmp_path: Path) -> None:
    """Without anything built yet."""
    assert () == faults(demo_settings(tmp_path, {"site": {"languages": ["id", "en", "jv"]}}))


def test_a_menu_in_order_has_no_faults(tmp_path: Path) -> None:
    """The example of the tests."""
    assert [] == found(tmp_path)


def test_a_dead_end_is_found(tmp_path: Path) -> None:
    """A key leads to a menu that has none."""
    text = MENU.partition('[[menus.items]]\nkey = "1"\ncategory = "lampu"')[0]

    assert [("menus[kota]", "is a dead end: it has no keys")] == found(tmp_path, text)


def test_a_menu_out_of_reach_is_found(tmp_path: Path) -> None:
    """Written, but no key leads there."""
    assert [("menus[sepi]", "cannot be reached: no key leads to it")] == found(
        tmp_path, MENU + '[[menus]]\nname = "sepi"\n'
    )


def test_words_that_are_missing_in_a_language_are_found(tmp_path: Path) -> None:
    """No text to be built and no recording; a recording mends it."""
    text = MENU.replace(', en = "The city"', "").replace(', en = "The road to Rogojampi is flooded."', "")
    missing = "has neither a text nor a recording"

    assert [("en/menu-utama-2", missing), ("en/information-banjir", missing)] == found(tmp_path, text)
    write_wav(tmp_path / "state/prompts/en/menu-utama-2.wav", 1.0)
    write_wav(tmp_path / "state/prompts/id/information-banjir.wav", 1.0)
    assert [("en/information-banjir", missing)] == found(tmp_path, text)


def test_a_category_without_a_name_in_a_language_is_found() -> None:
    """The English voice would read its Indonesian name."""
    settings = city()
    nameless = settings.categories[0].model_copy(update={"name": {}})
    settings = settings.model_copy(update={"categories": (nameless, settings.categories[1])})

    assert (Fault("categories[kebakaran].name", "is not there in id, en", 'add id = "…", en = "…"'),) == faults(
        settings
    )


def test_words_that_take_too_long_are_found(tmp_path: Path) -> None:
    """By the text where nothing is recorded yet, by the recording where something is."""
    text = MENU.replace("Urusan kota", "Urusan kota, kecamatan, kelurahan dan desa yang tidak darurat")
    write_wav(tmp_path / "state/prompts/en/menu-utama-1.wav", 4.0)

    assert [
        ("id/menu-utama-2", "takes 3.6 s, and callers should listen for 3 s at most"),
        ("en/menu-utama-1", "takes 4.0 s, and callers should listen for 3 s at most"),
    ] == found(tmp_path, text)


def test_sound_of_an_earlier_text_says_nothing(tmp_path: Path) -> None:
    """A text that was shortened is in order before it is built anew, and one that became long is found before that."""
    write_wav(tmp_path / "state/prompts/built/id/menu-utama-2.wav", 9.0)
    write_wav(tmp_path / "state/prompts/built/en/menu-utama-2.wav", 1.0)
    text = MENU.replace('en = "The city"', f'en = "{"The city, " * 9}"')

    assert ["en/menu-utama-2"] == [where for where, _ in found(tmp_path, text)]


def test_a_menu_that_takes_too_long_is_found(tmp_path: Path) -> None:
    """Each key is short, and all of them are too many."""
    write_wav(tmp_path / "state/prompts/id/wait.wav", 2.9)
    for key in ("1", "2", "8"):
        write_wav(tmp_path / f"state/prompts/id/menu-utama-{key}.wav", 2.9)
    keys = "".join(f'[[menus.items]]\nkey = "{key}"\ncategory = "lampu"\n' for key in "345679#")
    text = MENU.replace('[[menus]]\nname = "kota"', f'{keys}[[menus]]\nname = "kota"')

    assert [("menus[utama]", "takes 23 s in id, and 20 s is the most")] == found(tmp_path, text)


@pytest.mark.parametrize("text", ["", "[[menus]", MENU.replace('"lampu"', '"lamp"')])
def test_a_menu_that_cannot_be_used_is_a_fault_too(tmp_path: Path, text: str) -> None:
    """With the file and what would be right, and nothing else is looked for."""
    (fault,) = faults(with_menu(tmp_path, text))

    assert fault.where.startswith(f"{tmp_path / 'menu.toml'}: ")
    assert "" not in (fault.problem, fault.mend)


def test_the_example_of_the_documentation_is_in_order(tmp_path: Path) -> None:
    """Whoever copies it begins with a menu that works, with the built-in categories."""
    example = Path(__file__).parents[2] / "docs" / "menu.toml"

    assert () == faults(demo_settings(tmp_path, {"ivr": {"menu": str(example)}}))
