"""`trunks history`: what changed, short for people and whole for machines."""

import json
from pathlib import Path

from click.testing import CliRunner

from hardware.asterisk.generations import Generations, Outcome
from hardware.asterisk.layout import Layout
from siaga112.cli.root import cli
from tests.support.checked import Installation

FILES = {f"{name}.conf": "" for name in ("asterisk", "cdr", "features", "manager", "modules")}


def test_long_change(tmp_path: Path) -> None:
    """The first change has every file: people are told some and how many more, machines each."""
    installation = Installation(tmp_path)
    generations = Generations(Layout.under(installation.state).history)
    generations.add(FILES, Outcome.IN_FORCE)
    generations.add(FILES | {"cdr.conf": "new"}, Outcome.IN_FORCE)
    command = ["--config", str(installation.config), "trunks", "history"]

    shown = CliRunner().invoke(cli, command, catch_exceptions=False).output.splitlines()
    told = json.loads(CliRunner().invoke(cli, [*command, "--json"], catch_exceptions=False).output)

    assert ["cdr.conf", "asterisk.conf, cdr.conf, features.conf and 2 more"] == [
        line[shown[0].index("changed") :].partition("  ")[0] for line in shown[1:]
    ]
    assert [["cdr.conf"], sorted(FILES)] == [row["changed"] for row in told]
