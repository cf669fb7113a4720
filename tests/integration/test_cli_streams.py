"""The program at the end of pipes: closed, full, or slow ones end in a line, never in a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("hardware", "pydantic", "redis", "rich", "siaga112.settings", "sqlalchemy", "structlog")
WHAT_HELP_LOADS = f"""
import sys
from siaga112.cli.root import cli
cli.main(["--help"], standalone_mode=False)
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
PROGRAM = f"{sys.executable} -m siaga112"


def shell(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a line of shell: only it can close a descriptor before the program begins."""
    return subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("command", ["classify", "classify --json", "pdu"])
@pytest.mark.parametrize(
    ("streams", "told"),
    [
        ("<&-", "Error: standard input is closed"),
        (">&-", "Error: standard output is closed"),
        (">/dev/full", "input or output: No space left on device"),
    ],
)
def test_streams_that_cannot_be_used(command: str, streams: str, told: str, tmp_path: Path) -> None:
    """One line says which of them it is, with exit status 1."""
    done = shell(f"echo 00 | {{ {PROGRAM} {command} {streams}; }}", tmp_path)

    assert (1, "") == (done.returncode, done.stdout)
    assert [True] == [line.startswith(told) for line in done.stderr.splitlines()], done.stderr


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    """`siaga112 classify | head -1` ends in silence."""
    done = shell(f"yes api | head -20000 | {PROGRAM} classify | head -1", tmp_path)

    assert ("kebakaran\t1.00\tdamkar\tapi\n", "") == (done.stdout, done.stderr)


@pytest.mark.parametrize(("command", "said", "told"), [("classify", "api", "kebakaran"), ("pdu", "00", "{")])
def test_a_line_is_answered_before_the_next_is_there(command: str, said: str, told: str, tmp_path: Path) -> None:
    """Who talks with the program line by line has each answer at once."""
    argv = [sys.executable, "-m", "siaga112", command]
    with subprocess.Popen(argv, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(f"{said}\n")
            process.stdin.flush()
            assert process.stdout.readline().startswith(told)
        process.stdin.close()
        assert 0 == process.wait(60)


def test_an_argument_that_is_no_text(tmp_path: Path) -> None:
    """Bytes of another encoding are wrong use."""
    done = shell(f"{PROGRAM} tickets show \"$(printf 'a\\377')\"", tmp_path)

    assert (2, "", "Error: 'a?' is not UTF-8 text; write it again on a terminal that is set to UTF-8\n") == (
        done.returncode,
        done.stdout,
        done.stderr,
    )


def test_help_loads_no_command() -> None:
    """Who asks for help does not wait for what the commands need."""
    done = subprocess.run(
        [sys.executable, "-c", WHAT_HELP_LOADS], capture_output=True, text=True, check=True, timeout=60
    )

    assert "[]\n" == done.stderr


def test_demo_that_cannot_write(tmp_path: Path) -> None:
    """Where the last demo's folder belongs to somebody else, one line says what to do."""
    (tmp_path / "var").touch()

    done = shell(f"{PROGRAM} demo", tmp_path)

    assert (1, "") == (done.returncode, done.stdout)
    assert [
        f"Error: {tmp_path}/var/demo/state: not a directory; remove var, or run the demo as its owner"
    ] == done.stderr.splitlines()


def test_octets_that_are_no_hexadecimal(tmp_path: Path) -> None:
    """What stands there is named as it came, so that a person can find it."""
    done = shell(f"printf '07\\377\\n' | {PROGRAM} pdu", tmp_path)

    assert [r"not-hex: character 3 is '\xff'"] == json.loads(done.stdout)["errors"]
