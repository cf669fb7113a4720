"""`siaga112 classify`: an answer for every line."""

import json

import pytest
from click.testing import CliRunner, Result

from siaga112.cli.root import cli

LINES = "kebakaran di pasar\n\nular, anak pingsan\r\nhalo\x0b\x85\u2028pak\n"


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody's configuration but the demo city's."""
    monkeypatch.delenv("SIAGA112_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))


def run(*arguments: str, given: str | bytes) -> Result:
    """What it answers."""
    return CliRunner().invoke(cli, ["classify", *arguments], input=given, catch_exceptions=False)


def test_json() -> None:
    """An object a line, in order, empty ones and strange ends of line included; priority raised by danger to life."""
    result = run("--json", given=LINES)
    rows = [(row["text"], row["category"], row["agencies"], row["priority"]) for row in json.loads(result.stdout)]
    assert [
        ("kebakaran di pasar", "kebakaran", ["damkar"], 1),
        ("", "lainnya", ["kominfo"], 3),
        ("ular, anak pingsan", "medis", ["dinkes"], 1),
        ("halo\x0b\x85\u2028pak", "lainnya", ["kominfo"], 3),
    ] == rows


def test_many_lines() -> None:
    """There is no limit."""
    assert 5000 == len(json.loads(run("--json", given="api\n" * 5000).stdout))


def test_text() -> None:
    """Category, confidence, agencies and the words that decided."""
    assert "kebakaran\t1.00\tdamkar\tkebakaran\n" == run(given="kebakaran\n").stdout


def test_nothing() -> None:
    """No line, no answer."""
    assert ([], "") == (json.loads(run("--json", given="").stdout), run(given="").stdout)


def test_no_text() -> None:
    """What is no UTF-8 has an answer too."""
    assert "lainnya\t0.00\tkominfo\t\n" == run(given=b"\xff\xfe\n").stdout
