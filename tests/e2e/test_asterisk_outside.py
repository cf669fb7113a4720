"""When no operator can be rung: the outside number by the trunks in their order, music, and round again."""

import threading
from collections.abc import Iterator

import pytest

from hardware.asterisk.ami.views import ContactStatus
from hardware.softphone import BUSY, Manners, Phone, answering
from hardware.softphone.history import Moment
from ivr.line import TIMER_SECONDS
from tests.support.asterisk_server import MUSIC_HZ, AsteriskServer, rarely_looked_for
from tests.support.scripted_agi import Conversation, ScriptedAgi

FULL = Manners(refuse_with=503)  # RFC 3261 section 21.5.4: what a carrier says whose lines are all taken


@pytest.fixture(scope="module")
def asterisk_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskServer]:
    """An Asterisk that has a number to fall back on; nobody's phone is there unless a test brings it."""
    server = AsteriskServer(tmp_path_factory.mktemp("asterisk"), {"routing": {"fallback_number": "110"}})
    server.configure({**server.tables, "trunks": rarely_looked_for(server.tables["trunks"])})
    try:
        server.start()
        # Until it has been asked in vain, the phone at a fixed address counts as there.
        assert server.events.wait_until(lambda: ContactStatus.UNREACHABLE in server.places("1003"))
        yield server
    finally:
        server.close()


@pytest.fixture
def backup(asterisk: AsteriskServer) -> Iterator[Phone]:
    """The other end of the second trunk, reachable."""
    with asterisk.backup() as phone:
        asterisk.await_trunk("backup")
        yield phone


@pytest.fixture
def reachable(asterisk: AsteriskServer, carrier: Phone) -> Phone:
    """The first trunk's other end, known to be there."""
    asterisk.await_trunk("carrier")
    return carrier


def test_outside_number_by_the_best_trunk(asterisk: AsteriskServer, reachable: Phone, backup: Phone) -> None:
    """With no phone there the outside number is called at once, under our own number, and they talk."""
    reachable.manners = answering()
    call = asterisk.dial(reachable)
    outside = reachable.incoming()
    outside.wait_answered()
    call.play_tone(700)
    outside.wait_tone(700)
    asterisk.events.wait("Siaga112Answered", Operator="trunk-carrier")
    call.hangup()

    assert ("110", "112") == (outside.invite.uri.partition(":")[2].partition("@")[0], outside.remote_number)
    assert () == backup.calls
    assert "trunk-carrier" == asterisk.events.wait("Siaga112Ended").get("Operator")


def test_next_trunk_when_the_first_is_full(asterisk: AsteriskServer, reachable: Phone, backup: Phone) -> None:
    """A trunk that has no line free costs nothing."""
    reachable.manners = FULL
    backup.manners = answering()
    call = asterisk.dial(reachable)
    backup.incoming().wait_answered()
    asterisk.events.wait("Siaga112Answered")
    call.hangup()


def test_busy_outside_number_is_called_again_and_not_elsewhere(
    asterisk: AsteriskServer, reachable: Phone, backup: Phone
) -> None:
    """Busy is busy by every trunk; the caller hears music and the number is tried again a little later."""
    reachable.manners = BUSY
    call = asterisk.dial(reachable)
    reachable.incoming()
    call.wait_tone(MUSIC_HZ)
    reachable.manners = answering()
    reachable.incoming(15).wait_answered()
    asterisk.events.wait("Siaga112Answered")
    call.hangup()

    assert () == backup.calls


def test_caller_waits_until_somebody_comes(asterisk: AsteriskServer, reachable: Phone) -> None:
    """Nobody anywhere: the caller stays with music, and has the first phone that comes."""
    reachable.manners = FULL
    call = asterisk.dial(reachable)
    call.wait_tone(MUSIC_HZ)
    with asterisk.phone("1001", answering()) as operator:
        operator.incoming(20).wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()


def test_rounds_do_not_spin(asterisk: AsteriskServer, reachable: Phone) -> None:
    """A round in which everything fails at once is followed by a pause."""
    reachable.manners = FULL
    call = asterisk.dial(reachable)
    first = asterisk.events.wait("Hangup")
    second = asterisk.events.wait_until(lambda: tries(asterisk) == 2, 20)
    call.hangup()

    assert "503" == first.get("TechCause")
    assert second


def tries(asterisk: AsteriskServer) -> int:
    """How often the first trunk was dialled."""
    return sum(
        event.event == "DialBegin" and event.get("DestChannel").startswith("PJSIP/trunk-carrier")
        for event in asterisk.events.seen
    )


def test_operator_is_asked_before_the_outside_number(asterisk: AsteriskServer, reachable: Phone) -> None:
    """As long as a phone is there, nobody outside is called."""
    reachable.manners = answering()
    with asterisk.phone("1001", answering(0.5)) as operator:
        call = asterisk.dial(reachable)
        operator.incoming().wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert 0 == tries(asterisk)


def test_who_waited_long_enough_goes_outside_first(asterisk: AsteriskServer, reachable: Phone) -> None:
    """A script whose caller has waited for long says so: phones here ring only when that number came to nothing."""

    def hands_over(script: Conversation) -> None:
        script.set("SIAGA112_OUTSIDE", "1")
        script.set("SIAGA112_DONE", "1")

    reachable.manners = BUSY
    with asterisk.phone("1001", answering()) as operator, ScriptedAgi(asterisk.agi_port, hands_over):
        call = asterisk.dial(reachable)
        outside = reachable.incoming()
        talk = operator.incoming()
        talk.play_tone(900)
        call.wait_tone(900)
        asked = [each.moment(Moment.INVITE_RECEIVED) for each in (outside, talk)]
        call.hangup()

    assert asked == sorted(asked, key=lambda at: at or 0.0)
    assert "overflow" == asterisk.events.wait("Siaga112Fallback").get("Reason")


def test_script_is_asked_again_after_each_round(asterisk: AsteriskServer, reachable: Phone) -> None:
    """Its server is back, or the number outside was busy: the script has the caller again, as one who came before."""
    asked: list[tuple[str, ...]] = []
    there = threading.Event()

    def takes_over(script: Conversation) -> None:
        asked.append(tuple(script.get(name) for name in ("SIAGA112_TRY", "SIAGA112_FALLBACK", "SIAGA112_TRIED")))
        asked.append((script.get("SIAGA112_START"),))
        there.wait(TIMER_SECONDS)
        script.route("1001")

    reachable.manners = BUSY
    call = asterisk.dial(reachable)
    asterisk.events.wait("Siaga112Fallback")
    with ScriptedAgi(asterisk.agi_port, takes_over) as server:
        session = server.sessions.get(timeout=20)
        with asterisk.phone("1001", answering()) as operator:
            there.set()
            operator.incoming(20).wait_answered()
            asterisk.events.wait("Siaga112Answered", Operator="1001")
            call.hangup()
            record = asterisk.call_record(asterisk.events.wait("Siaga112Ended").get("CallID"))

    assert session.call_id == record.call_id
    assert [("1", "1", ""), (f"{record.started_at.timestamp():.6f}",)] == asked[:2]
    assert 1 == sum(event.get("UserEvent") == "Siaga112Fallback" for event in asterisk.events.seen)


def test_silent_script_keeps_nobody_from_the_next_round(asterisk: AsteriskServer, reachable: Phone) -> None:
    """One that stands still whenever it is asked: the fallback goes on ringing."""
    reachable.manners = BUSY
    with ScriptedAgi(asterisk.agi_port, Conversation.wait_end) as server:
        call = asterisk.dial(reachable)
        for _ in range(2):
            server.sessions.get(timeout=20)
        reachable.manners = answering()
        assert asterisk.events.wait_until(lambda: any(ring.moment(Moment.ANSWERED) for ring in reachable.calls[1:]), 30)
        call.hangup()
