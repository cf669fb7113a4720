"""What happens on a trunk is noted: calls that it carried, refusals that are its own."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from hardware.asterisk.ami import Message
from redis_queue.trunk_notes import TrunkNote, TrunkNotes, TrunkSight
from siaga112.app import App
from siaga112.settings import Settings, Trunk
from siaga112.trunks.board import TrunkBoard
from siaga112.trunks.watch import TrunkWatch

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def notes(redis_client: Redis) -> TrunkNotes:
    """Notes that are empty."""
    return TrunkNotes(redis_client)


@pytest.fixture
def watch(notes: TrunkNotes) -> TrunkWatch:
    """A watch at noon."""
    return TrunkWatch("here", TrunkBoard(App(Settings())), notes, (), lambda: NOON)


def hangup(channel: str, state: str, cause: str) -> Message:
    """A channel's end."""
    return Message(
        (("Event", "Hangup"), ("Channel", channel), ("ChannelState", state), ("TechCause", cause)),
    )


def test_refusal_and_call_are_noted(watch: TrunkWatch, notes: TrunkNotes) -> None:
    """The last of each stays."""
    watch.on_event(hangup("PJSIP/trunk-telkom-a-00000001", "0", "403"))
    watch.on_event(hangup("PJSIP/trunk-telkom-a-00000002", "0", "503"))
    watch.on_event(hangup("PJSIP/trunk-telkom-a-00000003", "6", "200"))

    assert TrunkNote(call_at=NOON, failure=503, failed_at=NOON) == notes.read("telkom-a")


@pytest.mark.parametrize(
    ("seconds", "noted"), [(0.9, 0), (1, 1), (-3600, -3600)], ids=["at once", "later", "clock set back"]
)
def test_busy_trunk_is_noted_once_a_second(notes: TrunkNotes, seconds: float, noted: float) -> None:
    """The last call is known to the second, whatever is done to the clock."""
    clock = iter([NOON, NOON, NOON + timedelta(seconds=seconds)])
    watch = TrunkWatch("here", TrunkBoard(App(Settings())), notes, (), lambda: next(clock))
    for number in (1, 2):
        watch.on_event(hangup(f"PJSIP/trunk-telkom-a-0000000{number}", "6", "200"))

    assert NOON + timedelta(seconds=noted) == notes.read("telkom-a").call_at


@pytest.mark.parametrize(
    ("channel", "cause"),
    [
        ("PJSIP/trunk-a-00000001", "486"),
        ("PJSIP/trunk-a-00000001", "487"),
        ("PJSIP/trunk-a-00000001", ""),
        ("PJSIP/trunk-a-00000001", "\N{ARABIC-INDIC DIGIT FOUR}03"),
        ("PJSIP/1001-00000001", "503"),
    ],
    ids=["busy", "given up", "none", "no digits", "a phone"],
)
def test_what_is_no_fault_of_the_trunk(watch: TrunkWatch, notes: TrunkNotes, channel: str, cause: str) -> None:
    """Who is called may be busy, and a phone is no trunk."""
    watch.on_event(hangup(channel, "0", cause))

    assert TrunkNote() == notes.read("a")


def test_sights_grow_old(notes: TrunkNotes) -> None:
    """A machine that looks no more says nothing any more."""
    notes.seen(TrunkSight("a", "here", up=True, calls=2, at=NOON))

    assert [TrunkSight("a", "here", up=True, calls=2, at=NOON)] == notes.sights(NOON + timedelta(seconds=59))
    assert [] == notes.sights(NOON + timedelta(seconds=60))


def test_asterisk_that_is_not_there(redis_client: Redis, notes: TrunkNotes) -> None:
    """Nobody can be asked: each trunk is seen as down, and that is what monitoring reads."""
    trunk = Trunk(name="telkom-a", host="192.0.2.1")
    watch = TrunkWatch("here", TrunkBoard(App(Settings())), notes, (trunk,), lambda: NOON)

    watch.look()

    assert [TrunkSight("telkom-a", "here", up=False, calls=0, at=NOON)] == notes.sights(NOON)
