"""The settings object: defaults, frozen, and how to find things in it."""

import platform
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from siaga112.settings import Category, Language, Settings, Trunk
from tests.support.configuration import SOUND, read


@pytest.fixture
def settings() -> Settings:
    """The sound city."""
    return read(SOUND)


def test_things_are_found_by_what_they_are_called(settings: Settings) -> None:
    """Each list of tables has its look-up; what is not there is None."""
    assert settings.categories[1] is settings.category("medis")
    assert settings.categories[1] is settings.category_by_digit(7)
    assert settings.agencies[0] is settings.agency("damkar")
    assert settings.operators[1] is settings.operator("1002")
    assert settings.trunks[0] is settings.trunk("telkom-a")
    assert settings.modems[1] is settings.modem("mentari")
    assert [
        settings.category("x"),
        settings.category_by_digit(9),
        settings.agency("x"),
        settings.operator("x"),
        settings.trunk("x"),
        settings.modem("x"),
    ] == [None] * 6


def test_the_node_is_the_host_unless_it_is_named() -> None:
    """A machine is called by its host name where the file gives it none."""
    assert (platform.node(), "kiri") == (read("").node, read('[site]\nnode = "kiri"').node)


def test_the_time_zone_is_ready_for_use(settings: Settings) -> None:
    """Times are shown in the city's zone."""
    assert ZoneInfo("Asia/Jakarta") == settings.tz


@pytest.mark.parametrize(
    ("language", "label"), [("id", "Kebakaran"), ("en", "Fire"), (Language.EN, "Fire"), ("jv", "Kebakaran")]
)
def test_a_category_is_named_in_the_callers_language(settings: Settings, language: str, label: str) -> None:
    """A language without a name for it falls back to the first that has one."""
    assert label == settings.categories[0].label(language)


def test_a_category_without_a_name_shows_its_code() -> None:
    """There is always something to show."""
    assert Category(code="api").label("id") == "api"


def test_names_that_may_be_left_out(settings: Settings) -> None:
    """An operator is called by the extension, an agency by its code."""
    assert (settings.operators[0].name, settings.operators[1].name) == ("Ani", "Operator 1002")
    assert (settings.agencies[0].name, settings.agencies[1].name) == ("Pemadam", "dinkes")


def test_settings_do_not_change(settings: Settings) -> None:
    """What was read once cannot be set at run time, at any depth."""
    with pytest.raises(ValidationError, match="frozen"):
        settings.site.__setattr__("code", "X")
    with pytest.raises(ValidationError, match="frozen"):
        settings.__setattr__("site", settings.site)


def test_no_secret_is_printed(settings: Settings) -> None:
    """Whoever prints the settings shows no password."""
    assert "hidden" not in f"{settings!r} {settings}"


def test_the_key_register_is_the_field_registers() -> None:
    """The one key whose field has another name; pydantic's models have a method `register`."""
    assert Trunk(name="a", host="b", register=True).registers is True
