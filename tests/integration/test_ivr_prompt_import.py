"""Studio recordings in the place of built prompts, converted by the real sox."""

import subprocess
from pathlib import Path

import pytest

from ivr.errors import BuildError, RecordingRefusedError, UnknownPromptError
from ivr.prompts import wav
from ivr.prompts.files import prompt_files
from ivr.prompts.importing import import_recording
from ivr.prompts.listing import Source, list_prompts
from ivr.prompts.loudness import measure
from siaga112.settings import Settings
from tests.support.menus import with_menu


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small city with a menu file and nothing built."""
    return with_menu(tmp_path)


def sound(path: Path, *effects: str, form: tuple[str, ...] = ("-r", "44100", "-c", "2")) -> Path:
    """A file that sox makes, of the kind that its suffix says."""
    subprocess.run(("sox", "-n", *form, str(path), *effects), check=True, capture_output=True, timeout=60)
    return path


TONE = ("synth", "2", "sine", "440", "vol", "0.3", "pad", "1", "1")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("studio.wav", ("-r", "48000", "-b", "24", "-c", "2")),
        ("studio.flac", ("-r", "44100", "-c", "1")),
        ("studio.ogg", ("-r", "22050", "-c", "2")),
        ("studio.aiff", ("-r", "96000", "-c", "1")),
        ("-x |touch y.wav", ("-r", "8000", "-c", "1")),
    ],
)
def test_whatever_sox_reads_is_taken(settings: Settings, tmp_path: Path, name: str, form: tuple[str, ...]) -> None:
    """As Asterisk plays it, without the silence around it, 3 dB below full scale; the next caller hears it."""
    done = import_recording(settings, sound(tmp_path / name, *TONE, form=form), "greeting", "en")
    found = prompt_files(settings).find("greeting", "en")
    listed = {(prompt.language, prompt.name): prompt.source for prompt in list_prompts(settings)}

    assert tmp_path / "state/prompts/en/greeting.wav" == done.path
    assert found is not None
    assert (done.path, 2.2) == (found.path, round(found.seconds, 1))
    assert -3 == round(measure(wav.samples(done.path), wav.SAMPLE_RATE).peak)
    assert Source.OWN is listed["en", "greeting"]
    assert [done.path] == list(done.path.parent.iterdir())


def test_a_folder_of_the_citys_own_is_where_they_go(settings: Settings, tmp_path: Path) -> None:
    """`[ivr] prompts_dir`."""
    own = settings.model_copy(update={"ivr": settings.ivr.model_copy(update={"prompts_dir": tmp_path / "studio"})})
    done = import_recording(own, sound(tmp_path / "a.wav", *TONE), "menu-utama-2", "id")

    assert tmp_path / "studio/id/menu-utama-2.wav" == done.path


REFUSED = {
    "clipped": (("synth", "2", "sine", "440", "gain", "12"), r"a\.wav: too loud: \d+\.\d% of it is clipped; record it"),
    "quiet": (("synth", "2", "sine", "440", "vol", "0.01"), r"a\.wav: too quiet: -40 dBFS at its loudest, speech at "),
    "silent": (("trim", "0", "2"), r"a\.wav: too quiet: "),
    "empty": (("trim", "0", "0"), r"a\.wav: too quiet: nothing"),
    "long": (("synth", "7", "sine", "440", "vol", "0.3"), r"a\.wav: too long: 7\.2 s; 6 s is the most for greeting"),
    "endless": (("synth", "999", "sine", "440", "vol", "0.3"), r"a\.wav: too long: 180\.2 s; 6 s is the most for gree"),
    "short": (("synth", "0.05", "sine", "440", "vol", "0.3"), r"a\.wav: too short: 0\.2 s without the silence around "),
}


@pytest.mark.parametrize(("effects", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_callers_should_not_hear_is_refused(
    settings: Settings, tmp_path: Path, effects: tuple[str, ...], said: str
) -> None:
    """One line that says what was measured; what was heard before is heard on."""
    before = import_recording(settings, sound(tmp_path / "b.wav", *TONE), "greeting", "id").path.read_bytes()
    with pytest.raises(RecordingRefusedError, match=said):
        import_recording(settings, sound(tmp_path / "a.wav", *effects, form=("-r", "8000")), "greeting", "id")

    assert before == (tmp_path / "state/prompts/id/greeting.wav").read_bytes()


def test_an_information_may_be_long(settings: Settings, tmp_path: Path) -> None:
    """And is played in pieces."""
    news = sound(tmp_path / "news.wav", "synth", "20", "sine", "440", "tremolo", "1", "vol", "0.3")
    import_recording(settings, news, "information-banjir", "id")
    found = prompt_files(settings).find("information-banjir", "id")

    assert found is not None
    assert 7 <= len(found.pieces)


@pytest.mark.parametrize(("name", "content"), [("no.wav", b"nothing"), ("none.xyz", b""), ("empty.wav", b"")])
def test_what_is_no_sound_is_one_line(settings: Settings, tmp_path: Path, name: str, content: bytes) -> None:
    """The program's own words, and what can be read."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BuildError, match=rf"{name}: sox failed: .+; WAV, FLAC and OGG can be read"):
        import_recording(settings, tmp_path / name, "greeting", "id")


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("greetin", "id", 'there is no prompt "greetin"; did you mean "greeting"?'),
        ("../../x", "id", 'there is no prompt "../../x"; `siaga112 prompts list` names them all'),
        ("greeting", "jv", 'no prompt is spoken in "jv"; [site] languages has id, en'),
    ],
)
def test_a_prompt_that_nobody_hears_is_no_prompt(
    settings: Settings, tmp_path: Path, name: str, language: str, said: str
) -> None:
    """Its name is never a path."""
    with pytest.raises(UnknownPromptError) as raised:
        import_recording(settings, sound(tmp_path / "a.wav", *TONE), name, language)

    assert said == str(raised.value)
    assert not (tmp_path / "state").exists()
