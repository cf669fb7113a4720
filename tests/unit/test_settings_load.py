"""From a file to settings: which file, its paths and secrets, and what cannot be read."""

from pathlib import Path

import pytest

from siaga112.settings import ConfigurationError, Settings, find_config, load
from tests.support.configuration import SOUND, problems_of, read, spoil


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(path: Path) -> str:
    """What `load` says about a file that cannot be used."""
    with pytest.raises(ConfigurationError) as caught:
        load(path, {})
    return str(caught.value)


def test_the_file_that_was_asked_for_comes_first(here: Path) -> None:
    """`--config` goes before the variable, and that before the working directory; a file asked for need not exist."""
    (here / "siaga112.toml").touch()

    assert Path("asked") == find_config(Path("asked"), {"SIAGA112_CONFIG": "named"})
    assert Path("named") == find_config(None, {"SIAGA112_CONFIG": "named"})
    assert Path("siaga112.toml") == find_config(None, {"SIAGA112_CONFIG": ""})


@pytest.mark.usefixtures("here")
def test_no_file_at_all() -> None:
    """Where nobody asked for a file and none is at the usual places, there is none."""
    usual = Path("/etc/siaga112/siaga112.toml")

    assert (usual if usual.exists() else None) == find_config(None, {})


def test_paths_are_relative_to_the_file(here: Path) -> None:
    """A relative path, a default one too, starts at the folder of the file, not where the program was started."""
    city = here / "etc"
    city.mkdir()
    (city / "desa.csv").touch()
    (city / "city.toml").write_text('[site]\nplaces = "desa.csv"\n[asterisk]\nconfig_dir = "/srv/asterisk"\n')

    settings = load(Path("etc/city.toml"), {})

    assert (city / "var", city / "desa.csv") == (settings.site.state_dir, settings.site.places)
    assert Path("/srv/asterisk") == settings.asterisk.config_dir
    assert city / "var" / "prompts" == settings.prompts_dir


def test_an_empty_path_is_none() -> None:
    """A path that is left empty is no path, not the folder of the file."""
    assert (read(SOUND).site.places, read('[ivr]\nmenu = ""').ivr.menu) == (None, None)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"], ids=["none", "newline", "carriage return"])
def test_a_secret_in_a_file_ends_with_its_line(tmp_path: Path, ending: str) -> None:
    """The line end that an editor leaves is no part of a secret; other white space is."""
    (tmp_path / "p").write_bytes(f" pass word {ending}".encode())

    settings = read(spoil(('password = "hidden"', 'password_file = "p"')), base=tmp_path)

    assert settings.trunks[0].password.get_secret_value() == " pass word "


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines", b"\xff"], ids=["empty", "blank", "two lines", "bytes"])
def test_a_file_that_holds_no_secret(tmp_path: Path, content: bytes) -> None:
    """A file that cannot be one secret is one problem that shows nothing of it."""
    (tmp_path / "p").write_bytes(content)

    with pytest.raises(ConfigurationError) as caught:
        read(spoil(('password = "hidden"', 'password_file = "p"')), base=tmp_path)

    assert [problem.key for problem in caught.value.problems] == ["trunks[telkom-a].password_file"]
    assert "lines" not in str(caught.value).replace("has several lines", "")


def test_a_syntax_error_has_its_line(here: Path) -> None:
    """What is not TOML is one problem with the line to mend."""
    (here / "city.toml").write_text("[site]\nname = Banyuwangi\n")

    assert said(Path("city.toml")) == (
        "city.toml: line 2: is not TOML: Invalid value, column 8; correct this line; nothing after it was read"
    )


def test_a_file_that_ends_too_early(here: Path) -> None:
    """An unfinished last line has its number too."""
    (here / "city.toml").write_text('[site]\nlanguages = ["id"')

    assert said(Path("city.toml")).startswith("city.toml: line 2: is not TOML: ")


def test_a_file_in_another_encoding(here: Path) -> None:
    """A file that is not UTF-8 is one problem with the line where that begins."""
    (here / "city.toml").write_bytes(b'[site]\nname = "\xe9"\n')

    assert said(Path("city.toml")) == "city.toml: line 2: is not UTF-8 text; save the file as UTF-8"


def test_a_file_from_windows(here: Path) -> None:
    """A byte order mark and CR LF are no mistakes."""
    (here / "city.toml").write_bytes(b'\xef\xbb\xbf[site]\r\ncode = "WIN"\r\n')

    assert load(here / "city.toml", {}).site.code == "WIN"


def test_brackets_without_end(here: Path) -> None:
    """A file that would exhaust the parser is one problem."""
    (here / "city.toml").write_text("a = " + "[" * 100_000)

    assert said(Path("city.toml")) == "city.toml: has brackets within brackets without end; close them"


def test_a_file_that_is_not_there(here: Path) -> None:
    """A mistyped path is said, and nothing else is loaded in its place."""
    (here / "siaga112.toml").touch()

    assert said(Path("gone.toml")) == (
        "gone.toml: cannot be read (no such file or directory); name a file that is there and that this user may read"
    )


def test_a_directory_is_no_file(here: Path) -> None:
    """A folder in the place of the file is one problem."""
    assert f"{here}: cannot be read (is a directory)" in said(here)


def test_numbers_are_kept_as_e164() -> None:
    """However the file writes a subscriber's number, the program has it in E.164; a short code stays one."""
    settings = read(
        '[[agencies]]\ncode = "a"\nsms = ["0812-3450-001", "62812 3450 002"]\n'
        '[[categories]]\ncode = "c"\nagencies = ["a"]\n'
        '[routing]\nfallback_number = "110"\n[sms]\nblocked = ["0812 3450 003", "PROMO", "1818"]\n'
    )

    assert settings.agencies[0].sms == ("+628123450001", "+628123450002")
    assert settings.routing.fallback_number == "110"
    assert settings.sms.blocked == ("+628123450003", "PROMO", "1818")


def test_the_country_says_how_a_number_is_read() -> None:
    """A number without a country code belongs to the site's country."""
    settings = read('[site]\ncountry = "MY"\n[[modems]]\nname = "m"\nport = "simulator"\nnumber = "012-345 6789"\n')

    assert settings.modems[0].number == "+60123456789"


def test_agencies_without_categories_are_a_mistake() -> None:
    """A city that names its agencies must say what each is for; it is told in one line."""
    assert [
        "city.toml: categories: there is none, though there are [[agencies]]; "
        "add [[categories]] that name these agencies, or leave out both to get the nine built-in ones"
    ] == [str(problem) for problem in problems_of('[[agencies]]\ncode = "a"\n')]


def test_a_city_without_services_gets_the_nine() -> None:
    """No agencies and no categories: the nine on the digits 1 to 9, and agencies without contacts."""
    settings = read("")

    assert list("123456789") == [str(category.digit) for category in settings.categories]
    assert [category.code for category in settings.categories] == [
        "kebakaran",
        "kecelakaan",
        "binatang",
        "bencana",
        "kamtibmas",
        "kerusuhan",
        "medis",
        "infrastruktur",
        "lainnya",
    ]
    assert {((), (), "")} == {(agency.sms, agency.whatsapp, agency.webhook) for agency in settings.agencies}


def test_the_process_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from what they are given, not from the process's environment."""
    monkeypatch.setenv("SITE", '{"code": "ENV"}')
    monkeypatch.setenv("SIAGA112__SITE__CODE", "ENV")

    assert (Settings().site.code, read("").site.code) == ("BWI", "BWI")
