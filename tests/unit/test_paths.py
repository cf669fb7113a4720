"""Where things are on disk."""

import os
from pathlib import Path

import pytest

from siaga112.paths import LONGEST_SOCKET_PATH, StatePaths


def test_sockets_fit_whatever_the_state_directory(tmp_path: Path) -> None:
    """A deep state directory gets its sockets elsewhere, the same place each time."""
    deep = StatePaths(tmp_path / ("deep-" * 30))

    assert len(os.fsencode(deep.redis_socket)) <= LONGEST_SOCKET_PATH
    assert deep.run == StatePaths(deep.state_dir).run
    assert deep.run != StatePaths(tmp_path / ("else-" * 30)).run


def test_usual_state_directory_keeps_its_sockets() -> None:
    """Nothing is hidden in a temporary folder without need."""
    assert Path("/srv/siaga112/run/redis.sock") == StatePaths(Path("/srv/siaga112")).redis_socket


def test_run_folder_is_closed_to_others(tmp_path: Path) -> None:
    """Who can reach the sockets can read every ticket."""
    run = StatePaths(tmp_path / "state").make_run()

    assert 0o700 == run.stat().st_mode & 0o777


def test_somebody_elses_run_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was put there by another user, or is a link, is not used."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    deep = StatePaths(tmp_path / ("deep-" * 30))
    deep.run.parent.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    deep.run.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PermissionError, match="remove it"):
        deep.make_run()
