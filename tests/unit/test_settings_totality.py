"""Whatever a file and the environment hold, the answer is settings or lines of problems, never another error."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from siaga112.settings import ConfigurationError, compose
from siaga112.settings.schema import sections

SECTIONS = list(sections().values())
KEYS = sorted({name for section in SECTIONS for name in section.names})
TABLES = [section.name for section in SECTIONS]

# What TOML can hold, leaning to what some key has a use for.
scalars = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.booleans(),
    st.floats(),
    st.datetimes(),
    st.sampled_from(
        ["id", "112", "+62812", "0812 3450 001", "sip:x", "redis://[::", "simulator", "/", "..", "a" * 999]
    ),
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
tables = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), values, max_size=6)
documents = st.dictionaries(
    st.sampled_from(TABLES) | st.text(max_size=8), tables | st.lists(tables, max_size=3) | values, max_size=5
)
variables = st.dictionaries(
    st.lists(st.sampled_from([*TABLES, *KEYS, "x", ""]), max_size=4).map(
        lambda way: f"SIAGA112__{'__'.join(way).upper()}"
    ),
    st.text(max_size=20) | st.sampled_from(["\udcff", "[" * 5000, '["id"]', "{", "true"]),
    max_size=3,
)


@given(documents, variables)
def test_any_document_is_settings_or_problems(document: dict[str, Any], environ: dict[str, str]) -> None:
    """Each problem is one printable line that can be encoded."""
    try:
        compose(document, "city.toml", Path("/nowhere"), environ)
    except ConfigurationError as error:
        assert len(error.problems) > 0
        assert len(error.problems) == len(str(error).splitlines())
        assert str(error).replace("\n", "").isprintable()
