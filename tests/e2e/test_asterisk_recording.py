"""What is recorded of a call, on a real Asterisk; but for one of them without any program of ours."""

from pathlib import Path
from stat import S_IMODE
from zoneinfo import ZoneInfo

import pytest

from hardware.asterisk.ami import AmiClient
from hardware.asterisk.render import RECORDING_STOP
from hardware.softphone import Phone
from ivr.recording_renewal import RecordingRenewal
from tests.support.asterisk_server import MUSIC_HZ, AsteriskServer
from tests.support.eventual import eventually
from tests.support.recordings import files, fill_up, is_complete, say, tones
from tests.support.ways_out import ask

CALLER_HZ, FIRST_HZ, SECOND_HZ, AMONG_THEM_HZ = 700, 900, 1100, 1300


def recorded(asterisk: AsteriskServer, call_id: str) -> Path:
    """The one file of a call that is over, once Asterisk has closed it."""
    (file,) = [file for file in files(asterisk.asterisk.layout.recordings) if file.stem == call_id]
    eventually(f"{file} to be closed", lambda: is_complete(file))
    return file


def test_both_sides_are_recorded_from_the_answer_on(asterisk: AsteriskServer, carrier: Phone) -> None:
    """In one file that carries the call's id, in the folder of its day, that nobody else may read; no music."""
    with asterisk.phone("1001") as operator:
        call = asterisk.dial(carrier)
        ringing = operator.incoming()
        call.wait_tone(MUSIC_HZ)
        ringing.answer()
        say(call, ringing, CALLER_HZ)
        say(ringing, call, FIRST_HZ)
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")
    file = recorded(asterisk, ended.get("CallID"))

    assert [CALLER_HZ, FIRST_HZ] == tones(file, CALLER_HZ, FIRST_HZ, MUSIC_HZ)
    assert 4 == len(file.relative_to(asterisk.directory / "recordings").parts)
    assert {0o600, 0o700} == {S_IMODE(path.stat().st_mode) for path in (file, *file.parents[:4])}


def test_the_next_operator_is_recorded_too(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A phone that answers and drops leads the caller on; the file goes on with whoever is next."""
    with asterisk.phone("1001") as first:
        call = asterisk.dial(carrier)
        dropped = first.incoming()
        # There before the first one drops: the fallback rings whoever is there at that moment, and then for 30 s.
        with asterisk.phone("1002") as second:
            dropped.answer()
            asterisk.events.wait("Siaga112Answered", Operator="1001")
            dropped.hangup()
            ringing = second.incoming(40)
            ringing.answer()
            say(ringing, call, SECOND_HZ)
            say(call, ringing, CALLER_HZ)
            call.hangup()
            ended = asterisk.events.wait("Siaga112Ended")

    assert [SECOND_HZ, CALLER_HZ] == tones(recorded(asterisk, ended.get("CallID")), CALLER_HZ, SECOND_HZ)


def test_a_transfer_is_recorded_on(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The colleague whom the caller is led to is in the same file; what the two operators say alone is not."""
    with asterisk.phone("1001") as operator, AmiClient(asterisk.asterisk.ami, RecordingRenewal()) as client:
        assert client.wait_ready(10)
        call = asterisk.dial(carrier)
        leg = operator.incoming()
        leg.answer()
        call_id = asterisk.events.wait("Siaga112Answered").get("CallID")
        say(leg, call, FIRST_HZ)
        with asterisk.phone("1002") as colleague:
            ask(leg, "1002")
            asked = colleague.incoming(10)
            asked.answer()
            say(asked, leg, AMONG_THEM_HZ)
            leg.hangup()
            asked.play_tone(SECOND_HZ)
            (file,) = (file for file in files(asterisk.asterisk.layout.recordings) if file.stem == call_id)
            eventually("the colleague is recorded", lambda: SECOND_HZ in tones(file, SECOND_HZ))
            call.hangup()
            ended = asterisk.events.wait("Siaga112Ended")

    assert [FIRST_HZ, SECOND_HZ] == tones(recorded(asterisk, ended.get("CallID")), FIRST_HZ, SECOND_HZ, AMONG_THEM_HZ)


def test_a_caller_who_is_not_answered_is_not_recorded(asterisk: AsteriskServer, carrier: Phone) -> None:
    """What somebody says to the music is nobody's business: the file has no sound."""
    with asterisk.phone("1001") as operator:
        call = asterisk.dial(carrier)
        operator.incoming()
        call.wait_tone(MUSIC_HZ)
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")

    assert 44 == recorded(asterisk, ended.get("CallID")).stat().st_size


def test_with_too_little_room_nothing_is_recorded(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The mark that says so stops recording at the next call; the call goes its way."""
    stop = asterisk.asterisk.layout.recordings / RECORDING_STOP
    before = files(stop.parent)
    stop.touch()
    try:
        talk(asterisk, carrier)
    finally:
        stop.unlink()

    assert before == files(stop.parent)


def test_a_full_disk_stops_no_call(fresh_asterisk: AsteriskServer) -> None:
    """Each write of the recording is refused: both sides go on hearing each other, and the call has its record."""
    fill_up(fresh_asterisk.asterisk.layout.recordings, ZoneInfo(fresh_asterisk.settings.site.timezone))
    fresh_asterisk.start()
    with fresh_asterisk.carrier() as carrier:
        talk(fresh_asterisk, carrier)
        fresh_asterisk.wait_idle()

    assert "No space left on device" in fresh_asterisk.log or "frame write failed" in fresh_asterisk.log


def test_a_folder_that_cannot_be_written_stops_no_call(fresh_asterisk: AsteriskServer) -> None:
    """Where the folder of the day should be there is a file."""
    fresh_asterisk.asterisk.layout.recordings.mkdir(parents=True)
    for year in ("2026", "2027", "2028"):
        (fresh_asterisk.asterisk.layout.recordings / year).touch()
    fresh_asterisk.start()
    with fresh_asterisk.carrier() as carrier:
        talk(fresh_asterisk, carrier)
        fresh_asterisk.wait_idle()

    assert [] == files(fresh_asterisk.asterisk.layout.recordings)


@pytest.fixture
def silent_asterisk(tmp_path: Path) -> AsteriskServer:
    """An Asterisk of a city that records nothing."""
    return AsteriskServer(tmp_path, {"recording": {"enabled": False}})


def test_a_city_may_record_nothing(silent_asterisk: AsteriskServer) -> None:
    """`[recording] enabled = false`."""
    try:
        with silent_asterisk.start().carrier() as carrier:
            talk(silent_asterisk, carrier)
        assert [] == files(silent_asterisk.asterisk.layout.recordings)
    finally:
        silent_asterisk.close()


def talk(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A call in which both sides hear each other, for two seconds and more."""
    with asterisk.phone("1001") as operator:
        call = asterisk.dial(carrier)
        ringing = operator.incoming()
        ringing.answer()
        for _ in range(4):
            say(call, ringing, CALLER_HZ)
            say(ringing, call, FIRST_HZ)
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")
    assert "1" == ended.get("Answered")
    asterisk.call_record(ended.get("CallID"))
