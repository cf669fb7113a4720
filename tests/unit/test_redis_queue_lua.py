"""The Lua files: each is there, is known, and says what it takes and returns."""

import itertools
from importlib.resources import files

import pytest

from redis_queue.lua_files import lua_source
from redis_queue.pool_scripts import LIBRARY, SCRIPTS

OTHER_SCRIPTS = ("bury", "hold", "retry_dead_letter", "take_callback")
NAMES = sorted(entry.name.removesuffix(".lua") for entry in (files("redis_queue") / "lua").iterdir())


def test_every_file_is_used_and_every_used_file_is_there() -> None:
    """No script lies about, none is missing from the package."""
    assert sorted((*LIBRARY, *SCRIPTS, *OTHER_SCRIPTS)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_script_begins_with_what_it_does(name: str) -> None:
    """A header in comments; what is called says its answer."""
    lines = lua_source(name).splitlines()
    header = list(itertools.takewhile(lambda line: line.startswith("--"), lines))

    assert header
    assert (name in LIBRARY) != any(line.startswith("--   returns  ") for line in header)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_short(name: str) -> None:
    """Redis does nothing else while a script runs, and a person must be able to follow it."""
    assert 150 > len(lua_source(name).splitlines())


def test_sources_are_joined_in_order() -> None:
    """The ground comes before what stands on it."""
    joined = lua_source("pool_ground", "claim")

    assert joined.index("local prefix") < joined.index("The best free operator")
