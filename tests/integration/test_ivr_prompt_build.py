"""Building what callers hear, with the real programs."""

from pathlib import Path

import pytest

from ivr.errors import BuildError, MissingToolError
from ivr.prompts import speech, wav
from ivr.prompts.build import build, unbuilt
from ivr.prompts.catalogue import all_prompts
from ivr.prompts.cutting import LONGEST_PIECE
from ivr.prompts.files import prompt_files
from ivr.prompts.listing import Source, list_prompts
from siaga112.settings import Language, Settings
from tests.support.call_desk import city
from tests.support.sounds import write_wav


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small city whose second category has a long name."""
    return at(city().model_copy(), tmp_path)


def at(settings: Settings, folder: Path, name: str = "Kota Contoh") -> Settings:
    """The same city there, under this name."""
    return settings.model_copy(update={"site": settings.site.model_copy(update={"state_dir": folder, "name": name})})


def test_every_prompt_is_built_and_playable(settings: Settings, tmp_path: Path) -> None:
    """Each is there, 8 kHz and 16 bits, with sound in it and no longer than it should be; so is music."""
    report = build(settings)
    listed = list_prompts(settings)

    assert len(report.built) == len(all_prompts(settings)) + 1
    assert frozenset() == unbuilt(settings)
    assert report.too_long == ()
    assert [] == [prompt for prompt in listed if not 0.5 < prompt.seconds <= prompt.longest]
    assert {Source.BUILT} == {prompt.source for prompt in listed}
    assert wav.recording(tmp_path / "prompts/built/moh/siaga112.wav").seconds > 10
    assert all(max(path.read_bytes()[44:]) > 0 for path in (tmp_path / "prompts").rglob("*.wav"))


def test_everything_is_ready_to_be_played(settings: Settings) -> None:
    """No caller waits for a prompt to be cut: each is in pieces of 3 s at most, in A-law and in µ-law."""
    build(settings)
    files = prompt_files(settings)
    ready = set(files.store.folder.iterdir())
    pieces = [
        piece
        for prompt in all_prompts(settings)
        if (sound := files.look(prompt.name, prompt.language))
        for piece in sound.pieces
    ]

    assert ready == set(files.store.folder.iterdir())
    assert len(all_prompts(settings)) < len(pieces)
    assert [] == [piece for piece in pieces if piece.seconds > LONGEST_PIECE]
    assert [] == [piece for piece in pieces for law in (".alaw", ".ulaw") if not Path(f"{piece.file}{law}").is_file()]


def test_what_is_said_no_more_is_removed(settings: Settings, tmp_path: Path) -> None:
    """A menu that changes leaves no sound behind."""
    build(settings)
    write_wav(tmp_path / "prompts/built/id/menu-utama-7.wav")
    files = prompt_files(settings)
    files.store.ready(tmp_path / "prompts/built/id/menu-utama-7.wav")
    before = len(list(files.store.folder.iterdir()))
    build(settings)

    assert not (tmp_path / "prompts/built/id/menu-utama-7.wav").exists()
    assert before - 1 == len(list(files.store.folder.iterdir()))


def test_a_recording_of_the_citys_own_is_never_touched(settings: Settings, tmp_path: Path) -> None:
    """It lies beside the built ones, goes before them, and no build writes over it."""
    own = write_wav(tmp_path / "prompts/id/stay.wav", 4.0)
    build(settings)
    listed = {(prompt.language, prompt.name): prompt for prompt in list_prompts(settings)}

    assert (own, 4.0, Source.OWN) == (
        listed["id", "stay"].path,
        listed["id", "stay"].seconds,
        listed["id", "stay"].source,
    )
    assert Source.BUILT is listed["en", "stay"].source


def test_javanese_is_provisional(settings: Settings) -> None:
    """The Indonesian voice reads it until the city has recorded it."""
    both = city().model_copy(
        update={"site": settings.site.model_copy(update={"languages": (Language.JV, Language.ID)})}
    )
    build(both)

    assert {"jv": {Source.PROVISIONAL}, "id": {Source.BUILT}} == {
        language: {prompt.source for prompt in list_prompts(both) if prompt.language == language}
        for language in ("jv", "id")
    }


def test_building_again_makes_only_what_changed(settings: Settings, tmp_path: Path) -> None:
    """Same texts: nothing is done. Another name: its two pieces. A file that is gone: that one."""
    build(settings)

    assert build(settings).built == ()
    assert set(build(at(settings, tmp_path, "Kota Baru")).built) == {"id/site", "en/site"}
    (tmp_path / "prompts/built/id/stay.wav").unlink()
    (tmp_path / "prompts/built/en/stay.wav").write_bytes(b"half a fi")
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

    assert wav.recording(tmp_path / "prompts/built/id/site.wav").seconds > 0.3


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
