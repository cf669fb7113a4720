"""What comes with the program: the template of `init`, and the demo city."""

import tomllib
from pathlib import Path

import pytest

from siaga112.settings import (
    ConfigurationError,
    Settings,
    demo_settings,
    template,
)
from siaga112.settings.schema import Section, items, sections
from tests.support.configuration import read

# What a list's example shows is an example; these keys of single tables have no other value there than their default.
SINGLE = [section for section in sections().values() if not section.is_list]


def test_the_template_loads() -> None:
    """What `init` writes is a configuration without a problem."""
    assert isinstance(read(template()), Settings)


@pytest.mark.parametrize("section", sections().values(), ids=lambda section: section.name)
def test_the_template_has_every_key(section: Section) -> None:
    """Every key that the program knows is in the template."""
    shown = {key for _, table in items(tomllib.loads(template()), section) for key in table}

    assert set(section.keys) == shown


@pytest.mark.parametrize("section", SINGLE, ids=lambda section: section.name)
def test_the_template_shows_the_defaults(section: Section) -> None:
    """In a single table the template's value is the default, as its heading says."""
    written = getattr(Settings(**{section.name: tomllib.loads(template())[section.name]}), section.name)

    assert section.model() == written


@pytest.mark.parametrize("section", sections().values(), ids=lambda section: section.name)
def test_every_key_is_explained(section: Section) -> None:
    """Each field has a description for the help page."""
    assert [key.name for key in section.keys.values() if not key.field.description] == []


def test_the_template_has_the_nine_categories() -> None:
    """A city that starts from the template has the built-in services."""
    assert read("").categories == read(template()).categories
    assert read("").agencies == read(template()).agencies


def test_every_category_can_be_called_in_each_language() -> None:
    """The built-in categories have a name in all languages of the prompts, and keywords, but for the last."""
    categories = read("").categories

    assert {("id", "en", "jv")} == {tuple(category.name) for category in categories}
    assert [category.code for category in categories if not category.keywords] == ["lainnya"]


def test_no_keyword_means_two_categories() -> None:
    """A keyword of the built-in categories is lower case and stands once."""
    keywords = [keyword for category in read("").categories for keyword in category.keywords]

    assert sorted(set(keywords)) == sorted(keywords)
    assert [keyword for keyword in keywords if keyword != keyword.lower().strip()] == []


def test_the_demo_city() -> None:
    """Two operators, a carrier, a simulated modem, and agencies that can be told."""
    settings = demo_settings(Path("/state"), {})

    assert [operator.extension for operator in settings.operators] == ["1001", "1002"]
    assert [(trunk.name, trunk.host) for trunk in settings.trunks] == [("carrier", "127.0.0.2")]
    assert [(modem.name, modem.port) for modem in settings.modems] == [("simulator", "simulator")]
    assert read("").categories == settings.categories
    assert all(agency.sms for agency in settings.agencies)
    assert Path("/state") == settings.site.state_dir


def test_the_demo_city_takes_what_it_is_given() -> None:
    """Ports and addresses are set for a run; the environment goes before both."""
    settings = demo_settings(
        Path("/state"),
        {"asterisk": {"sip_port": 6060, "ami_port": 6038}, "trunks": {"carrier": {"host": "127.0.0.2:6070"}}},
        {"SIAGA112__ASTERISK__AMI_PORT": "7038"},
    )

    assert (settings.asterisk.sip_port, settings.asterisk.ami_port) == (6060, 7038)
    assert settings.trunks[0].host == "127.0.0.2:6070"


def test_the_demo_city_is_checked_too() -> None:
    """A variable that is no key is a mistake without a file as well."""
    with pytest.raises(ConfigurationError, match="SIAGA112__WEB__PROT: is no key"):
        demo_settings(Path("/state"), {}, {"SIAGA112__WEB__PROT": "1"})
