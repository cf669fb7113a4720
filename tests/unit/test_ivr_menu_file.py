"""A menu file: what it becomes, and everything that can be wrong with one."""

from pathlib import Path

import pytest

from ivr.menu.menu import Choice, Information, LanguageChoice, Level, Submenu
from ivr.menu.source import menu_from
from ivr.prompts.catalogue import all_prompts, level_pieces
from siaga112.settings import ConfigurationError
from tests.support.menus import MENU, with_menu

ITEM = '[[menus.items]]\nkey = "3"\n'
SAID = 'say = { id = "Kota" }\n'


def problems(folder: Path, text: str, extra: str = "") -> list[str]:
    """What is wrong with the file, without its path."""
    with pytest.raises(ConfigurationError) as raised:
        menu_from(with_menu(folder, text, extra))
    return [str(problem).removeprefix(f"{folder / 'menu.toml'}: ") for problem in raised.value.problems]


def test_a_file_becomes_a_menu(tmp_path: Path) -> None:
    """Categories, a submenu, an information, and the keys around them."""
    menu = menu_from(with_menu(tmp_path))
    fire, town, flood = menu.first.items

    assert isinstance(fire, Choice)
    assert isinstance(town, Submenu)
    assert ("kebakaran", 1, "Kebakaran", "menu-utama-1") == (
        fire.category,
        fire.priority,
        fire.spoken("id"),
        fire.prompt,
    )
    assert (
        Information(
            "8",
            (("id", "Info banjir"), ("en", "Floods")),
            "information-banjir",
            (("id", "Jalan Raya Rogojampi tergenang."), ("en", "The road to Rogojampi is flooded.")),
            prompt="menu-utama-8",
        )
        == flood
    )
    assert ["A lamp that is out"] == [item.spoken("en") for item in town.level.items]
    assert ("0", "*", 2, ()) == (menu.operator_key, menu.repeat_key, menu.rounds, menu.unreached)


def test_what_is_said_for_a_key_is_not_what_operators_see(tmp_path: Path) -> None:
    """The label on the phone stays the category's name."""
    (town,) = [item for item in menu_from(with_menu(tmp_path)).first.items if isinstance(item, Submenu)]
    (lamp,) = town.level.items

    assert isinstance(lamp, Choice)
    assert ("Lampu jalan", "Lampu mati") == (lamp.name("id"), lamp.spoken("id"))


def test_everything_that_the_file_says_is_spoken(tmp_path: Path) -> None:
    """Each key in both languages, the information itself, the key that repeats."""
    said = {(prompt.language, prompt.name): prompt.text for prompt in all_prompts(with_menu(tmp_path))}

    assert "Urusan kota dua." == said["id", "menu-utama-2"]
    assert "A lamp that is out one." == said["en", "menu-kota-1"]
    assert "The road to Rogojampi is flooded." == said["en", "information-banjir"]
    assert "Ulangi, bintang." == said["id", "repeat"]


def test_the_way_out_is_said_first_and_only_once(tmp_path: Path) -> None:
    """Operator, the keys, repeat, waiting; a submenu has its keys only."""
    menu = menu_from(with_menu(tmp_path))

    assert ("operator", "menu-utama-1", "menu-utama-2", "menu-utama-8", "repeat", "wait") == level_pieces(
        menu, menu.first
    )
    assert ("menu-kota-1",) == level_pieces(menu, menu.levels()[1])


def test_a_missing_translation_is_not_read_by_the_wrong_voice(tmp_path: Path) -> None:
    """No English words: nothing is built, and the caller hears the other language's sound."""
    text = MENU.replace(', en = "The city"', "").replace(', en = "The road to Rogojampi is flooded."', "")
    said = {(prompt.language, prompt.name): prompt.text for prompt in all_prompts(with_menu(tmp_path, text))}

    assert ("", "") == (said["en", "menu-utama-2"], said["en", "information-banjir"])
    assert "Urusan kota dua." == said["id", "menu-utama-2"]


def test_languages_have_the_keys_that_the_file_gives_them(tmp_path: Path) -> None:
    """In the file's order; before a single level."""
    flat = '[languages]\n"#" = "en"\n"*" = "id"\n[[menus]]\nname = "utama"\n'
    menu = menu_from(with_menu(tmp_path, flat))

    assert (LanguageChoice("#", "en"), LanguageChoice("*", "id")) == menu.languages
    assert Level("utama", ()) == menu.first


def test_a_menu_that_no_key_leads_to_is_known(tmp_path: Path) -> None:
    """It is not in the way, and can be told; one that leads to itself there does no harm."""
    lost = '[[menus]]\nname = "sepi"\n[[menus.items]]\nkey = "1"\nmenu = "sepi"\nsay = { id = "Sepi" }\n'

    assert ("sepi",) == menu_from(with_menu(tmp_path, MENU + lost)).unreached


WRONG = {
    "empty": ("", "menus: is missing; write it: the menus, the first one first"),
    "no menus": ("menus = []", "menus: is empty; write [[menus]] above each one, and at least one"),
    "no list": ('menus = "x"', 'menus: "x" is no table; write [[menus]] above each one'),
    "not TOML": ("[[menus]\n", "line 1: is not TOML: Expected ']]' at the end of an array declaration, column 8; "),
    "unknown key": ("volume = 3\n" + MENU, "volume: unknown key; the keys here are languages, operator, repeat, "),
    "misspelt": (
        MENU + ITEM + 'catgory = "lampu"',
        'menus[kota].items[key 3].catgory: unknown key; did you mean "cate',
    ),
    "category": (
        MENU + ITEM + 'category = "lamp"',
        'menus[kota].items[key 3].category: "lamp" is in no [[categories]]; did you mean "lampu"?',
    ),
    "far category": (
        MENU + ITEM + 'category = "x"',
        'menus[kota].items[key 3].category: "x" is in no [[categories]]; write one of kebakaran, lampu',
    ),
    "menu": (
        MENU + ITEM + SAID + 'menu = "kotta"',
        'menus[kota].items[key 3].menu: "kotta" is in no [[menus]]; did you mean "kota"?',
    ),
    "nothing": (MENU + ITEM, "menus[kota].items[key 3]: leads nowhere; write category, menu or information"),
    "two things": (
        MENU + ITEM + 'category = "lampu"\ninformation = "x"',
        "menus[kota].items[key 3]: has category and information; keep one of them; give the other a key of its own",
    ),
    "no key": (
        MENU + '[[menus.items]]\ncategory = "lampu"',
        "menus[kota].items[#2].key: is missing; write it: the key",
    ),
    "long key": (
        MENU.replace('"8"', '"88"'),
        'menus[utama].items[key 88].key: "88" cannot be used here; write one key',
    ),
    "number": (MENU.replace('"8"', "8"), "menus[utama].items[#3].key: 8 is no text; write text in quotes"),
    "twice": (
        MENU.replace('"8"', '"2"'),
        'menus[utama].items[key 2].key: "2" is used twice in this menu; give each a key of its own',
    ),
    "operator key": (
        MENU.replace('"8"', '"0"'),
        'menus[utama].items[key 0].key: "0" is the operator key; take another one',
    ),
    "repeat key": (
        MENU.replace('"8"', '"*"'),
        'menus[utama].items[key *].key: "*" is the repeat key; take another one',
    ),
    "both": ('repeat = "0"\n[[menus]]\nname = "a"', 'repeat: "0" is the operator key; take another one'),
    "no words": (
        MENU + ITEM + 'information = "x"\ntext = { id = "x" }',
        'menus[kota].items[key 3].say: is missing; write what is said for the key: { id = "…", en = "…" }',
    ),
    "no text": (
        MENU + ITEM + SAID + 'information = "x"',
        'menus[kota].items[key 3].text: is missing; write the information: { id = "…", en = "…" }',
    ),
    "then": (
        MENU + ITEM + 'category = "lampu"\nthen = "menu"',
        "menus[kota].items[key 3].then: is for information only; remove it",
    ),
    "hang up": (
        MENU + ITEM + SAID + 'information = "x"\ntext = { id = "x" }\nthen = "hangup"',
        'menus[kota].items[key 3].then: "hangup" is not known; write "menu" or "operator"',
    ),
    "rounds": ("rounds = 99\n" + MENU, "rounds: 99 cannot be used; write a whole number from 1 to 5, without quotes"),
    "name twice": (
        MENU + '[[menus]]\nname = "kota"',
        'menus[kota].name: "kota" is the name of two menus; name each differently',
    ),
    "no name": (MENU + "[[menus]]\n", "menus[#3].name: is missing; write it: what other menus call it"),
    "language": (
        '[languages]\n1 = "jv"\n[[menus]]\nname = "a"',
        'languages.1: "jv" is not in [site] languages; write one of id, en, or add it there',
    ),
    "language key": (
        '[languages]\n0 = "id"\n[[menus]]\nname = "a"',
        'languages.0: "0" is the operator key; take another one',
    ),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    """File, key, what is wrong, what would be right."""
    (problem,) = problems(tmp_path, text)

    assert said == problem[: len(said)]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """A value, a key, a rule: nobody mends one to be told the next."""
    text = MENU.replace('"8"', '"2"').replace('"lampu"', '"lamp"').replace('repeat = "*"', "rounds = 0")

    assert ["rounds", "menus[utama].items[key 2].key", "menus[kota].items[key 1].category"] == [
        problem.partition(": ")[0] for problem in problems(tmp_path, text)
    ]


def test_one_menu_with_a_mistake_is_not_an_empty_list(tmp_path: Path) -> None:
    """What was refused in the only menu hides no other mistake, and makes none of its own."""
    text = (
        '[[menus]]\nname = "utama"\n[[menus.items]]\nkey = "12"\ncategory = "nix"\n'
        f'[[menus.items]]\nkey = "0"\ninformation = "banjir"\n{SAID}'
    )

    assert [
        "menus[utama].items[key 12].key",
        "menus[utama].items[key 12].category",
        "menus[utama].items[key 0].text",
        "menus[utama].items[key 0].key",
    ] == [problem.partition(": ")[0] for problem in problems(tmp_path, text)]


def test_empty_words_are_told_as_such(tmp_path: Path) -> None:
    """They may be left out, unlike a menu."""
    text = MENU.replace('en = "The city"', 'en = ""')

    assert ["menus[utama].items[key 2].say.en: is empty; write the words, or leave the key out"] == problems(
        tmp_path, text
    )


DEEPER = '[[menus.items]]\nkey = "3"\nmenu = "{}"\nsay = {{ id = "Lagi" }}\n'
THIRD = DEEPER.format("dalam") + '[[menus]]\nname = "dalam"\n'
FLATTER = "a human comes after 2 choices at most: put its keys into the menu before"


def test_a_human_comes_after_two_choices_at_most(tmp_path: Path) -> None:
    """A third menu is refused, whatever it holds."""
    assert [f"menus[kota].items[key 3].menu: is choice 3 (utama > kota > dalam); {FLATTER}"] == problems(
        tmp_path, MENU + THIRD
    )


@pytest.mark.parametrize(("before", "extra"), [('[languages]\n1 = "id"\n', ""), ("", "[ivr]\nlanguage_menu = true\n")])
def test_the_language_is_a_choice_too(tmp_path: Path, before: str, extra: str) -> None:
    """Asked for in the file or by the setting: then there is one more level only."""
    text = MENU.replace('repeat = "*"', "") if before else MENU
    way = "languages > utama > kota; the language is one too"

    assert [f"menus[utama].items[key 2].menu: is choice 3 ({way}); {FLATTER}"] == problems(
        tmp_path, before + text, extra
    )


@pytest.mark.parametrize(("where", "way"), [("utama", "utama > kota > utama"), ("kota", "utama > kota > kota")])
def test_a_circle_has_no_end_and_is_refused(tmp_path: Path, where: str, way: str) -> None:
    """Back to the start, or round and round."""
    assert [f"menus[kota].items[key 3].menu: leads round in a circle ({way}); {FLATTER}"] == problems(
        tmp_path, MENU + DEEPER.format(where)
    )
