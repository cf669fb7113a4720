"""Whatever becomes of our programs, the caller reaches a human: the dialplan's own way, on a real Asterisk."""

from itertools import pairwise

from hardware.softphone import BUSY, Manners, Moment, Phone, answering
from tests.support.asterisk_server import MUSIC_HZ, AsteriskServer
from tests.support.scripted_agi import Conversation, ScriptedAgi


def test_server_down(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Nobody listens at the FastAGI port: an operator's phone rings, the caller hears music, they talk."""
    with asterisk.phone("1001") as operator:
        call = asterisk.dial(carrier)
        ringing = operator.incoming()
        call.wait_tone(MUSIC_HZ)
        ringing.answer()
        call.play_tone(700)
        ringing.wait_tone(700)
        ringing.play_tone(900)
        call.wait_tone(900)
        call.hangup()

        started = asterisk.events.wait("Siaga112Fallback")
        answered = asterisk.events.wait("Siaga112Answered")
        ended = asterisk.events.wait("Siaga112Ended")

    assert "script" == started.get("Reason")
    assert ("1001", "1") == (answered.get("Operator"), answered.get("Fallback"))
    assert ("1001", "1", "1") == (ended.get("Operator"), ended.get("Answered"), ended.get("Fallback"))


def test_server_dies_during_the_call(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A script that ends without its mark, as one that is killed does, hands the caller to the operators."""

    def dies(script: Conversation) -> None:
        script.command("WAIT FOR DIGIT 300")

    with asterisk.phone("1001", answering()) as operator, ScriptedAgi(asterisk.agi_port, dies):
        call = asterisk.dial(carrier)
        operator.incoming(10).wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert "script" == asterisk.events.wait("Siaga112Fallback").get("Reason")


def test_server_accepts_and_never_answers(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A frozen script is left by the dead-man timer."""
    with asterisk.phone("1001", answering()) as operator, ScriptedAgi(asterisk.agi_port, Conversation.wait_end):
        call = asterisk.dial(carrier)
        operator.incoming(10).wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert "timer" == asterisk.events.wait("Siaga112Fallback").get("Reason")


def test_script_that_lives_keeps_the_call(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The timer is renewed at each step, and fires after the last one of a script that stops then."""
    steps = []

    def renews(script: Conversation) -> None:
        for _ in range(3):
            script.set("TIMEOUT(absolute)", "3")
            steps.append(script.command("WAIT FOR DIGIT 2000"))
        script.wait_end()

    with asterisk.phone("1001", answering()) as operator, ScriptedAgi(asterisk.agi_port, renews):
        call = asterisk.dial(carrier)
        operator.incoming(15).wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert ["200 result=0"] * 3 == steps
    assert "timer" == asterisk.events.wait("Siaga112Fallback").get("Reason")


def test_script_without_a_route_hands_over(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A script that knows no operator says so by an empty route."""
    with (
        asterisk.phone("1001", answering()) as operator,
        ScriptedAgi(asterisk.agi_port, lambda script: script.set("SIAGA112_DONE", "1")),
    ):
        call = asterisk.dial(carrier)
        operator.incoming().wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert "handed" == asterisk.events.wait("Siaga112Fallback").get("Reason")


def test_script_that_has_nobody_left_hands_over(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Where somebody was rung first, that they did not take the call is the reason."""
    routes = iter(["1002"])

    def tries_one(script: Conversation) -> None:
        if (operator := next(routes, "")) != "":
            script.route(operator)
        else:
            script.set("SIAGA112_DONE", "1")

    with asterisk.phone("1001", answering()) as operator, ScriptedAgi(asterisk.agi_port, tries_one):
        call = asterisk.dial(carrier)
        operator.incoming().wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()

    assert "operators" == asterisk.events.wait("Siaga112Fallback").get("Reason")


def test_second_operator_when_the_first_is_silent(asterisk: AsteriskServer, carrier: Phone) -> None:
    """The queue goes on to the next phone."""
    with asterisk.phone("1001") as silent, asterisk.phone("1002") as other:
        call = asterisk.dial(carrier)
        first, second = (silent, other) if silent_rings_first(silent, other, asterisk) else (other, silent)
        first.incoming()
        second.manners = answering()
        second.incoming(15).wait_answered()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()


def silent_rings_first(one: Phone, other: Phone, asterisk: AsteriskServer) -> bool:
    """Which phone the queue took first."""
    assert asterisk.events.wait_until(lambda: bool(one.calls or other.calls))
    return bool(one.calls)


def test_busy_operator_is_not_rung_and_taken_when_free(asterisk: AsteriskServer, carrier: Phone) -> None:
    """One phone, two callers: the second waits with music and is connected as soon as the first has hung up."""
    with asterisk.phone("1001", answering()) as operator:
        first = asterisk.dial(carrier, number="+6281111111111")
        operator.incoming().wait_answered()
        second = asterisk.dial(carrier, number="+6282222222222")
        second.wait_tone(MUSIC_HZ)
        while_talking = len(operator.calls)
        first.hangup()
        connected = operator.incoming(10)
        connected.wait_answered()
        second.hangup()

    assert 1 == while_talking
    assert "+6282222222222" == connected.remote_number


def test_one_phone_is_never_rung_for_two(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Two callers in the fallback and one phone that is slow to say it rings: one call at a time."""
    with asterisk.phone("1001", Manners(ring_after=None)) as operator:
        callers = [asterisk.dial(carrier, number=number) for number in ("+6281111111111", "+6282222222222")]
        assert asterisk.events.wait_until(lambda: len(operator.calls) == 3, 30)
        rung = [(call.moment(Moment.INVITE_RECEIVED), call.moment(Moment.ENDED)) for call in operator.calls]
        for caller in callers:
            caller.hangup()

    assert all(ended is not None and begun is not None and ended <= begun for (_, ended), (begun, _) in pairwise(rung))


def test_caller_who_gives_up_is_written_down(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Nobody answers, the caller hangs up: the record says so."""
    with asterisk.phone("1001") as operator:
        call = asterisk.dial(carrier)
        operator.incoming()
        call.hangup()
        ended = asterisk.events.wait("Siaga112Ended")
        record = asterisk.call_record(ended.get("CallID"))

    assert ("0", "1") == (ended.get("Answered"), ended.get("Fallback"))
    assert (None, True, False) == (record.answered_at, record.fallback, record.done)


def test_all_operators_refuse(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Refusing phones are asked again and again, until one takes the call."""
    with asterisk.phone("1001", BUSY) as operator:
        call = asterisk.dial(carrier)
        operator.incoming()
        operator.manners = answering()
        operator.incoming(15).wait_answered(15)
        call.hangup()
