"""Building what callers hear, with the real programs."""

from pathlib import Path

import pytest

from ivr import speech, wav
from ivr.errors import BuildError, MissingToolError
from ivr.prompt_build import build, list_prompts
from ivr.prompts import LONGEST_PIECE, all_prompts
from siaga112.settings import Settings
from tests.support.call_desk import city


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small city whose second category has a long name."""
    return at(city().model_copy(), tmp_path)


def at(settings: Settings, folder: Path, name: str = "Kota Contoh") -> Settings:
    """The same city there, under this name."""
    return settings.model_copy(update={"site": settings.site.model_copy(update={"state_dir": folder, "name": name})})


def test_every_prompt_is_built_and_playable(settings: Settings, tmp_path: Path) -> None:
    """Each piece is there, 8 kHz and 16 bits, with sound in it and at most 3 s long; so is music."""
    report = build(settings)
    listed = list_prompts(settings)

    assert len(report.built) == len(all_prompts(settings)) + 1
    assert report.too_long == ()
    assert all(prompt.path is not None and 0.5 < prompt.seconds <= LONGEST_PIECE for prompt in listed)
    assert wav.recording(tmp_path / "prompts/moh/siaga112.wav").seconds > 10
    assert all(max(path.read_bytes()[44:]) > 0 for path in (tmp_path / "prompts").rglob("*.wav"))


def test_building_again_makes_only_what_changed(settings: Settings, tmp_path: Path) -> None:
    """Same texts: nothing is done. Another name: its two pieces. A file that is gone: that one."""
    build(settings)

    assert build(settings).built == ()
    assert set(build(at(settings, tmp_path, "Kota Baru")).built) == {"id/site", "en/site"}
    (tmp_path / "prompts/id/stay.wav").unlink()
    (tmp_path / "prompts/en/stay.wav").write_bytes(b"half a fi")
    assert set(build(at(settings, tmp_path, "Kota Baru")).built) == {"id/stay", "en/stay"}


def test_a_long_name_is_spoken_faster_and_then_said_to_be_too_long(settings: Settings, tmp_path: Path) -> None:
    """Faster while that helps; what is too long all the same plays, and the report names it."""
    faster = build(at(settings, tmp_path, "Kabupaten Administrasi Kepulauan Seribu Selatan"))
    endless = build(at(settings, tmp_path, "Kabupaten " * 12))

    assert faster.too_long == ()
    assert set(endless.too_long) == {"id/site", "en/site"}


def test_a_name_that_looks_like_an_option_is_read_aloud(settings: Settings, tmp_path: Path) -> None:
    """What is configured is text for the voice, never an argument."""
    build(at(settings, tmp_path, "--help"))

    assert wav.recording(tmp_path / "prompts/id/site.wav").seconds > 0.3


@pytest.mark.parametrize("tool", ["espeak-ng", "sox"])
def test_a_missing_program_is_named_with_its_package(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    """One line that says what to install."""
    other = {"espeak-ng": "sox", "sox": "espeak-ng"}[tool]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / other).symlink_to("/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    with pytest.raises(MissingToolError, match=f"{tool} is not installed: apt install {tool}"):
        build(settings)


def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    """The program's own last words, and which one it was."""
    with pytest.raises(BuildError, match=r"sox failed: .+"):
        speech.music(tmp_path / "no" / "such" / "folder.wav")


def test_a_build_that_fails_half_way_is_taken_up_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not finished is made the next time; no scratch files stay."""
    build(settings)
    renamed = at(settings, tmp_path, "Kota Baru")
    speak = speech.speak

    def fail_in_english(text: str, voice: str, speed: int, target: Path) -> None:
        if voice == "en":
            raise BuildError("no more paper")
        speak(text, voice, speed, target)

    monkeypatch.setattr(speech, "speak", fail_in_english)
    with pytest.raises(BuildError):
        build(renamed)
    monkeypatch.undo()

    assert set(build(settings).built) >= {"id/site", "en/site"}
    assert [] == [path for path in (tmp_path / "prompts").rglob(".*") if path.is_dir()]
