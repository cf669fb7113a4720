"""Looks after this machine's recordings: links each to its call, deletes what is over, stops before the disk is full.

Asterisk writes the files, whether anything of ours runs or not. So nothing here has to be there at the time of a call:
what was recorded meanwhile is found afterwards, by its name.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from ivr.recording_files import HEADER_BYTES, RecordingFile, RecordingFiles
from redis_queue.recording_room import Room
from siaga112 import log
from tickets.calls.recordings import (
    FoundRecording,
    Retention,
    find_recording,
    known_call,
    known_paths,
    link_recording,
    mark_deleted,
    overdue,
)
from tickets.database.store import Store
from tickets.errors import UnknownRecordingError

RECENT_DAYS = 2
"""Folders that new files come into: today's, and yesterday's of calls that began before midnight."""

SETTLED_S = 5.0
"""A file that nothing was written to for so long is complete: a call that is up writes 50 times a second."""

WHOLE = 0.5
"""The share of a conversation that its recording must have: a led-on caller waits in between."""

ROOM_AGAIN = 1.1
"""Recording begins again only when there is so much more room than it was stopped for."""

_log = log.get(__name__)


class RecordingKeeper:
    """The keeper of one folder. `min_free_bytes`: below that nothing more is recorded; `stop`: the mark for that.

    Each method is called from time to time and raises `StoreUnavailableError` or OSError; the next time makes it good.
    """

    def __init__(
        self,
        files: RecordingFiles,
        store: Store,
        retention: Retention,
        *,
        stop: str,
        min_free_bytes: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._files = files
        self._store = store
        self._retention = retention
        self._stop = files.folder / stop
        self._min_free_bytes = min_free_bytes
        self._clock = clock
        self._seen_all = False

    def link(self) -> None:
        """Write down whose sound each new file is; files without a sound are deleted.

        The first time all days are looked through, later the last ones.
        """
        days = self._files.days()
        for day in days[-RECENT_DAYS:] if self._seen_all else days:
            self._link_day(day)
        self._seen_all = True

    def expire(self) -> None:
        """Delete the recordings whose time is over, unless somebody holds them."""
        now = self._now()
        with self._store.reading() as session:
            over = overdue(session, self._retention, now)
        for recording_id in over:
            self._delete(recording_id, now)
        self._delete_strays(now)

    def guard(self) -> Room:
        """Stop recording while there is too little room, and say so; a call is more than its sound.

        Returns:
            the room that there is.
        """
        free = self._files.free_bytes()
        stopped = self._stop.exists()
        if free < self._min_free_bytes and not stopped:
            self._stop.touch()
            _log.error("recording.stopped", free_mb=free >> 20, wanted_mb=self._min_free_bytes >> 20)
        elif stopped and free >= self._min_free_bytes * ROOM_AGAIN:
            self._stop.unlink(missing_ok=True)
            _log.warning("recording.resumed", free_mb=free >> 20)
        return Room(free, stopped=self._stop.exists())

    def _link_day(self, day: str) -> None:
        with self._store.reading() as session:
            known = known_paths(session, day)
        for file in self._files.of_day(day):
            if file.path not in known and file.changed_at < self._clock() - SETTLED_S:
                self._link_file(file)

    def _link_file(self, file: RecordingFile) -> None:
        found = FoundRecording(call_id=file.call_id, path=file.path, seconds=file.seconds, bytes=file.bytes)
        with self._store.transaction() as session:
            call = known_call(session, file.call_id)
            if call is None or not call.ended:
                return
            if file.bytes > HEADER_BYTES:
                link_recording(session, found)
        if call.talked is not None and file.seconds < call.talked.total_seconds() * WHOLE - SETTLED_S:
            # The caller was heard, and that is what counts; but somebody has to make room.
            _log.error("recording.incomplete", call=file.call_id, seconds=round(file.seconds, 1))
        if file.bytes <= HEADER_BYTES:
            # MixMonitor makes the file before anybody is rung: of a call that nobody answered it stays empty.
            self._files.remove(file.path)

    def _delete(self, recording_id: int, now: datetime) -> None:
        with self._store.transaction() as session:
            try:
                recording = find_recording(session, recording_id)
            except UnknownRecordingError:
                return  # another worker was faster
            # Somebody may have taken hold of it, or the file may be another machine's.
            until = self._retention.keep_until(recording)
            if until is None or until >= now or not (self._files.folder / recording.path).exists():
                return
            self._files.remove(recording.path)
            mark_deleted(session, recording, at=now)
        _log.info("recording.deleted", call=recording.call_id, path=recording.path)

    def _delete_strays(self, now: datetime) -> None:
        """Sound whose call nobody ever wrote down is not kept for longer than any other."""
        oldest = (now - max(self._retention.usual, self._retention.prank)).timestamp()
        for day in self._files.days():
            for file in list(self._files.of_day(day)):
                if file.changed_at < oldest:
                    self._delete_stray(file)

    def _delete_stray(self, file: RecordingFile) -> None:
        with self._store.reading() as session:
            if known_call(session, file.call_id) is not None:
                return
        self._files.remove(file.path)
        _log.warning("recording.deleted", call=file.call_id, path=file.path, reason="its call is not known")

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
