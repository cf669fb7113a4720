"""The scripts of deploy/: they are sound, and say in one line what is in their way; and systemd's word on the units."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.deployment import DEPLOY, SERVICES, SYSTEMD

SCRIPTS = ["exercise", "install", "purge", "rollback", "upgrade"]
CHECKERS = [["bash", "-n"], *([["shellcheck", "-x"]] if shutil.which("shellcheck") else [])]
NOBODY = 65534


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command, as somebody who is not root."""
    # Only root can become somebody else.
    user = NOBODY if os.getuid() == 0 else None
    given = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent", **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, user=user, env=given)


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    """A checkout's deploy/ where anybody may read it."""
    for folder in (DEPLOY, DEPLOY.parent / "scripts"):
        shutil.copytree(folder, tmp_path / folder.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (tmp_path, *tmp_path.parents[:2]):
        if path.stat().st_uid == os.getuid():
            path.chmod(0o755)
    return tmp_path / "deploy"


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda command: command[0])
@pytest.mark.parametrize("name", [*SCRIPTS, "siaga112"])
def test_they_are_sound(name: str, checker: list[str]) -> None:
    """Each script can be called, can be read by its shell and, where shellcheck is there, is found sound."""
    command = [*checker, f"deploy/{name}"]
    done = subprocess.run(command, cwd=DEPLOY.parent, capture_output=True, text=True, check=False)

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    assert os.access(DEPLOY / name, os.X_OK)


@pytest.mark.parametrize("name", SCRIPTS[1:])
def test_each_says_that_it_needs_root(deploy: Path, name: str) -> None:
    """Whoever may not gets one line, status 1, and nothing was done."""
    done = run(str(deploy / name))

    assert (1, f"{name}: needs root: sudo deploy/{name}, or DESTDIR=FOLDER") == (
        done.returncode,
        done.stderr.partition(" to look")[0],
    )


@pytest.mark.parametrize("name", ["install", "purge", "rollback", "upgrade"])
def test_each_explains_itself(deploy: Path, name: str) -> None:
    """--help gives the usage and does nothing, for anybody, from anywhere."""
    done = run("env", "-C", "/", str(deploy / name), "--help")

    assert (0, "", True) == (done.returncode, done.stderr, f"deploy/{name}" in done.stdout)


@pytest.mark.parametrize("name", ["purge", "rollback", "upgrade"])
def test_a_wrong_word_is_said(deploy: Path, name: str) -> None:
    """An option that is not there stops before anything is done."""
    done = run(str(deploy / name), "--all")

    assert (1, True) == (done.returncode, done.stderr.startswith(f"{name}: what is --all? There is --"))


def test_purge_of_a_staged_folder(deploy: Path, tmp_path: Path) -> None:
    """With DESTDIR only that folder is touched: the program goes, the data stays."""
    root = tmp_path / "root"
    for folder in ("opt/siaga112/bin", "etc/siaga112", "etc/systemd/system", "var/lib/siaga112", "usr/local/bin"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(SYSTEMD, root / "etc/systemd/system", symlinks=True, dirs_exist_ok=True)
    subprocess.run([deploy / "purge"], env={**os.environ, "DESTDIR": str(root)}, check=True, capture_output=True)

    left = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() or not any(path.iterdir())}

    assert {"etc/siaga112", "etc/systemd/system", "opt", "usr/local/bin", "var/lib/siaga112"} == left


def test_the_upgrade_of_nothing(deploy: Path, tmp_path: Path) -> None:
    """A staged folder has nothing to upgrade or to go back to, and hears so."""
    for name in ("upgrade", "rollback"):
        done = run(str(deploy / name), DESTDIR=str(tmp_path))
        assert (1, f"{name}: ", 1) == (done.returncode, done.stderr[: len(name) + 2], done.stderr.count("\n"))


if shutil.which("systemd-analyze"):  # deploy/exercise has it in any case, and verifies the units where they are used

    @pytest.mark.parametrize("name", SERVICES)
    def test_exposure(name: str, tmp_path: Path) -> None:
        """systemd's exposure level of each unit is below 3.0."""
        shutil.copytree(SYSTEMD, tmp_path / "etc/systemd/system", symlinks=True)
        options = [f"--root={tmp_path}", "--offline=true", "--threshold=29", "--no-pager"]
        command = ["systemd-analyze", "security", *options, name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)

        assert (0, "") == (done.returncode, done.stderr)
