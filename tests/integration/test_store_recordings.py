"""Recordings, on each database: linked, kept, held, deleted, and who listened."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.facts import answered, fact, tell
from tests.support.tickets import JAKARTA, after
from tickets.calls.recording_views import view_recording
from tickets.calls.recordings import (
    FoundRecording,
    RecordingFilter,
    Retention,
    find_recording,
    hold,
    known_paths,
    link_recording,
    list_recordings,
    mark_deleted,
    overdue,
    record_sound,
    release,
    sound_history,
)
from tickets.database.store import Store
from tickets.errors import UnknownRecordingError
from tickets.model.recording import Recording
from tickets.vocabulary import CallFactKind as Kind
from tickets.vocabulary import Mark, SoundAction

KEPT = Retention(usual=timedelta(days=90), prank=timedelta(days=30))
DAY = 86_400.0


def link(store: Store, call_id: str = "1.1") -> bool:
    """A file of that call was found."""
    with store.transaction() as session:
        found = FoundRecording(call_id=call_id, path=f"2026/03/01/{call_id}.wav", seconds=60.0, bytes=960_044)
        return link_recording(session, found)


def listed(store: Store, *, held: bool = False) -> list[dict[str, object]]:
    """Recordings as the outside sees them."""
    with store.reading() as session:
        rows = list_recordings(session, RecordingFilter(held=held))
        return [view_recording(row, KEPT, "/var/rec", JAKARTA).to_json() for row in rows]


def with_recording(store: Store, change: Any) -> None:
    """Change the first recording."""
    with store.transaction() as session:
        change(session, find_recording(session, 1))


def history(store: Store) -> list[tuple[str, str, str]]:
    """Who did what with the sound of the call."""
    with store.reading() as session:
        return [(event.actor, event.action.value, event.detail) for event in sound_history(session, "1.1")]


def test_a_recording_belongs_to_its_call_and_ticket(store: Store) -> None:
    """With everything that whoever looks for it wants to know."""
    tell(store, *answered("1.1"))
    link(store)

    assert [
        {
            "id": 1,
            "call_id": "1.1",
            "ticket": "BWI-2026-000001",
            "path": "/var/rec/2026/03/01/1.1.wav",
            "seconds": 60.0,
            "bytes": 960_044,
            "outcome": "answered",
            "ended_at": "2026-03-01T12:01:10.000+07:00",
            "keep_until": "2026-05-30T12:01:10.000+07:00",
            "hold": False,
            "hold_reason": None,
            "held_by": None,
        }
    ] == listed(store)


def test_a_file_is_linked_once_and_when_its_call_is_over(store: Store) -> None:
    """Not before anything is known of the call, nor while it is up."""
    *up, ended = answered("1.1")
    unknown = link(store)
    tell(store, *up)
    live = link(store)
    tell(store, ended)

    assert [False, False, True, False] == [unknown, live, link(store), link(store)]
    with store.reading() as session:
        assert {"2026/03/01/1.1.wav"} == known_paths(session, "2026/03/01")
        assert frozenset() == known_paths(session, "2026/03/02")


def over(store: Store, days: float) -> list[int]:
    """What is to be deleted, so many days after the call."""
    with store.reading() as session:
        return list(overdue(session, KEPT, after(70 + days * DAY)))


def test_a_recording_is_kept_as_long_as_its_outcome_asks(store: Store) -> None:
    """A prank's for less, also when it was marked long after it was linked."""
    tell(store, *answered("1.1"))
    link(store)
    usual = [over(store, days) for days in (29, 31, 89, 91)]
    tell(store, fact(Kind.MARKED, 40 * DAY, mark=Mark.PRANK))
    prank = [over(store, days) for days in (29, 31)]

    assert [[], [], [], [1]] == usual
    assert [[], [1]] == prank
    assert "2026-03-31T12:01:10.000+07:00" == listed(store)[0]["keep_until"]


def test_what_somebody_holds_is_kept(store: Store) -> None:
    """Until it is released; both are written down."""
    tell(store, *answered("1.1"))
    link(store)
    with_recording(store, lambda session, row: hold(session, row, reason="LP/12", actor="cli:ani", at=after(80)))

    assert [] == over(store, 1000)
    assert [(True, None, "LP/12", "cli:ani")] == [
        (row["hold"], row["keep_until"], row["hold_reason"], row["held_by"]) for row in listed(store, held=True)
    ]

    with_recording(store, lambda session, row: release(session, row, actor="cli:budi", at=after(90)))
    with_recording(store, lambda session, row: release(session, row, actor="cli:budi", at=after(91)))
    assert ([1], []) == (over(store, 1000), listed(store, held=True))
    assert [("cli:ani", "hold", "LP/12"), ("cli:budi", "release", "")] == history(store)


def test_what_is_deleted_is_gone_and_remembered(store: Store) -> None:
    """It is listed no more, and not linked again; its history stays."""

    def delete(session: Any, row: Recording) -> None:
        mark_deleted(session, row, at=after(91 * DAY))

    tell(store, *answered("1.1"))
    link(store)
    with_recording(store, delete)

    assert ([], [], False) == (listed(store), over(store, 1000), link(store))
    assert [("retention", "delete", "")] == history(store)
    with pytest.raises(UnknownRecordingError):
        with_recording(store, delete)


@pytest.mark.parametrize(("how", "action"), [("whisper", "whisper"), ("barge", "barge"), (None, "listen")])
def test_who_listens_is_written_down(store: Store, how: str | None, action: str) -> None:
    """Live, as the supervisor's phone tells it, once however often it is told; and afterwards."""
    listening = fact(Kind.LISTENED, 30, actor="1009", detail=how)
    tell(store, *answered("1.1"), listening, listening)
    with store.transaction() as session:
        record_sound(session, "1.1", SoundAction.PLAY, actor="cli:ani", at=after(100))

    assert [("1009", action, ""), ("cli:ani", "play", "")] == history(store)
