"""What an operator or supervisor does by commands: marks, the call-back list, callers, recordings."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from redis_queue.callbacks import CallbackLine
from redis_queue.misuse import Misuse
from siaga112.app import App
from siaga112.cli.root import cli
from siaga112.parts.call_intake import CallIntake
from siaga112.parts.consuming import FaultyEntryError
from siaga112.settings import load
from tests.support.facts import CALLER, OTHER, abandoned, answered, fact, lost
from tests.support.redis_server import RedisServer
from tests.support.tickets import NOON
from tickets.calls.facts import CallFact
from tickets.calls.recordings import FoundRecording, link_recording
from tickets.vocabulary import CallFactKind as Kind
from tickets.vocabulary import Mark, Outcome

CITY = """
[site]
name = "Kota Uji"
code = "UJI"
state_dir = "state"

[redis]
url = "{redis}"

[routing]
prank_calls = 2
"""


@pytest.fixture
def config(tmp_path: Path, redis_server: RedisServer) -> Path:
    """A city with a database and a Redis."""
    file = tmp_path / "siaga112.toml"
    file.write_text(CITY.format(redis=redis_server.url))
    (tmp_path / "state").mkdir()
    return file


@pytest.fixture
def app(config: Path) -> Iterator[App]:
    """The city's own."""
    app = App(load(config, {}))
    with app.store as store:
        store.upgrade()
        yield app
    app.redis.close()


@pytest.fixture
def line(redis_client: Redis) -> CallbackLine:
    """The call-back list as the phones see it."""
    return CallbackLine(redis_client)


def today(facts: list[CallFact]) -> list[CallFact]:
    """The same an hour ago, not on the day of these tests' noon."""
    shift = datetime.now(UTC) - timedelta(hours=1) - NOON
    return [
        CallFact.from_fields(one.to_fields() | {"at": (one.at + shift).isoformat(timespec="seconds")}) for one in facts
    ]


def tell(app: App, *facts: CallFact) -> None:
    """The worker takes them from the stream."""
    intake = CallIntake(app)
    for one in today(list(facts)):
        intake.handle(one.to_fields())


def run(config: Path, *argv: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, ["--config", str(config), *argv])


def rows(config: Path, *argv: str) -> Any:
    """What a command prints as JSON."""
    result = run(config, *argv, "--json")
    assert 0 == result.exit_code, result.output
    return json.loads(result.stdout)


def test_mark(config: Path, app: App) -> None:
    """A prank is a rejected ticket, whoever typed it is in the history."""
    tell(app, *answered("1.1"))
    result = run(config, "tickets", "mark", "uji-2026-000001", "prank", "--by", "ani")

    assert (0, "ticket UJI-2026-000001 is rejected\n") == (result.exit_code, result.stdout)
    assert ["rejected"] == [row["status"] for row in rows(config, "tickets", "list")]
    assert ["prank"] == [row["outcome"] for row in rows(config, "calls", "list")]
    history = rows(config, "tickets", "show", "UJI-2026-000001")["history"]
    assert [("call", "opened"), ("cli:ani", "marked"), ("cli:ani", "status_changed")] == [
        (event["actor"], event["action"]) for event in history
    ]
    assert "cli:ani marked prank" in run(config, "tickets", "show", "UJI-2026-000001").stdout


@pytest.mark.parametrize(
    ("argv", "status", "said"),
    [
        (("UJI-2026-000009", "prank"), 1, "UJI-2026-000009"),
        (("UJI-2026-000001", "nonsense"), 2, "none of prank, ghost, wrong-region, duplicate"),
        (("UJI-2026-000001", "prank", "UJI-2026-000002"), 2, "only a duplicate"),
        (("UJI-2026-000001", "duplicate"), 2, "right would be: mark UJI-2026-000001 duplicate OF-NUMBER"),
        (("UJI-2026-000001", "duplicate", "UJI-2026-000009"), 1, "UJI-2026-000009"),
        (("UJI-2026-000001", "duplicate", "UJI-2026-000001"), 1, "itself"),
    ],
)
def test_a_wrong_mark_is_one_line(config: Path, app: App, argv: tuple[str, ...], status: int, said: str) -> None:
    """And nothing has changed."""
    tell(app, *answered("1.1"))
    result = run(config, "tickets", "mark", *argv)

    assert status == result.exit_code
    assert said in result.stderr
    assert ["new"] == [row["status"] for row in rows(config, "tickets", "list")]


def test_the_call_back_list(config: Path, app: App, line: CallbackLine) -> None:
    """First to call first, the same for commands and phones; what is cleared is off both."""
    tell(app, *abandoned("1.1", 0, OTHER), *abandoned("1.2", 60), *lost("1.3", 100, "+6281234567803"))
    order = ["+6281234567803", OTHER, CALLER]

    assert order == [row["number"] for row in rows(config, "callbacks", "list")]
    assert order == list(line.numbers())
    assert order[:1] == [row["number"] for row in rows(config, "callbacks", "list", "--limit", "1")]

    clear = str(rows(config, "callbacks", "list")[0]["id"])
    first, second = (run(config, "callbacks", "clear", clear, "--by", "ani") for _ in range(2))
    assert (0, 1) == (first.exit_code, second.exit_code)
    assert f"id {clear}" in second.stderr
    assert order[1:] == list(line.numbers())
    assert [("+6281234567803", "cli:ani")] == [
        (row["number"], row["cleared_by"]) for row in rows(config, "callbacks", "list", "--state", "cleared")
    ]


def test_an_attempt_that_only_asterisk_wrote_down_is_known_to_the_phones(app: App, line: CallbackLine) -> None:
    """Who did not answer is behind the others and may be called again; who did is off."""
    tell(app, *abandoned("1.1", 0, OTHER), *abandoned("1.2", 60))
    taken = line.next(bool)
    tell(app, fact(Kind.RECORDED, 200, "1.3", called=OTHER, operator="1001", outcome=Outcome.UNANSWERED))
    behind = line.numbers()
    again = [line.next(bool), line.next(bool)]
    tell(app, fact(Kind.ANSWERED, 300, "1.4", called=OTHER, operator="1001"))

    assert (OTHER, (CALLER, OTHER), [CALLER, OTHER]) == (taken, behind, again)
    assert (CALLER,) == line.numbers()


def test_the_call_back_list_says_who_is_not_called(config: Path, app: App) -> None:
    """In a column, and in one line beside the list that names the key."""
    tell(app, *abandoned("1.1", 0, "+8821612345678"), *abandoned("1.2", 60))
    listed = run(config, "callbacks", "list")

    assert ["country", None] == [row["barred"] for row in rows(config, "callbacks", "list")]
    assert ["1 of these", "callback_countries"] == [
        words for words in ("1 of these", "callback_countries") if words in listed.stderr
    ]
    assert 1 == listed.stderr.count("\n")


def test_a_prank_is_off_the_phones_list(config: Path, app: App, line: CallbackLine) -> None:
    """At once."""
    tell(app, *abandoned("1.1"))
    run(config, "tickets", "mark", "UJI-2026-000001", "prank")

    assert () == line.numbers()


def test_without_redis_a_command_does_what_it_can(config: Path, app: App, redis_server: RedisServer) -> None:
    """The database has it; the person is told that the phones will know later, and they will."""
    tell(app, *abandoned("1.1"))
    redis_server.kill()
    result = run(config, "callbacks", "clear", "1")
    left = rows(config, "callbacks", "list")
    redis_server.start()
    CallIntake(app).compare()

    assert (0, []) == (result.exit_code, left)
    assert "when Redis is back" in result.stderr
    assert () == CallbackLine(app.redis).numbers()


def pranks(app: App) -> None:
    """Two calls of one number that an operator marks."""
    for index in range(2):
        tell(app, *answered(f"1.{index}", index * 300))
        tell(app, fact(Kind.MARKED, index * 300 + 100, f"1.{index}", mark=Mark.PRANK, actor="operator:1001"))


def test_a_caller(config: Path, app: App) -> None:
    """However the number is written: calls, marks, tickets, and until when it is diverted."""
    pranks(app)
    shown = rows(config, "callers", "show", "0812-3456-7801")

    assert CALLER == shown["number"]
    assert ["1.1", "1.0"] == [call["id"] for call in shown["calls"]]
    assert [("1.1", "prank"), ("1.0", "prank")] == [(mark["call_id"], mark["mark"]) for mark in shown["marks"]]
    assert ["rejected", "rejected"] == [ticket["status"] for ticket in shown["tickets"]]
    assert [shown["diverted_until"]] == [row["until"] for row in shown["diversions"]]
    assert "1.1 prank UJI-2026-000002" in run(config, "callers", "show", CALLER).stdout


def test_a_caller_whom_nobody_knows(config: Path, app: App) -> None:
    """Is no error: nothing is known."""
    assert ([], [], None) == tuple(
        rows(config, "callers", "show", OTHER)[name] for name in ("calls", "marks", "diverted_until")
    )


@pytest.mark.parametrize("command", ["show", "lift"])
@pytest.mark.parametrize("number", ["abc", "", "Telkomsel", "+"])
def test_what_is_no_number(config: Path, app: App, command: str, number: str) -> None:
    """Nothing found would look like a caller without calls."""
    result = run(config, "callers", command, number)

    assert (2, "") == (result.exit_code, result.stdout)
    assert f"Error: {number!r} is no telephone number; right would be" in result.stderr


def test_category_that_nobody_knows(config: Path, app: App) -> None:
    """A slip of the code is wrong use; one that is configured may have no ticket."""
    wrong, right = (run(config, "tickets", "list", "--category", code) for code in ("kebakran", "kebakaran"))

    assert (2, 0) == (wrong.exit_code, right.exit_code)
    assert "no category 'kebakran' is configured; there are: kebakaran, " in wrong.stderr


def test_lift(config: Path, app: App, redis_client: Redis) -> None:
    """At once and for the phones too; who is not diverted cannot be lifted."""
    misuse = Misuse(redis_client)
    pranks(app)
    diverted = misuse.is_diverted(CALLER)
    first, second = (run(config, "callers", "lift", CALLER, "--by", "ani") for _ in range(2))

    assert (True, False) == (diverted, misuse.is_diverted(CALLER))
    assert (0, 1) == (first.exit_code, second.exit_code)
    assert ["cli:ani"] == [row["lifted_by"] for row in rows(config, "callers", "show", CALLER)["diversions"]]


def test_a_mark_that_is_corrected_ends_a_diversion_for_the_phones_too(app: App, redis_client: Redis) -> None:
    """Nobody has to know that a number was diverted by mistake, or that it has to be lifted."""
    misuse = Misuse(redis_client)
    pranks(app)
    diverted = misuse.is_diverted(CALLER)
    tell(app, fact(Kind.MARKED, 450, "1.1", mark=Mark.WRONG_REGION, actor="operator:1001"))

    assert (True, False) == (diverted, misuse.is_diverted(CALLER))


def test_a_redis_that_forgot_is_told_again(app: App, redis_client: Redis, line: CallbackLine) -> None:
    """Also of what was lifted while it was away."""
    misuse = Misuse(redis_client)
    pranks(app)
    tell(app, *abandoned("1.8", 0, OTHER))
    redis_client.flushall()
    line.add("+6281234567899", NOON)
    CallIntake(app).compare()

    assert (True, (OTHER,)) == (misuse.is_diverted(CALLER), line.numbers())


@pytest.fixture
def recording(app: App, config: Path) -> Path:
    """The file of a call's recording, linked."""
    tell(app, *answered("1.1"))
    file = config.parent / "state" / "recordings" / "2026/03/01/1.1.wav"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(960_044))
    with app.store.transaction() as session:
        link_recording(session, FoundRecording(call_id="1.1", path="2026/03/01/1.1.wav", seconds=60.0, bytes=960_044))
    return file


def test_recordings(config: Path, recording: Path) -> None:
    """Listed, held and released, with who did it."""
    listed = rows(config, "recordings", "list")
    hold = run(config, "recordings", "hold", "1", "--reason", "LP/12", "--by", "ani")
    held = rows(config, "recordings", "list", "--held")
    release, again = (run(config, "recordings", "release", "1", "--by", "budi") for _ in range(2))
    history = rows(config, "recordings", "show", "1")["history"]

    assert [("1.1", "UJI-2026-000001", str(recording), False)] == [
        (row["call_id"], row["ticket"], row["path"], row["hold"]) for row in listed
    ]
    assert [0, 0, 1] == [result.exit_code for result in (hold, release, again)]
    assert [(True, None, "LP/12")] == [(row["hold"], row["keep_until"], row["hold_reason"]) for row in held]
    assert [("cli:ani", "hold", "LP/12"), ("cli:budi", "release", "")] == [
        (event["actor"], event["action"], event["detail"]) for event in history
    ]
    assert "cli:ani hold LP/12" in run(config, "recordings", "show", "1").stdout


def test_who_plays_is_written_down(config: Path, recording: Path) -> None:
    """Before the path is told; where there is no file nobody listened."""
    played = run(config, "recordings", "play", "1", "--by", "ani")
    recording.unlink()
    gone = run(config, "recordings", "play", "1", "--by", "budi")

    assert (0, f"{recording}\n", 1) == (played.exit_code, played.stdout, gone.exit_code)
    assert [("cli:ani", "play")] == [
        (event["actor"], event["action"]) for event in rows(config, "recordings", "show", "1")["history"]
    ]


@pytest.mark.parametrize("command", ["show", "play", "hold", "release"])
def test_a_recording_that_is_not_there_is_one_line(config: Path, app: App, command: str) -> None:
    """With its id."""
    result = run(config, "recordings", command, "7")

    assert (1, "Error: there is no recording with the id 7\n") == (result.exit_code, result.stderr)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"act": "dance"}, id="an act that nobody knows"),
        pytest.param({"call_id": "1.1", "kind": "marked"}, id="a fact that lacks something"),
    ],
)
def test_an_entry_that_stays_wrong_is_set_aside(app: App, fields: dict[str, str]) -> None:
    """With its reason, so that the ones behind it are read."""
    with pytest.raises(FaultyEntryError):
        CallIntake(app).handle(fields)
