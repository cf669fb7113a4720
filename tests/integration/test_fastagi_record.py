"""Recording a prompt by telephone: PIN, number, the take, what becomes of it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis import Redis

from agi_scripts.server import AgiServer, serve
from agi_scripts.services import open_desk
from ivr.prompts.listing import Source, list_prompts
from siaga112.settings import Settings
from tests.support.agi_city import agi_city
from tests.support.fake_asterisk import FakeAsterisk, Words, call
from tests.support.redis_server import RedisServer

PIN = "4711"
NOT_THERE = b"200 result=-1 endpos=0\n"


@pytest.fixture
def settings(tmp_path: Path, redis_server: RedisServer, redis_client: Redis) -> Settings:
    """The city, which takes recordings by telephone."""
    here = agi_city(tmp_path, redis_server.url)
    return here.model_copy(update={"ivr": here.ivr.model_copy(update={"record_pin": SecretStr(PIN)})})


@pytest.fixture
def server(settings: Settings) -> Iterator[AgiServer]:
    """The server as the program runs it."""
    with open_desk(settings) as desk, serve(desk) as running:
        yield running


class Typist:
    """Types at each question what it is told to, question by question; what it says is `take`, unless there is none."""

    def __init__(self, take: Path | None = None, **typed: list[str]) -> None:
        self._take = take
        self._typed = {name.replace("_", "-"): list(keys) for name, keys in typed.items()}
        self._now: Iterator[str] = iter("")

    def __call__(self, words: Words) -> bytes:
        """How Asterisk answers one command."""
        match words:
            case ["STREAM", "FILE", file, *_]:
                questions = self._typed.get(file.rpartition("/")[2], [])
                self._now = iter(questions.pop(0) if questions else "")
                return b"200 result=0 endpos=800\n"
            case ["WAIT", "FOR", "DIGIT", _]:
                return f"200 result={ord(next(self._now, chr(0)))}\n".encode()
            case ["RECORD", "FILE", file, "wav", "#", _] if self._take is not None:
                shutil.copyfile(self._take, f"{file}.wav")
                return b"200 result=35 (dtmf) endpos=16000\n"
            case ["RECORD", "FILE", *_]:
                return NOT_THERE
        return b""


def serve_one(server: AgiServer, typist: Callable[[Words], bytes]) -> FakeAsterisk:
    """One call from beginning to end."""
    phone = call(server.address, script="record", answer=typist)
    phone.finish()
    return phone


def said(phone: FakeAsterisk) -> list[str]:
    """The prompts, without the take itself."""
    return [name for name in phone.played() if name != "finished"]


def tone(path: Path, *effects: str) -> Path:
    """A take of one tone."""
    subprocess.run(
        ("sox", "-n", "-r", "8000", "-b", "16", str(path), "synth", "2", "sine", "440", *effects),
        check=True,
        timeout=60,
    )
    return path


def number_of(settings: Settings, name: str, language: str) -> str:
    """What `prompts list` gives as its number, with the key that ends it."""
    (found,) = [p for p in list_prompts(settings) if (p.name, p.language) == (name, language)]
    return f"{found.number}#"


def source_of(settings: Settings, name: str, language: str) -> Source | None:
    """Where its sound comes from now, of the city's own the seconds too."""
    (found,) = [p for p in list_prompts(settings) if (p.name, p.language) == (name, language)]
    return found.source if found.seconds > 1 else None


def test_a_take_that_is_kept_is_heard_from_then_on(server: AgiServer, settings: Settings, tmp_path: Path) -> None:
    """PIN, number, the take, played back as callers will hear it, kept by 1; then another number may come."""
    typist = Typist(
        tone(tmp_path / "take.wav", "vol", "0.3"),
        enter_pin=[f"{PIN}#"],
        enter_prompt_number=[number_of(settings, "stay", "en")],
        recording_keep=["1"],
    )
    phone = serve_one(server, typist)

    assert [
        "enter-pin",
        "enter-prompt-number",
        "recording-prompt-start",
        "recording-keep",
        "recording-saved",
        "enter-prompt-number",
    ] == said(phone)
    assert "finished" in phone.played()
    assert Source.OWN is source_of(settings, "stay", "en")
    assert [] == list((tmp_path / "prompts" / "takes").iterdir())


def test_a_take_may_be_done_again(server: AgiServer, settings: Settings, tmp_path: Path) -> None:
    """2 throws it away; silence throws it away and asks for nothing more."""
    typist = Typist(
        tone(tmp_path / "take.wav", "vol", "0.3"),
        enter_pin=[f"{PIN}#"],
        enter_prompt_number=[number_of(settings, "stay", "id")],
        recording_keep=["2", ""],
    )
    phone = serve_one(server, typist)

    assert 2 == said(phone).count("recording-prompt-start")
    assert "recording-saved" not in said(phone)
    assert None is source_of(settings, "stay", "id")


@pytest.mark.parametrize(
    ("effects", "name"),
    [
        (("vol", "0.005"), "recording-too-quiet"),
        (("gain", "12"), "recording-too-loud"),
        (("vol", "0.3", "repeat", "4"), "recording-too-long"),
        (("vol", "0.3", "trim", "0", "0.02"), "recording-too-short"),
    ],
)
def test_a_take_that_callers_should_not_hear_is_refused(
    server: AgiServer, settings: Settings, tmp_path: Path, effects: tuple[str, ...], name: str
) -> None:
    """What is wrong is said, and the next take begins; a telephone beside its hook does not go on for ever."""
    typist = Typist(
        tone(tmp_path / "take.wav", *effects),
        enter_pin=[f"{PIN}#"],
        enter_prompt_number=[number_of(settings, "stay", "id")],
    )
    phone = serve_one(server, typist)

    assert [name] * 5 == [prompt for prompt in said(phone) if prompt.startswith("recording-too")]
    assert None is source_of(settings, "stay", "id")


def test_a_take_that_asterisk_cannot_write_is_said(server: AgiServer, settings: Settings) -> None:
    """Nothing is changed."""
    typist = Typist(enter_pin=[f"{PIN}#"], enter_prompt_number=[number_of(settings, "stay", "id")])

    assert ["recording-prompt-start", "recording-failed", "enter-prompt-number"] == said(serve_one(server, typist))[2:]


def test_a_wrong_pin_is_refused_three_times(server: AgiServer) -> None:
    """Then the call is over; a PIN of the full length needs no key to end it."""
    typist = Typist(enter_pin=["1#", "47110000", "4711*#"])

    assert [*["enter-pin", "wrong-pin"] * 3, "not-allowed"] == said(serve_one(server, typist))


def test_who_types_nothing_is_asked_three_times(server: AgiServer) -> None:
    """And hears nothing of a wrong PIN."""
    assert ["enter-pin"] * 3 + ["not-allowed"] == said(serve_one(server, Typist()))


def test_without_a_pin_nobody_records(settings: Settings) -> None:
    """An empty PIN is none, not one that is typed by pressing nothing."""
    off = settings.model_copy(update={"ivr": settings.ivr.model_copy(update={"record_pin": SecretStr("")})})
    with open_desk(off) as desk, serve(desk) as server:
        phone = serve_one(server, Typist(enter_pin=["#"]))

    assert ["not-allowed"] == said(phone)


@pytest.mark.parametrize("number", ["0#", "9999", "*1#", "**#"])
def test_a_number_that_no_prompt_has_is_said(server: AgiServer, number: str) -> None:
    """And asked again; nothing at all ends the call."""
    typist = Typist(enter_pin=[f"{PIN}#"], enter_prompt_number=[number])

    assert ["enter-prompt-number", "wrong-prompt-number", "enter-prompt-number"] == said(serve_one(server, typist))[1:]
