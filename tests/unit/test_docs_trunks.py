"""What docs/trunks.md says to write is a sound configuration, and what it says of the log is what stands there."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from hardware.asterisk.ami import Message
from hardware.asterisk.layout import Layout
from hardware.asterisk.render import AmiUser, render
from siaga112 import log
from siaga112.settings import Settings
from siaga112.settings.doubts import doubts
from siaga112.trunks.strangers import TRIES, Strangers
from tests.support.configuration import problems_of, read

TEXT = (Path(__file__).parents[2] / "docs" / "trunks.md").read_text("utf-8")
RECIPES = re.findall(r"(?ms)^```toml\n(.*?)^```", TEXT)
SOMEBODY = '\n[[operators]]\nextension = "1001"\nsecret = "a long one of its own"\n'


def settings(recipe: str) -> Settings:
    """A city with these trunks and one operator."""
    return read(recipe + SOMEBODY)


def test_there_are_recipes() -> None:
    """One for each kind of other side, and more."""
    assert 6 == len(RECIPES)


@pytest.mark.parametrize("recipe", RECIPES, ids=range(len(RECIPES)))
def test_recipe_is_a_configuration(recipe: str) -> None:
    """No mistake, nothing doubtful about its trunks, and Asterisk's files can be written from it."""
    assert [] == problems_of(recipe + SOMEBODY)
    found = settings(recipe)
    files = render(found, Layout.under(Path("/var/lib/siaga112")), Path("/srv/prompts"), AmiUser("user", "secret"))

    assert {f"pjsip.d/trunk-{trunk.name}.conf" for trunk in found.trunks} <= files.keys()
    assert [] == [doubt for doubt in doubts(found) if doubt.key.startswith("trunks")]


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """What a test configures is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.mark.usefixtures("logging_as_it_was")
def test_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """What is written when somebody guesses has the fields that are shown, and fail2ban finds the address in it."""
    (shown,) = re.findall(r"(?ms)^```json\n(.*?)^```", TEXT)
    (pattern,) = re.findall(r"(?m)^failregex = (.*)$", TEXT)
    refused = Message(
        (("Event", "InvalidPassword"), ("Service", "PJSIP"), ("RemoteAddress", "IPV4/UDP/192.0.2.66/5060"))
    )
    log.configure("switchboard", json=True)
    strangers = Strangers()
    for _ in range(TRIES):
        strangers.on_event(refused)
    written = capsys.readouterr().err

    found = re.search(pattern.replace("<HOST>", r"(?P<host>[0-9a-f.:]+)"), written)
    assert found is not None
    assert "192.0.2.66" == found["host"]
    assert list(json.loads(shown)) == list(json.loads(written))
