"""The environment gives any value; what is no key there is a mistake too."""

from pathlib import Path

import pytest

from siaga112.settings import Language
from tests.support.configuration import SOUND, problems_of, read, spoil


def test_text_stands_as_it_is() -> None:
    """A text needs no quotes, whatever it looks like."""
    settings = read(SOUND, {"SIAGA112__SITE__NAME": "Kota [2]", "SIAGA112__ASTERISK__AMI_USER": "007"})

    assert (settings.site.name, settings.asterisk.ami_user) == ("Kota [2]", "007")


def test_other_values_are_toml_or_json() -> None:
    """Numbers, switches, lists and mappings are written as in the file, or as JSON."""
    settings = read(
        SOUND,
        {
            "SIAGA112__WEB__PORT": "8080",
            "SIAGA112__RECORDING__ENABLED": "false",
            "SIAGA112__SITE__LANGUAGES": '["jv"]',
            "SIAGA112__ROUTING__NEIGHBOURS": '{"Kabupaten Bondowoso": "112"}',
        },
    )

    assert settings.web.port == 8080
    assert settings.recording.enabled is False
    assert settings.site.languages == (Language.JV,)
    assert settings.routing.neighbours == {"Kabupaten Bondowoso": "112"}


def test_an_item_goes_by_its_name() -> None:
    """An item of a list is called by its name or code, in capitals with underscores."""
    settings = read(
        SOUND,
        {
            "SIAGA112__TRUNKS__TELKOM_A__PASSWORD": "from outside",
            "SIAGA112__OPERATORS__1002__SECRET": "1002's",
            "SIAGA112__CATEGORIES__API__PRIORITY": "2",
        },
    )

    assert [trunk.password.get_secret_value() for trunk in settings.trunks] == ["from outside", ""]
    assert [operator.secret.get_secret_value() for operator in settings.operators] == ["", "1002's"]
    assert [category.priority for category in settings.categories] == [2, 1]


def test_built_in_items_have_names_too() -> None:
    """A city without agencies of its own gives the built-in ones their contacts through the environment."""
    settings = read("", {"SIAGA112__AGENCIES__DAMKAR__SMS": '["0812-3450-001"]'})

    assert settings.agencies[0].sms == ("+628123450001",)


def test_a_secret_may_be_a_file(tmp_path: Path) -> None:
    """The environment may name the file that a secret is in; it then goes before the configuration's own secret."""
    (tmp_path / "trunk").write_text("from a file\n")

    settings = read(SOUND, {"SIAGA112__TRUNKS__TELKOM_A__PASSWORD_FILE": "trunk"}, tmp_path)

    assert settings.trunks[0].password.get_secret_value() == "from a file"


def test_the_environment_goes_before_a_file_of_the_configuration(tmp_path: Path) -> None:
    """A secret in the environment displaces the configuration's `password_file`, which need not even exist."""
    text = spoil(('password = "hidden"', 'password_file = "gone"'))

    settings = read(text, {"SIAGA112__TRUNKS__TELKOM_A__PASSWORD": "here"}, tmp_path)

    assert settings.trunks[0].password.get_secret_value() == "here"


MISTAKES = {
    "misspelt key": (
        {"SIAGA112__REDIS__URI": "redis://localhost"},
        "environment: SIAGA112__REDIS__URI: is no key; did you mean SIAGA112__REDIS__URL?",
    ),
    "misspelt item": (
        {"SIAGA112__TRUNKS__TELKOM_B__PASSWORD": "x"},
        "environment: SIAGA112__TRUNKS__TELKOM_B__PASSWORD: is no key; "
        "did you mean SIAGA112__TRUNKS__TELKOM_A__PASSWORD?",
    ),
    "item by its place": (
        {"SIAGA112__MODEMS__0__PIN": "1234"},
        "environment: SIAGA112__MODEMS__0__PIN: is no key; did you mean SIAGA112__MODEMS__SIMPATI__PIN?",
    ),
    "table alone": (
        {"SIAGA112__SITE": "{}"},
        "environment: SIAGA112__SITE: is no key; write SIAGA112__TABLE__KEY or SIAGA112__TABLE__ITEM__KEY",
    ),
    "nothing": (
        {"SIAGA112__": ""},
        "environment: SIAGA112__: is no key; write SIAGA112__TABLE__KEY or SIAGA112__TABLE__ITEM__KEY",
    ),
    "wrong type": (
        {"SIAGA112__WEB__PORT": "eighty"},
        'environment: SIAGA112__WEB__PORT: "eighty" is no whole number; '
        "write a whole number from 1 to 65535, without quotes",
    ),
    "second value after a line break": (
        {"SIAGA112__WEB__PORT": "80\nport = 81"},
        'environment: SIAGA112__WEB__PORT: "80\\nport = 81" is no whole number; '
        "write a whole number from 1 to 65535, without quotes",
    ),
    "wrong secret": (
        {"SIAGA112__MODEMS__SIMPATI__PIN": "sesame"},
        "environment: SIAGA112__MODEMS__SIMPATI__PIN: its value cannot be used here; "
        "write 4 to 8 digits (TS 11.11 clause 9.3), or nothing",
    ),
    "secret twice": (
        {"SIAGA112__LAPOR__TOKEN": "a", "SIAGA112__LAPOR__TOKEN_FILE": "b"},
        "environment: SIAGA112__LAPOR__TOKEN_FILE: token is given too; keep either token or token_file",
    ),
    "value that breaks a rule": (
        {"SIAGA112__CATEGORIES__MEDIS__DIGIT": "1"},
        "environment: SIAGA112__CATEGORIES__MEDIS__DIGIT: 1 is that of categories[api] too; "
        "give each category a key of its own; free: 2, 3, 4, 5, 6, 7, 8, 9",
    ),
    "bytes that are no text": (
        {"SIAGA112__SITE__NAME": "\udcff"},
        "environment: SIAGA112__SITE__NAME: is not UTF-8 text; set it again",
    ),
}


@pytest.mark.parametrize(("environ", "line"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_line(environ: dict[str, str], line: str) -> None:
    """A mistake of the environment is one line that names the variable, and never a secret's value."""
    assert [line] == [str(problem) for problem in problems_of(SOUND, environ)]


def test_two_items_that_share_a_name_there() -> None:
    """Names that look the same to the environment cannot be told apart, and that is said."""
    text = spoil(('name = "indosat"', 'name = "telkom.a"'))

    assert [str(problem) for problem in problems_of(text, {"SIAGA112__TRUNKS__TELKOM_A__NAT": "true"})] == [
        "environment: SIAGA112__TRUNKS__TELKOM_A__NAT: TELKOM_A stands for 2 [[trunks]]; "
        "give them names that differ in letters or digits"
    ]


def test_an_item_whose_name_is_a_mistake_of_the_file() -> None:
    """A variable for an item whose name the file leaves out is no second mistake."""
    text = spoil(('name = "telkom-a"', ""))

    assert [problem.key for problem in problems_of(text, {"SIAGA112__TRUNKS__TELKOM_A__PASSWORD": "x"})] == [
        "trunks[#1].name"
    ]


def test_other_variables_are_not_looked_at() -> None:
    """Only names with two underscores are keys; `SIAGA112_CONFIG` and all others are none of its business."""
    assert problems_of(SOUND, {"SIAGA112_CONFIG": "x", "SIAGA112": "y", "PATH": "/bin"}) == []
