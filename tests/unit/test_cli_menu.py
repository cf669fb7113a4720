"""`siaga112 ivr` and `siaga112 prompts list`: what callers hear, for people and for programs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siaga112.cli.root import cli
from siaga112.settings import ConfigurationError
from tests.support.menus import MENU

CATEGORIES = ["kebakaran", "kecelakaan", "binatang", "bencana", "kamtibmas", "kerusuhan", "medis", "infrastruktur"]

CITY = """
[site]
name = "Kota [bold]Contoh"

[ivr]
menu = "menu.toml"

[[agencies]]
code = "damkar"

[[categories]]
code = "kebakaran"
name = { id = "Kebakaran", en = "Fire" }
digit = 1
agencies = ["damkar"]

[[categories]]
code = "lampu"
name = { id = "Lampu jalan", en = "Street lights" }
priority = 3
agencies = ["damkar"]
"""

TREE = """\
112 Kota [bold]Contoh
├── 1 Kebakaran / Fire  category kebakaran, priority 1
├── 2 Urusan kota / The city  menu kota
│   └── 1 Lampu mati / A lamp that is out  category lampu, priority 3
├── 8 Info banjir / Floods  information-banjir, then the menu again
├── * say it again, 2 times at most
└── 0 any other key, or none: an operator
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, and nobody's configuration but the demo city's."""
    monkeypatch.delenv("SIAGA112_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """What it answers."""
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def written(folder: Path, menu: str = MENU) -> None:
    """A city with a menu file."""
    (folder / "siaga112.toml").write_text(CITY)
    (folder / "menu.toml").write_text(menu)


def test_the_demo_citys_menu_is_shown_without_a_configuration() -> None:
    """Nine categories on nine keys, and the operator."""
    shown = json.loads(run("ivr", "show", "--json").stdout)

    assert [*CATEGORIES, "lainnya"] == [item["category"] for item in shown["items"]]
    assert list("123456789") == [item["key"] for item in shown["items"]]
    assert ("id", [], "0", None) == tuple(shown[key] for key in ("language", "languages", "operator", "repeat"))


def test_the_demo_citys_menu_is_in_order_without_a_configuration() -> None:
    """A line, and exit status 0; an empty array for programs."""
    result, rows = run("ivr", "check"), run("ivr", "check", "--json")

    assert (0, 1, "the menu is in order") == (result.exit_code, len(result.stdout.splitlines()), result.stdout[:20])
    assert "siaga112 prompts build" in result.stderr
    assert (0, []) == (rows.exit_code, json.loads(rows.stdout))


def test_a_menu_file_is_a_tree(folder: Path) -> None:
    """Levels, keys, words and where they lead; a name is no markup."""
    written(folder)

    assert TREE == run("ivr", "show").stdout


def test_the_same_for_programs(folder: Path) -> None:
    """One object, nested as the menu is."""
    written(folder)
    fire, town, flood = json.loads(run("ivr", "show", "--json").stdout)["items"]

    assert {
        "key": "1",
        "say": {"id": "Kebakaran", "en": "Fire"},
        "prompt": "menu-utama-1",
        "category": "kebakaran",
        "priority": 1,
    } == fire
    assert ("kota", ["lampu"]) == (town["menu"], [item["category"] for item in town["items"]])
    assert ("information-banjir", "menu") == (flood["information"], flood["then"])


def test_what_is_wrong_is_a_line_each_and_exit_status_1(folder: Path) -> None:
    """Where, what, and what would be right; as rows for programs."""
    written(folder, MENU + '[[menus]]\nname = "sepi"\n')
    result, rows = run("ivr", "check"), run("ivr", "check", "--json")

    assert (1, "menus[sepi]: cannot be reached: no key leads to it; lead a key to it, or remove it\n") == (
        result.exit_code,
        result.stdout,
    )
    assert (1, ["menus[sepi]"]) == (rows.exit_code, [row["where"] for row in json.loads(rows.stdout)])


def test_a_menu_that_cannot_be_used_fails_the_check_and_shows_nothing(folder: Path) -> None:
    """Both mistakes at once; `show` leaves them to the program, which ends with exit status 2."""
    written(folder, MENU.replace('"lampu"', '"lamp"').replace('"8"', '"1"'))

    assert (1, 2) == ((result := run("ivr", "check")).exit_code, len(result.stdout.splitlines()))
    with pytest.raises(ConfigurationError):
        run("ivr", "show")


def test_prompts_are_listed_with_their_numbers() -> None:
    """From 1; nothing is built yet, so nothing has a source; what the limit cuts off is said."""
    result = run("prompts", "list", "--json", "--limit", "2")
    greeting, site = json.loads(result.stdout)

    assert {
        "number": 1,
        "language": "id",
        "name": "greeting",
        "source": None,
        "seconds": 0.0,
        "text": "Siaga satu satu dua.",
        "file": None,
    } == greeting
    assert (2, "site") == (site["number"], site["name"])
    assert result.stderr.endswith("\n")
    assert " more: --limit " in result.stderr
