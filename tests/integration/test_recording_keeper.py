"""The keeper of recordings: files become recordings, what is over goes, and the disk is never filled."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ivr.recording_files import HEADER_BYTES, RecordingFiles
from ivr.recording_keeper import RecordingKeeper
from tests.support.facts import abandoned, answered, tell
from tests.support.tickets import NOON, after
from tickets.calls.recordings import RecordingFilter, Retention, find_recording, hold, list_recordings
from tickets.database.store import Store
from tickets.model.recording import Recording

TODAY = "2026/03/01"
SECOND = 16_000
DAY = 86_400.0
RETENTION = Retention(usual=timedelta(days=90), prank=timedelta(days=30))


class Clock:
    """The keeper's clock, moved by the test."""

    def __init__(self) -> None:
        self.now = after(200).timestamp()

    def __call__(self) -> float:
        """Unix time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Some minutes after noon."""
    return Clock()


class Room(RecordingFiles):
    """A folder on a disk whose room the test decides."""

    free = 1000

    def free_bytes(self) -> int:
        """As the test says."""
        return self.free


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """An empty folder."""
    return Room(tmp_path)


@pytest.fixture
def keeper(room: Room, store: Store, clock: Clock) -> RecordingKeeper:
    """The keeper of that folder."""
    return RecordingKeeper(room, store, RETENTION, stop="stopped", min_free_bytes=500, clock=clock)


def write(room: RecordingFiles, call_id: str, seconds: float, day: str = TODAY, at: float = 100) -> Path:
    """A recording that Asterisk finished then."""
    file = room.folder / day / f"{call_id}.wav"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(HEADER_BYTES + round(seconds * SECOND)))
    os.utime(file, (after(at).timestamp(),) * 2)
    return file


def linked(store: Store) -> list[tuple[str, float]]:
    """The recordings that are known, by call, with their lengths."""
    with store.reading() as session:
        rows: list[Recording] = list(list_recordings(session, RecordingFilter()))
        return sorted((row.call_id, row.seconds) for row in rows)


def test_files_become_recordings(keeper: RecordingKeeper, room: Room, store: Store) -> None:
    """Also of days on which nothing of ours ran; each once, with its length by its size."""
    tell(store, *answered("1.1"), *answered("1.2", 10))
    write(room, "1.1", 60)
    write(room, "1.2", 59.5, "2026/02/20")
    keeper.link()
    keeper.link()

    assert [("1.1", 60.0), ("1.2", 59.5)] == linked(store)


def test_a_file_waits_for_its_call(keeper: RecordingKeeper, room: Room, store: Store, clock: Clock) -> None:
    """Nothing is linked or deleted before the call is written down as over and the file is complete."""
    early = write(room, "1.1", 30)
    empty = write(room, "1.2", 0)
    keeper.link()
    tell(store, *answered("1.1"), *abandoned("1.2")[:1])
    os.utime(early, (clock.now - 1,) * 2)
    keeper.link()
    waits = (linked(store), empty.exists())
    clock.now += 60
    keeper.link()

    assert ([], True) == waits
    assert [("1.1", 30.0)] == linked(store)


def test_a_file_without_a_sound_is_deleted(keeper: RecordingKeeper, room: Room, store: Store) -> None:
    """Nobody answered; its empty day goes with it, and nobody is alarmed."""
    tell(store, *abandoned("1.1"))
    file = write(room, "1.1", 0)
    with capture_logs() as logs:
        keeper.link()

    assert (False, []) == (file.parent.exists(), logs)


@pytest.mark.parametrize("seconds", [0.0, 12.0])
def test_a_recording_that_lacks_most_of_the_call_is_said(
    keeper: RecordingKeeper, room: Room, store: Store, seconds: float
) -> None:
    """The disk was full, or the folder not to be written: a person has to know."""
    tell(store, *answered("1.1"))
    write(room, "1.1", seconds)
    with capture_logs() as logs:
        keeper.link()

    assert [("recording.incomplete", "1.1", seconds)] == [(one["event"], one["call"], one["seconds"]) for one in logs]


def test_a_link_to_elsewhere_is_no_recording(keeper: RecordingKeeper, room: Room, store: Store) -> None:
    """Nor is a file of another kind."""
    tell(store, *answered("1.1"), *answered("1.2", 1))
    other = write(room, "1.2", 60).rename(room.folder / TODAY / "1.2.txt")
    (room.folder / TODAY / "1.1.wav").symlink_to(other)
    keeper.link()

    assert [] == linked(store)


def test_what_is_over_is_deleted_and_said(keeper: RecordingKeeper, room: Room, store: Store, clock: Clock) -> None:
    """The file, and nothing that has time left."""
    tell(store, *answered("1.1"), *answered("1.2", 40 * DAY))
    old, new = write(room, "1.1", 60), write(room, "1.2", 60, "2026/04/10", 40 * DAY + 80)
    clock.now = after(91 * DAY).timestamp()
    keeper.link()
    with capture_logs() as logs:
        keeper.expire()
        keeper.expire()

    assert (False, True) == (old.exists(), new.exists())
    assert [("1.2", 60.0)] == linked(store)
    assert [("recording.deleted", "1.1")] == [(one["event"], one["call"]) for one in logs]


def test_what_is_held_is_never_deleted(keeper: RecordingKeeper, room: Room, store: Store, clock: Clock) -> None:
    """However long ago the call was."""
    tell(store, *answered("1.1"))
    file = write(room, "1.1", 60)
    keeper.link()
    with store.transaction() as session:
        hold(session, find_recording(session, 1), reason="LP/12", actor="cli:ani", at=NOON)
    clock.now = after(3000 * DAY).timestamp()
    keeper.expire()

    assert (True, [("1.1", 60.0)]) == (file.exists(), linked(store))


def test_anothers_recording_is_left_to_it(keeper: RecordingKeeper, room: Room, store: Store, clock: Clock) -> None:
    """Its file is not here, so nothing is said to be deleted."""
    tell(store, *answered("1.1"))
    file = write(room, "1.1", 60)
    keeper.link()
    file.unlink()
    clock.now = after(91 * DAY).timestamp()
    keeper.expire()

    assert [("1.1", 60.0)] == linked(store)


def test_sound_without_a_call_goes_too(keeper: RecordingKeeper, room: Room, store: Store, clock: Clock) -> None:
    """A call that nobody ever wrote down."""
    file = write(room, "9.9", 60)
    clock.now = after(89 * DAY).timestamp()
    keeper.expire()
    before = file.exists()
    clock.now = after(91 * DAY).timestamp()
    keeper.expire()

    assert (True, False) == (before, file.exists())


def test_too_little_room_stops_recording_until_there_is_more(keeper: RecordingKeeper, room: Room) -> None:
    """By a mark for the dialplan, said once; not on and off at the border."""
    stop = room.folder / "stopped"
    found = []
    with capture_logs() as logs:
        for room.free in (500, 499, 400, 505, 550, 550):
            told = keeper.guard()
            found.append((stop.exists(), told.stopped, told.free_bytes == room.free))

    assert [(stopped, stopped, True) for stopped in (False, True, True, True, False, False)] == found
    assert ["recording.stopped", "recording.resumed"] == [one["event"] for one in logs]
