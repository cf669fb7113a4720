"""Listings: what `--since` means, and that nothing from outside moves a terminal's cursor."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner

from siaga112.cli.listing import Code, Since, moment, print_rows
from siaga112.cli.root import cli
from tickets.vocabulary import Channel

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("0m", NOW),
        ("30m", NOW - timedelta(minutes=30)),
        ("2h", NOW - timedelta(hours=2)),
        ("7d", NOW - timedelta(days=7)),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=WIB)),
        ("2026-11-21T08:00", datetime(2026, 11, 21, 8, tzinfo=WIB)),
        ("2026-11-21T08:00+09:00", datetime.fromisoformat("2026-11-21T08:00+09:00")),
    ],
)
def test_since(said: str, meant: datetime) -> None:
    """A moment is local to the city unless it says otherwise; a length is counted back from now."""
    assert meant == moment(Since().convert(said, None, None), NOW, WIB)


@pytest.mark.parametrize("said", ["", "soon", "h", "-2h", "2 h", "2026-13-01", f"{'9' * 20}d", f"{'9' * 5000}d"])
def test_since_refuses_what_is_no_moment(said: str) -> None:
    """One line says what would be right."""
    with pytest.raises(click.BadParameter, match="write 2026-11-21"):
        Since().convert(said, None, None)


@pytest.mark.parametrize("said", ["0001-01-01", "9999-12-31", "36501d", f"{10**12}m"])
def test_since_refuses_what_the_calendar_does_not_hold(said: str) -> None:
    """Moments that no time zone could be applied to, and lengths of centuries, are wrong use."""
    with pytest.raises(click.BadParameter, match=r"outside 1970 to 8999|hundred years"):
        Since().convert(said, None, None)


def test_code_is_as_the_surface_writes_it() -> None:
    """`sms` is a channel, `SMS` and `telegram` are none."""
    assert Channel.SMS is Code(Channel).convert("sms", None, None)
    with pytest.raises(click.BadParameter, match="none of call, sms"):
        Code(Channel).convert("telegram", None, None)


def test_table_is_not_disturbed_by_its_content(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters of a message do not reach the terminal, markup is text."""
    print_rows([{"text": "a\x1b[2Jb\nc [bold]d[/bold]"}], as_json=False, columns=("text",))

    assert "a [2Jb c [bold]d[/bold]" == capsys.readouterr().out.splitlines()[1].rstrip()


def test_piped_rows_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal a row is one line, however long, with its columns below each other."""
    rows = [{"a_b": "x" * 300, "c": "y" * 300}, {"a_b": None, "c": ["1", "2"]}]
    print_rows(rows, as_json=False, columns=("a_b", "c"))

    heading = "a b" + " " * 299 + "c"
    assert [heading, "x" * 300 + "  " + "y" * 300, "-" + " " * 301 + "1, 2"] == capsys.readouterr().out.splitlines()


def test_empty_listing_is_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    """A script that parses the output never finds nothing."""
    print_rows([], as_json=True, columns=("text",))

    assert "[]\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["tickets", "list", "--limit", "0"], "Invalid value for '--limit'"),
        (["tickets", "list", "--limit", "99999999999999999999"], "Invalid value for '--limit'"),
        (["tickets", "list", "--since", "99999999999999999999d"], "is no moment"),
        (["messages", "retry", "99999999999999999999"], "Invalid value for 'ID'"),
        (["tickets", "nonsense"], "No such command 'nonsense'"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_wrong_use_is_status_2(argv: list[str], said: str) -> None:
    """Wrong use is said in words, with exit status 2."""
    result = CliRunner().invoke(cli, argv)

    assert 2 == result.exit_code
    assert said in result.output


def test_yes_and_no(capsys: pytest.CaptureFixture[str]) -> None:
    """People read words; machines get what JSON has for them."""
    rows = [{"held": True}, {"held": False}]
    print_rows(rows, as_json=False, columns=["held"])
    told = capsys.readouterr().out
    print_rows(rows, as_json=True, columns=["held"])

    assert (["held", "yes", "no"], rows) == (told.split(), json.loads(capsys.readouterr().out))
