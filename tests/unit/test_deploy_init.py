"""`init` with answers: what it is told is in the file, and the file loads."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siaga112.cli import init as command
from siaga112.cli.root import cli
from siaga112.settings import Settings, doubts, load

FLAGS = [
    *("--name", 'Kabupaten "Baru"', "--code", "KB", "--trunk-host", "10.1.2.3:5070", "--operators", "3"),
    *("--modem", "/dev/ttyUSB2", "--modem", "socket://10.0.0.9:7001", "--state-dir", "/var/lib/siaga112"),
]
PORTS = ["/dev/serial/by-id/usb-A-if00", "/dev/serial/by-id/usb-A-if02"]


def run(file: Path, *arguments: str, typed: str = "") -> Result:
    """`init` writing to a file."""
    return CliRunner().invoke(cli, ["init", str(file), *arguments], input=typed, catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where it writes to."""
    return tmp_path / "siaga112.toml"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is there to be asked, with a stick of two ports plugged in."""
    monkeypatch.setattr(command, "on_terminal", lambda: True)
    monkeypatch.setattr(command, "candidates", lambda: PORTS)


def lines(settings: Settings) -> list[tuple[str, bool, str]]:
    """The trunks in short."""
    return [(trunk.host, trunk.registers, trunk.username) for trunk in settings.trunks]


def test_flags(file: Path) -> None:
    """Each flag is the value of its key; the rest is the template's, and nothing is doubtful."""
    assert 0 == run(file, *FLAGS).exit_code
    settings = load(file, {})

    assert ('Kabupaten "Baru"', "KB") == (settings.site.name, settings.site.code)
    assert Path("/var/lib/siaga112") == settings.site.state_dir
    assert [("10.1.2.3:5070", False, "")] == lines(settings)
    assert ["1001", "1002", "1003"] == [operator.extension for operator in settings.operators]
    assert 3 == len({operator.secret.get_secret_value() for operator in settings.operators} - {""})
    assert ["/dev/ttyUSB2", "socket://10.0.0.9:7001"] == [modem.port for modem in settings.modems]
    assert [] == doubts(settings)
    assert 0o600 == file.stat().st_mode & 0o777


def test_the_comments_stay(file: Path) -> None:
    """A value that was answered still has its explanation beside it."""
    run(file, *FLAGS)

    assert 'code = "KB"                       # ticket numbers begin with it: BWI-2026-000123' in file.read_text()


@pytest.mark.parametrize(
    ("host", "bind"),
    [("10.1.2.3", "0.0.0.0"), ("sip.example.net", "0.0.0.0"), ("2001:db8::1", "::"), ("127.0.0.2:6070", "127.0.0.1")],
)
def test_a_trunk_can_reach_us(file: Path, host: str, bind: str) -> None:
    """With a trunk outside, Asterisk listens outside loopback."""
    run(file, "--trunk-host", host)

    assert bind == load(file, {}).asterisk.bind


def test_every_wrong_flag_is_said(file: Path) -> None:
    """One line with all of them, status 2, and no file."""
    result = run(file, "--code", "kota", "--trunk-host", "a b", "--modem", "ttyUSB0")

    assert (2, False, 1) == (result.exit_code, file.exists(), result.stderr.count("\n"))
    assert ["site.code", "trunks[trunk-1].host", "modems[modem-1].port"] == [
        key for key in ("site.code", "trunks[trunk-1].host", "modems[modem-1].port") if f"{key}: " in result.stderr
    ]


def test_the_demo_city_takes_no_answers(file: Path) -> None:
    """Nobody gets the demo city in the belief that it is theirs."""
    assert (2, False) == (run(file, "--demo-city", "--code", "KB").exit_code, file.exists())


@pytest.mark.usefixtures("terminal")
def test_questions(file: Path) -> None:
    """Each answer is in the file; a login's password is asked for, and not shown."""
    typed = ["Kota Baru", "kb", "sip.example.net", "registration", "user-1", "s3cret-word", "2", "2"]
    result = run(file, typed="\n".join(typed) + "\n")
    settings = load(file, {})

    assert 0 == result.exit_code, result.output
    assert ("Kota Baru", "KB") == (settings.site.name, settings.site.code)
    assert [("sip.example.net", True, "user-1")] == lines(settings)
    assert "s3cret-word" == settings.trunks[0].password.get_secret_value()
    assert "s3cret-word" not in result.output
    assert ["1001", "1002"] == [operator.extension for operator in settings.operators]
    assert [PORTS[1]] == [modem.port for modem in settings.modems]


@pytest.mark.usefixtures("terminal")
def test_enter_alone(file: Path) -> None:
    """Who knows nothing yet gets a file without a trunk, with the first port that was found."""
    assert 0 == run(file, typed="\n" * 5).exit_code
    settings = load(file, {})

    assert ([], 2, [PORTS[0]]) == (
        lines(settings),
        len(settings.operators),
        [modem.port for modem in settings.modems],
    )


@pytest.mark.usefixtures("terminal")
def test_no_modem(file: Path) -> None:
    """A city without a modem says none; the example stays as a comment."""
    run(file, *FLAGS[:8], typed="none\n")

    assert () == load(file, {}).modems
    assert "# [[modems]]" in file.read_text()


@pytest.mark.usefixtures("terminal")
def test_what_cannot_be_is_asked_again(file: Path) -> None:
    """A wrong answer is said with what would be right, and the question comes again."""
    result = run(file, "--name", "Kota", typed="K B\nKB\n" + "\n" * 3)

    assert (0, "KB") == (result.exit_code, load(file, {}).site.code)
    assert 'Error: "K B" cannot be used here; write 1 to 10 capital letters or digits' in result.output


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("arguments", [("--no-input",), tuple(FLAGS), ("--demo-city",)])
def test_nothing_left_to_ask(file: Path, arguments: tuple[str, ...]) -> None:
    """With --no-input, with all said, and for the demo city no question is asked on a terminal either."""
    assert 0 == run(file, *arguments).exit_code
    assert file.exists()
