"""An operator records a prompt by telephone on a real Asterisk, and the next caller hears it."""

from collections.abc import Iterator

import pytest

from hardware.softphone import OutgoingCall, Phone, answering
from tests.support.asterisk_server import write_tone
from tests.support.city import PROMPT_HZ, City, converse
from tests.support.eventual import eventually

PIN = "4711"
NUMBER_HZ, SPEAK_HZ, WRONG_HZ, KEEP_HZ, SAVED_HZ, REFUSED_HZ = 500, 700, 900, 1100, 1500, 1700
VOICE_HZ = 2000
BYTES_A_SECOND = 16_000
PATIENCE_S = 20.0

ASKED = {
    "enter-prompt-number": NUMBER_HZ,
    "recording-prompt-start": SPEAK_HZ,
    "wrong-pin": WRONG_HZ,
    "recording-keep": KEEP_HZ,
    "recording-saved": SAVED_HZ,
    "not-allowed": REFUSED_HZ,
}


@pytest.fixture(scope="module")
def studio_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A running city with a PIN; each question sounds differently."""
    city = City(tmp_path_factory.mktemp("studio"), ivr=f'record_pin = "{PIN}"')
    for name, frequency_hz in ASKED.items():
        write_tone(city.folder / "sounds" / "id" / f"{name}.wav", frequency_hz, 1.0)
    try:
        city.start()
        yield city
        city.stop()
    finally:
        city.close()


@pytest.fixture
def studio(studio_session: City) -> Iterator[City]:
    """The running city, without phones and calls."""
    yield studio_session
    studio_session.rest()


def dial(phone: Phone) -> OutgoingCall:
    """The code, answered by the question for the PIN."""
    call = phone.call("*51")
    call.wait_answered()
    call.wait_tone(PROMPT_HZ, PATIENCE_S)
    return call


def number_of(city: City, name: str) -> str:
    """What `prompts list` gives as its number."""
    (found,) = [row for row in city.up.listing("prompts", "list") if row["name"] == name]
    return str(found["number"])


def recorded_bytes(city: City) -> int:
    """Size of the take that is being recorded."""
    return sum(take.stat().st_size for take in city.app.paths.prompt_takes.rglob("take.wav"))


def test_what_is_recorded_is_what_callers_hear(studio: City) -> None:
    """PIN, number, voice, playback, kept; the very next caller is greeted by it."""
    with studio.on_duty("1001", answering()) as desk:
        call = dial(desk)
        call.press(f"{PIN}#")
        call.wait_tone(NUMBER_HZ, PATIENCE_S)
        call.press(f"{number_of(studio, 'greeting')}#")
        call.wait_tone(SPEAK_HZ, PATIENCE_S)
        call.play_tone(VOICE_HZ)
        eventually("two seconds of voice", lambda: recorded_bytes(studio) > 2 * BYTES_A_SECOND)
        call.press("#")
        call.silence()
        call.wait_tone(VOICE_HZ, PATIENCE_S)
        call.wait_tone(KEEP_HZ, PATIENCE_S)
        call.press("1")
        call.wait_tone(SAVED_HZ, PATIENCE_S)
        call.hangup()
        with studio.carrier() as carrier:
            caller = studio.dial(carrier, "081200000121")
            caller.wait_tone(VOICE_HZ)
            caller.press("1")
            converse(caller, desk.incoming())
            caller.hangup()
        studio.await_record("+6281200000121")

    assert {"own"} == {row["source"] for row in studio.up.listing("prompts", "list") if row["name"] == "greeting"}


def test_a_wrong_pin_records_nothing(studio: City) -> None:
    """Three times, and the call is over."""
    with studio.on_duty("1001", answering()) as desk:
        call = dial(desk)
        for wrong in ("1111#", "2222#", "3333#"):
            call.press(wrong)
            call.wait_tone(WRONG_HZ, PATIENCE_S)
        call.wait_tone(REFUSED_HZ, PATIENCE_S)
        call.wait_ended(PATIENCE_S)
