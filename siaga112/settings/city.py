"""The built-in demo city, for what needs no installation: `classify`, `prompts`, `ivr`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from siaga112.settings import built_in
from siaga112.settings.load import compose
from siaga112.settings.models import Settings
from siaga112.settings.schema import Tables, sections

SOURCE = "built-in demo city"


def demo_settings(
    state_dir: Path, overrides: Mapping[str, Mapping[str, Any]], environ: Mapping[str, str] | None = None
) -> Settings:
    """The demo city with its state in `state_dir`.

    `overrides` has a mapping for each table that changes, `{"asterisk": {"sip_port": 6060}}`; in a list of tables one
    for each item by its name, `{"trunks": {"carrier": {"host": "127.0.0.2:6070"}}}`. `environ` lies over both.

    Raises ConfigurationError as `load` does.
    """
    tables = built_in.demo_city()
    for name, values in {**overrides, "site": {**overrides.get("site", {}), "state_dir": str(state_dir)}}.items():
        if sections()[name].is_list:
            _override_items(tables, name, values)
        else:
            tables[name] = {**tables.get(name, {}), **values}
    return compose(tables, SOURCE, Path.cwd(), environ or {})


def _override_items(tables: Tables, name: str, values: Mapping[str, Any]) -> None:
    identity = sections()[name].identity
    known = {item[identity]: item for item in tables[name]}
    for item, changes in values.items():
        known[item].update(changes)
