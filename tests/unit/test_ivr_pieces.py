"""Long recordings become pieces that the dead-man timer can wait for."""

import math
from array import array
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.softphone.g711 import Codec, decode
from ivr.errors import UnplayableError
from ivr.prompts.cutting import LONGEST_PIECE, cut
from ivr.prompts.pieces import PieceStore
from ivr.prompts.wav import SAMPLE_RATE
from tests.support.sounds import write_samples, write_wav


@pytest.fixture
def store(tmp_path: Path) -> PieceStore:
    """An empty one, whose folder is not there yet."""
    return PieceStore(tmp_path / "state" / "pieces")


def speech(*parts: float) -> "array[int]":
    """Tone and pause in turn, of these seconds."""
    sound = array("h")
    for number, seconds in enumerate(parts):
        loud = 8000 if number % 2 == 0 else 0
        count = round(seconds * SAMPLE_RATE)
        sound.extend(round(loud * math.sin(2 * math.pi * 440 * at / SAMPLE_RATE)) for at in range(count))
    return sound


def test_short_speech_is_one_piece() -> None:
    """What fits is not cut."""
    sound = speech(1.0, 0.2, 1.8)

    assert [sound] == cut(sound)


def test_long_speech_is_cut_in_its_pauses() -> None:
    """Each cut lies in a silence, the latest that a piece can reach: no word is cut, and there are few pieces."""
    sound = speech(1.0, 0.2, 1.4, 0.2, 1.5, 0.3, 1.2)
    ends = [sum(map(len, cut(sound)[: number + 1])) / SAMPLE_RATE for number in range(len(cut(sound)) - 1)]

    assert 2 == len(ends)
    assert 2.6 <= ends[0] <= 2.8
    assert 4.3 <= ends[1] <= 4.6


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.05, 4.0), min_size=1, max_size=6))
def test_nothing_is_lost_and_no_piece_is_long(parts: list[float]) -> None:
    """Whatever is recorded, with pauses or without: the pieces are the whole, and none is longer than the limit."""
    sound = speech(*parts)
    pieces = cut(sound)

    assert sound == array("h", chain.from_iterable(pieces))
    assert all(len(piece) <= LONGEST_PIECE * SAMPLE_RATE for piece in pieces)


def test_pieces_are_in_both_laws_of_g711(store: PieceStore, tmp_path: Path) -> None:
    """Asterisk finds each piece in the form that the caller's line speaks."""
    sound = speech(2.0, 0.2, 2.0)
    path = write_samples(tmp_path / "own/id/info.wav", sound)
    ready = store.ready(path)
    heard = {
        codec: list(
            chain.from_iterable(decode(codec, Path(f"{piece.file}{law}").read_bytes()) for piece in ready.pieces)
        )
        for law, codec in ((".alaw", Codec.PCMA), (".ulaw", Codec.PCMU))
    }

    assert (path, 4.2) == (ready.path, round(ready.seconds, 3))
    assert ["info-1", "info-2"] == [piece.file.name for piece in ready.pieces]
    # G.711 keeps 12 bits and more of what is loud.
    assert all(max(abs(a - b) for a, b in zip(sound, samples, strict=True)) <= 512 for samples in heard.values())


def test_more_than_nine_pieces_are_played_in_order(store: PieceStore, tmp_path: Path) -> None:
    """Ten comes after nine."""
    ready = store.ready(write_wav(tmp_path / "long.wav", 33.0))

    assert [f"long-{number}" for number in range(1, len(ready.pieces) + 1)] == [p.file.name for p in ready.pieces]
    assert 11 <= len(ready.pieces)


def test_a_replaced_recording_is_heard_by_the_next_caller(store: PieceStore, tmp_path: Path) -> None:
    """Another file under the same name has other pieces."""
    before = store.ready(write_wav(tmp_path / "stay.wav", 1.0))
    after = store.ready(write_wav(tmp_path / "stay.wav", 4.0))

    assert (1.0, 4.0) == (before.seconds, after.seconds)
    assert before.pieces[0].file != after.pieces[0].file


def test_many_processes_may_make_the_same_pieces(store: PieceStore, tmp_path: Path) -> None:
    """Callers who hear a new recording at once all hear it, and no scratch stays."""
    path = write_wav(tmp_path / "long.wav", 7.0)
    with ThreadPoolExecutor(8) as pool:
        ready = list(pool.map(store.ready, [path] * 16))

    assert {3} == {len(recording.pieces) for recording in ready}
    assert 1 == len(list(store.folder.iterdir()))


def test_without_room_what_is_short_is_played_as_it_is(tmp_path: Path) -> None:
    """A full disk costs no prompt that the timer can wait for; a long one is refused, and another is found for it."""
    (tmp_path / "full").touch()
    store = PieceStore(tmp_path / "full" / "pieces")
    short = store.ready(write_wav(tmp_path / "short.wav", 2.5))

    assert (tmp_path / "short", 2.5) == (short.played[0].file, short.played[0].seconds)
    with pytest.raises(UnplayableError, match=r"long\.wav: 4 s, and there is no room"):
        store.ready(write_wav(tmp_path / "long.wav", 4.0))


def test_pieces_of_recordings_that_are_gone_are_removed(store: PieceStore, tmp_path: Path) -> None:
    """The folder does not grow with every change."""
    kept, gone = write_wav(tmp_path / "kept.wav"), write_wav(tmp_path / "gone.wav")
    expected = store.ready(kept).pieces[0].file.parent
    store.ready(gone)
    store.forget_all_but([kept])

    assert [expected] == list(store.folder.iterdir())
