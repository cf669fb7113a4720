"""Which sound a caller hears, and which files Asterisk can play."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ivr.errors import UnplayableError
from ivr.prompts import wav
from ivr.prompts.files import PromptFiles
from ivr.prompts.pieces import PieceStore
from tests.support.sounds import write_wav


@pytest.fixture
def files(tmp_path: Path) -> PromptFiles:
    """The city's own folder before the built one; Indonesian before English."""
    return PromptFiles((tmp_path / "own", tmp_path / "built"), ("id", "en"), PieceStore(tmp_path / "pieces"))


PLACES = [
    (["own/id", "built/id"], "own/id"),
    (["built/id", "own/en"], "built/id"),
    (["own/en", "built/en"], "own/en"),
    (["built/en"], "built/en"),
]


@pytest.mark.parametrize(("there", "heard"), PLACES)
def test_the_citys_own_comes_first_and_any_language_before_none(
    files: PromptFiles, tmp_path: Path, there: list[str], heard: str
) -> None:
    """Own recording, built one, another language: the best that is there."""
    for place in there:
        write_wav(tmp_path / place / "greeting.wav", 1.5)
    found = files.find("greeting", "id")

    assert found is not None
    assert (found.path, found.seconds) == (tmp_path / heard / "greeting.wav", 1.5)


def test_a_language_outside_the_site_falls_back_to_the_sites(files: PromptFiles, tmp_path: Path) -> None:
    """What the channel says may be anything; the caller hears something."""
    write_wav(tmp_path / "built/id/greeting.wav")

    assert files.find("greeting", "jv") is not None


def test_a_missing_prompt_is_said_in_the_log(files: PromptFiles) -> None:
    """It costs the caller nothing and does not stay unknown."""
    with capture_logs() as logs:
        assert files.find("greeting", "id") is None

    assert [("prompt.missing", "greeting")] == [(line["event"], line["prompt"]) for line in logs]


@pytest.mark.parametrize(
    "shape",
    [{"rate": 44100}, {"width": 4}, {"width": 1}, {"channels": 2}],
    ids=["44.1 kHz", "32 bits", "8 bits", "stereo"],
)
def test_a_recording_that_would_be_silence_is_not_used(
    files: PromptFiles, tmp_path: Path, shape: dict[str, int]
) -> None:
    """Asterisk plays nothing for such a file and says so only in its log: the built one is heard, the city is told."""
    write_wav(tmp_path / "own/id/greeting.wav", **shape)
    built = write_wav(tmp_path / "built/id/greeting.wav")
    with capture_logs() as logs:
        found = files.find("greeting", "id")

    assert found is not None
    assert found.path == built
    assert ["prompt.unplayable"] == [line["event"] for line in logs]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3\x03 an mp3", bytes(100)])
def test_what_is_no_wav_is_a_typed_error(tmp_path: Path, content: bytes) -> None:
    """Whatever somebody puts there under that name."""
    path = tmp_path / "x.wav"
    path.write_bytes(content)

    with pytest.raises(UnplayableError, match=r"x\.wav"):
        wav.recording(path)


def test_a_length_that_cannot_be_true_is_not_believed(tmp_path: Path) -> None:
    """A header that promises 37 hours would switch the dead-man timer off."""
    path = write_wav(tmp_path / "x.wav", 1.0)
    data = bytearray(path.read_bytes())
    data[40:44] = (0x7FFFFFF0).to_bytes(4, "little")
    path.write_bytes(data)

    assert wav.recording(path).seconds < 1.1
