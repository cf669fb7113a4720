"""`siaga112 asterisk run`, where there is no Asterisk of ours to run."""

from pathlib import Path

from click.testing import CliRunner

from siaga112.cli.root import cli
from siaga112.settings import template


def test_a_foreign_asterisk_is_not_run(tmp_path: Path) -> None:
    """A wrong configuration is status 2, for which the unit is not started again, and one line that names the mend."""
    file = tmp_path / "siaga112.toml"
    file.write_text(template().replace("managed = true ", "managed = false", 1))

    result = CliRunner().invoke(cli, ["--config", str(file), "asterisk", "run"])

    line = "Error: [asterisk] managed = false: this Asterisk is not ours to run; disable this service\n"
    assert (2, line) == (result.exit_code, result.stderr)
