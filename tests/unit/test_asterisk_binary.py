"""Finding Asterisk, and refusing one that is not known."""

import os
from pathlib import Path

import pytest

from hardware.asterisk.binary import brought, find, supported_version
from hardware.asterisk.errors import AsteriskNotFoundError, AsteriskUnsupportedError
from hardware.asterisk.layout import LONGEST_SOCKET_PATH, Layout


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1\n", "22.10.1"),
        ("Asterisk 20.6.0~dfsg-1", "20.6.0"),
        ("Asterisk certified/20.7-cert8", "20.7"),
        ("Asterisk 22", "22"),
    ],
)
def test_known_versions(said: str, version: str) -> None:
    """The two lines with long-term support are taken, however a distribution writes them."""
    assert version == supported_version(said, "asterisk")


@pytest.mark.parametrize(
    "said", ["Asterisk 18.10.0", "Asterisk 21.4.1", "Asterisk 23.0.0", "FreeSWITCH", "", "Asterisk GIT-x"]
)
def test_other_versions(said: str) -> None:
    """Anything else is one line that says what is needed."""
    with pytest.raises(AsteriskUnsupportedError, match=r"^/opt/x: .*20\.x or 22\.x is needed$"):
        supported_version(said, "/opt/x")


def test_configured_program_comes_first(tmp_path: Path) -> None:
    """What the settings name is taken, whatever else is there."""
    assert ("/opt/asterisk",) == find(Path("/opt/asterisk"), tmp_path, {"PATH": "/usr/sbin"}).command


def test_program_on_path(tmp_path: Path) -> None:
    """An Asterisk of the machine's own is preferred to the brought one."""
    program = tmp_path / "asterisk"
    program.write_text("")
    program.chmod(0o755)

    assert (str(program),) == find(None, tmp_path, {"PATH": str(tmp_path)}).command


@pytest.mark.parametrize(
    ("machine", "loader", "library"),
    [
        ("x86_64", "lib64/ld-linux-x86-64.so.2", "x86_64-linux-gnu"),
        ("aarch64", "lib/ld-linux-aarch64.so.1", "aarch64-linux-gnu"),
    ],
)
def test_brought_tree_runs_with_its_own_loader(tmp_path: Path, machine: str, loader: str, library: str) -> None:
    """The loader and the libraries are the tree's, by architecture."""
    program = tmp_path / "usr/sbin/asterisk"
    program.parent.mkdir(parents=True)
    program.touch()

    binary = brought(tmp_path, machine)

    assert (
        str(tmp_path / "usr" / loader),
        "--library-path",
        str(tmp_path / "usr/lib" / library),
        str(program),
    ) == binary.command
    assert tmp_path / "usr/lib" / library / "asterisk/modules" == binary.modules


def test_no_asterisk_anywhere(tmp_path: Path) -> None:
    """What to do about it is in the error."""
    with pytest.raises(AsteriskNotFoundError, match="make setup"):
        find(None, tmp_path, {"PATH": str(tmp_path)})


def test_secret_free_command_lines() -> None:
    """Paths and a command, nothing else, are in the process list."""
    binary = find(Path("/opt/asterisk"))

    assert ["/opt/asterisk", "-C", "/etc/a.conf", "-f", "-n"] == binary.daemon(Path("/etc/a.conf"))
    assert ["/opt/asterisk", "-C", "/etc/a.conf", "-rx", "core show uptime"] == binary.console(
        Path("/etc/a.conf"), "core show uptime"
    )


@pytest.mark.parametrize("length", [10, 60, 80, 81, 82, 83, 84, 85, 90, 200])
def test_control_socket_fits(length: int) -> None:
    """However long the state directory's path is, the socket's fits; it is near when it can be."""
    state = Path("/") / ("x" * length)
    layout = Layout.under(state)

    assert len(os.fsencode(layout.run / "asterisk.ctl")) <= LONGEST_SOCKET_PATH
    assert layout.run.is_relative_to(state) == (len(f"{state}/asterisk/run/asterisk.ctl") <= LONGEST_SOCKET_PATH)


def test_two_installations_do_not_share_a_socket() -> None:
    """Long paths that differ have sockets that differ."""
    one, other = (Layout.under(Path("/") / ("x" * 120) / name) for name in "ab")

    assert one.run != other.run
