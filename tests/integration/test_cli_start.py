"""What every run of the program does first: it keeps what it writes to itself, and ends without noise when told so."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT_S = 60.0
PROGRAM = "import sys; from siaga112.cli import main; sys.argv[0] = 'siaga112'; main()"


@pytest.mark.parametrize("module", ["click.core", "siaga112.cli.root", "siaga112.settings.schema", "sqlalchemy"])
def test_ctrl_c_while_it_is_still_loading(module: str) -> None:
    """However early it comes, nobody sees a traceback."""
    program = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-c", PROGRAM, "--config", "nowhere.toml", "tickets", "list"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background ignores it, and so would all that they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs
    )
    assert program.stderr is not None
    with program.stderr:
        for line in program.stderr:
            if line.split("|")[-1].strip() == module:
                break
        program.send_signal(signal.SIGINT)
        said = [line for line in program.stderr if not line.startswith("import time:")]

    assert program.wait(LIMIT_S) in {130, -signal.SIGINT}
    assert [] == [line for line in said if line.strip()]


def test_what_it_writes_is_its_own(tmp_path: Path) -> None:
    """Whichever command comes first, and whatever the umask: nobody else can read what citizens said."""
    (tmp_path / "siaga112.toml").write_text('[site]\nstate_dir = "city/state"\n')
    subprocess.run(
        [sys.executable, "-m", "siaga112", "db", "upgrade"],
        cwd=tmp_path,
        check=True,
        timeout=LIMIT_S,
        preexec_fn=lambda: os.umask(0o022),
    )
    state = tmp_path / "city" / "state"
    modes = {path.name: path.stat().st_mode & 0o777 for path in [state, *state.iterdir()]}

    assert {"state": 0o700, "siaga112.db": 0o600} == {name: modes[name] for name in ("state", "siaga112.db")}
    assert [] == [name for name, mode in modes.items() if mode & 0o077]
