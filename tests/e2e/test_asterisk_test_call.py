"""The test call on a real Asterisk: it goes a caller's way, rings nobody, and says how far it came."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest

from hardware.asterisk.probe_way import ENDPOINT, ProbeWay, probe_way
from hardware.softphone import Phone, WaitError
from redis_queue.probes import ProbeNotes, call_probe
from siaga112.app import App
from siaga112.monitoring import call_watch
from siaga112.monitoring.call_probe import ProbeFailedError, place_call
from siaga112.parts import switchboard as part
from tests.support.asterisk_server import AsteriskServer, write_tone
from tests.support.eventual import eventually
from tests.support.redis_server import RedisServer
from tests.support.scripted_agi import Conversation, Script, ScriptedAgi

NUMBER = "112"


def way_into(asterisk: AsteriskServer) -> ProbeWay:
    """How the test call gets in."""
    way = probe_way(asterisk.settings, asterisk.asterisk.ami.secret)
    assert way is not None
    return way


def deciding(asterisk: AsteriskServer, *, speaks: bool = True) -> Script:
    """A script that greets and says that it has decided, as the real one does."""
    tone = asterisk.directory / "greeting.wav"
    write_tone(tone, 440, seconds=1)

    def script(conversation: Conversation) -> None:
        if speaks:
            conversation.command(f'STREAM FILE {tone.with_suffix("")} ""')
        conversation.set("SIAGA112_DONE", "1")

    return script


@contextmanager
def without_trace(asterisk: AsteriskServer) -> Iterator[None]:
    """No phone is rung meanwhile, no call told of, and no record of one written."""
    before = asterisk.recorded_calls()
    yield
    asterisk.wait_idle()
    told = ("DialBegin", "Siaga112Fallback", "Siaga112Ended")

    assert [] == [name for name in told if asterisk.events.find(name)]
    assert before == asterisk.recorded_calls()


def test_all_well(asterisk: AsteriskServer) -> None:
    """The script is asked as for a trunk's call, its greeting is heard, and an operator who is there has peace."""
    with (
        asterisk.phone("1001") as operator,
        ScriptedAgi(asterisk.agi_port, deciding(asterisk)) as agi,
        without_trace(asterisk),
    ):
        took_s = place_call(way_into(asterisk), NUMBER)
        asked = agi.sessions.get(timeout=5).environment

        assert took_s > 0
        assert ("call", NUMBER) == (asked["agi_network_script"], asked["agi_dnid"])
        assert () == operator.calls


def hangs(conversation: Conversation) -> None:
    """A script that never says a word."""
    conversation.wait_end()


def dies(conversation: Conversation) -> None:
    """A script that ends without its mark."""
    conversation.command("NOOP")


@pytest.mark.parametrize(("script", "said"), [(dies, "no script said"), (hangs, "fell silent")])
def test_scripts_at_fault(asterisk: AsteriskServer, script: Script, said: str) -> None:
    """One that dies or hangs: the call fails and says so, and no operator is rung for it."""
    with (
        asterisk.phone("1001") as operator,
        ScriptedAgi(asterisk.agi_port, script),
        without_trace(asterisk),
        pytest.raises(ProbeFailedError, match=said),
    ):
        place_call(way_into(asterisk), NUMBER)

    assert () == operator.calls


def test_scripts_stopped(asterisk: AsteriskServer) -> None:
    """Nobody listens at the FastAGI port: the call fails and names the part, and no operator is rung for it."""
    with (
        asterisk.phone("1001") as operator,
        without_trace(asterisk),
        pytest.raises(ProbeFailedError, match="siaga112 agi"),
    ):
        place_call(way_into(asterisk), NUMBER)

    assert () == operator.calls


def test_no_sound(asterisk: AsteriskServer) -> None:
    """Prompts that are missing are a fault of the line: citizens would hear nothing."""
    with (
        ScriptedAgi(asterisk.agi_port, deciding(asterisk, speaks=False)),
        pytest.raises(ProbeFailedError, match="prompts build"),
    ):
        place_call(way_into(asterisk), NUMBER)


def test_stranger_who_takes_its_name(asterisk: AsteriskServer) -> None:
    """Without the password its name opens nothing, and gets the answer that every unknown name gets."""
    endings = {}
    for name in (ENDPOINT, "nobody"):
        with Phone(name, ("127.0.0.9", 0), password="guessed") as stranger:
            call = asterisk.dial(stranger, number=name)
            with pytest.raises(WaitError):
                call.wait_answered(timeout=10)
            assert call.ending is not None
            endings[name] = call.ending.status

    assert endings == {ENDPOINT: 401, "nobody": 401}


def test_citizen_who_takes_its_name(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A trunk's caller stays a caller, whatever stands in From: the phones ring."""
    with asterisk.phone("1001") as operator:
        call = asterisk.dial(carrier, number=ENDPOINT)
        operator.incoming(15)
        call.hangup()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of the test's own."""
    server = RedisServer()
    server.start()
    try:
        yield server
    finally:
        server.remove()


def test_watchers_part_makes_them(
    fresh_asterisk: AsteriskServer, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to ask for it: it is made, and how it went is written down."""
    monkeypatch.setattr(call_watch, "FIRST_AFTER", timedelta())
    monkeypatch.setattr(part, "TEST_CALL_LOOK_EVERY_S", 0.2)
    fresh_asterisk.configure(fresh_asterisk.tables | {"redis": {"url": redis_server.url}})
    fresh_asterisk.start()
    app = App(fresh_asterisk.settings)
    name = call_probe(app.settings.node)
    script = ScriptedAgi(fresh_asterisk.agi_port, deciding(fresh_asterisk))
    with closing(app.redis), script, part.switchboard(app):
        eventually("one that went well", lambda: (note := ProbeNotes(app.redis).read(name)) and note.passed)
