"""What is told of a configuration that can be used and is probably not what was meant."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from siaga112.cli.root import cli
from siaga112.settings import doubts
from siaga112.settings.no_effect import WITHOUT_EFFECT
from siaga112.settings.schema import sections
from tests.support.configuration import read

ROOT = Path(__file__).parents[2]
ROOMS = ("agi_scripts", "console", "hardware", "ivr", "queue", "siaga112", "sms_gateway", "tickets")
GOOD = "a-long-one-of-its-own"


def told(text: str) -> list[str]:
    """The doubts about a file with this text, without their advice."""
    return [f"{doubt.key}: {doubt.wrong}" for doubt in doubts(read(text))]


def operators(*secrets: str) -> str:
    """Operators 1001, 1002 … with these secrets."""
    return "\n".join(
        f'[[operators]]\nextension = "{extension}"\nsecret = "{secret}"'
        for extension, secret in enumerate(secrets, 1001)
    )


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("change-me", "it is one that is tried first"),
        ("Password", "it is one that is tried first"),
        ("1001", "it has 4 characters"),
        ("aaaaaaaaaa", "it is one character over and over"),
    ],
)
def test_a_secret_that_can_be_guessed(secret: str, why: str) -> None:
    """A phone's secret that others think of too is told; it is never repeated."""
    assert [f"operators[1001].secret: can be guessed: {why}"] == told(operators(secret, GOOD))
    assert secret not in "".join(doubt.right for doubt in doubts(read(operators(secret, GOOD))))


def test_a_secret_that_is_its_extension() -> None:
    """However long it is, the extension is known to everybody."""
    text = f'[[operators]]\nextension = "1001100110"\nsecret = "1001100110"\n{operators(GOOD)}'

    assert ["operators[1001100110].secret: can be guessed: it is its extension"] == told(text)


def test_a_secret_of_two() -> None:
    """Who knows the secret of one phone must not know that of another."""
    whose = "can be guessed: it is another operator's too"

    assert [f"operators[1001].secret: {whose}", f"operators[1002].secret: {whose}"] == told(operators(GOOD, GOOD))


def test_an_operator_without_a_phone() -> None:
    """Nobody can ring an operator with neither secret nor contact; with one of the two all is well."""
    text = operators(GOOD, "") + '\n[[operators]]\nextension = "1003"\ncontact = "sip:10.0.0.21:5060"'

    assert ["operators[1002]: has neither secret nor contact: nobody can ring it"] == told(text)


def test_an_outside_number_without_a_way_out() -> None:
    """An outside number needs a trunk."""
    assert ["routing.fallback_number: cannot be called: there are no trunks"] == told(
        '[routing]\nfallback_number = "110"'
    )


def trunk(host: str, match: str = "") -> str:
    """A trunk there, that takes calls from there."""
    return f'[[trunks]]\nname = "a"\nhost = "{host}"\nmatch = [{match}]\n{operators(GOOD)}'


@pytest.mark.parametrize("host", ["203.0.113.10:5060", "sip.example.net", "[2001:db8::5]:5061"])
def test_loopback_address_with_a_trunk_outside(host: str) -> None:
    """A city that listens to itself alone is told that its telecom operator cannot reach it."""
    wrong = f"127.0.0.1 is reached from this machine alone, not from a at {host}"

    assert [f"asterisk.bind: {wrong}"] == told(trunk(host))
    assert [] == told(f'[asterisk]\nbind = "0.0.0.0"\n{trunk(host)}')


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost:5070", "carrier.localhost", "::1"])
def test_trunk_on_this_machine_reaches_a_loopback_address(host: str) -> None:
    """The demo city's is one."""
    assert [] == told(trunk(host))


@pytest.mark.parametrize(
    ("network", "addresses"),
    [("0.0.0.0/0", "4,294,967,296"), ("128.0.0.0/1", "2,147,483,648"), ("::/0", f"{2**128:,}")],
)
def test_trunk_that_takes_calls_from_everywhere(network: str, addresses: str) -> None:
    """Whoever scans the internet would be taken for the telecom operator."""
    wrong = f"{network} takes calls from {addresses} addresses for the telecom operator's"

    assert [f"trunks[a].match: {wrong}"] == told(trunk("127.0.0.2", f'"{network}", "203.0.113.0/29", "10.0.0.0/8"'))


def test_a_key_without_effect() -> None:
    """Each key that is set and does nothing is told once, whatever number of agencies have it."""
    agencies = "".join(f'[[agencies]]\ncode = "{code}"\nsms = ["+628123450001"]\n' for code in ("damkar", "pu"))
    category = '[[categories]]\ncode = "api"\nagencies = ["damkar"]\n'
    text = f'[routing]\nanswer_target_seconds = 20\n[lapor]\nurl = "https://lapor.example"\n{agencies}{category}'

    assert [
        "[[agencies]] sms: has no effect yet",
        "routing.answer_target_seconds: has no effect yet",
        "lapor.url: has no effect yet",
    ] == told(text)


def test_a_default_is_no_doubt() -> None:
    """Who sets nothing is told nothing; nor is who writes the defaults."""
    assert [] == told("")
    assert [] == told('[routing]\nanswer_target_seconds = 15\n[lapor]\nurl = ""')


@pytest.mark.parametrize(("section", "key"), WITHOUT_EFFECT)
def test_no_program_reads_a_key_without_effect(section: str, key: str) -> None:
    """Who begins to use such a key takes it out of the table."""
    assert key in sections()[section].keys
    others = "" if sections()[section].is_list else rf"\b{section}"
    used = re.compile(rf"{others}(?<!settings)\.{key}\b(?!\()")

    assert [] == [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in {".py", ".j2"} and "siaga112/settings" not in str(path)
        for line in path.read_text().splitlines()
        if used.search(line)
    ]


def test_up_tells_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each doubt is one line of the log of `up`, which runs all the same."""
    monkeypatch.setattr("siaga112.parts.up.up", lambda *_: 0)
    config = tmp_path / "siaga112.toml"
    config.write_text(operators("change-me"))

    result = CliRunner().invoke(cli, ["--config", str(config), "up"])
    lines = [json.loads(line) for line in result.stderr.splitlines()]

    assert 0 == result.exit_code
    assert [("warning", "operators[1001].secret")] == [(line["level"], line["key"]) for line in lines]
    assert "change-me" not in result.stderr
