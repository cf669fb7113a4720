"""Every kind of trunk carries calls both ways, between two real Asterisks: ours, and that of a telecom operator."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from hardware.asterisk.process import ManagedAsterisk
from hardware.asterisk.trunks.change import LineChange
from hardware.asterisk.trunks.state import TrunkCondition, trunk_states
from hardware.asterisk.trunks.trying import try_call
from hardware.softphone import Call, CallState, Phone, answering
from siaga112.phone import NumberFormat, for_trunk
from siaga112.settings import Settings
from tests.support.asterisk_server import AsteriskServer
from tests.support.carrier import Carrier, Line
from tests.support.certificates import certificate
from tests.support.scripted_agi import Conversation, ScriptedAgi

LINES = (
    Line("registered", "127.0.0.21", 1, registers=True, delivers_to_contact=True),
    Line("by-address", "127.0.0.22", 2),
    Line("tcp", "127.0.0.23", 3, "tcp"),
    Line("secure", "127.0.0.24", 4, "tls"),
    Line("both", "127.0.0.25", 5, registers=True),
)
KINDS = [line.name for line in LINES]

FORMATS = {"registered": "e164", "by-address": "local", "tcp": "plus62", "secure": "local", "both": "e164"}
OWN_NUMBER = "+62333112112"
OWN_NUMBER_LOCAL = "0333112112"

CALLER_HZ, OPERATOR_HZ = 700, 900

DESKS = {str(2000 + desk): f"127.0.0.{100 + desk}" for desk in range(1, 11)}
"""Ten more operators, and where their phones are."""


@pytest.fixture(scope="module")
def telecom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    """The operator's Asterisk, not started yet."""
    pem, key = certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1", "127.0.0.24")
    carrier = Carrier(tmp_path_factory.mktemp("carrier"), LINES, pem, key)
    try:
        yield carrier
    finally:
        carrier.close()


@pytest.fixture(scope="module")
def asterisk_module(tmp_path_factory: pytest.TempPathFactory, telecom: Carrier) -> Iterator[AsteriskServer]:
    """Our Asterisk with a trunk of each kind, all of them up."""
    server = AsteriskServer(tmp_path_factory.mktemp("asterisk"))
    server.configure(server.tables | _tables(server, telecom))
    try:
        telecom.start(server.settings.asterisk.sip_port)
        server.start()
        assert server.events.wait_until(lambda: _all_up(server), 30), _states(server)
        yield server
    finally:
        server.close()


@pytest.fixture
def operator(asterisk: AsteriskServer) -> Iterator[Phone]:
    """Somebody who answers, where every trunk can carry calls."""
    assert asterisk.events.wait_until(lambda: _all_up(asterisk), 30), _states(asterisk)
    with asterisk.phone("1001", answering()) as phone:
        yield phone


def _tables(server: AsteriskServer, telecom: Carrier) -> dict[str, object]:
    trunks = [
        trunk | {"number_format": FORMATS[line.name], "caller_id": OWN_NUMBER}
        for line, trunk in zip(LINES, telecom.trunks(), strict=True)
    ]
    ours = {"certificate": telecom.certificate, "private_key": telecom.private_key}
    desks = [{"extension": extension, "secret": f"secret-{extension}"} for extension in DESKS]
    return {
        "trunks": trunks,
        "asterisk": server.tables["asterisk"] | ours,
        "operators": server.tables["operators"] + desks,
    }


def _states(server: AsteriskServer) -> list[tuple[str, TrunkCondition, str]]:
    assert server.client is not None
    return [(state.name, state.condition, state.reason) for state in trunk_states(server.client, KINDS)]


def _condition(server: AsteriskServer, name: str) -> TrunkCondition:
    return next(condition for trunk, condition, _ in _states(server) if trunk == name)


def _all_up(server: AsteriskServer) -> bool:
    return all(condition is TrunkCondition.UP for _, condition, _ in _states(server))


def _they_hear_each_other(caller: Call, called: Call) -> None:
    caller.play_tone(CALLER_HZ)
    called.play_tone(OPERATOR_HZ)
    called.wait_tone(CALLER_HZ, 10)
    caller.wait_tone(OPERATOR_HZ, 10)


@pytest.mark.parametrize("kind", KINDS)
def test_caller_reaches_an_operator(asterisk: AsteriskServer, telecom: Carrier, operator: Phone, kind: str) -> None:
    """112 by this kind of trunk rings a phone, which shows the caller's number; both hear each other."""
    with ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001")):
        call = telecom.call(kind)
        talk = operator.incoming(15)
        call.wait_answered(10)
        _they_hear_each_other(call, talk)
        call.hangup()

    assert ("+628123456789", kind) == (talk.remote_number, asterisk.events.wait("Siaga112Ended").get("Trunk"))


@pytest.mark.parametrize("line", LINES, ids=KINDS)
def test_caller_is_called_back(asterisk: AsteriskServer, telecom: Carrier, operator: Phone, line: Line) -> None:
    """By this kind of trunk, when those before it are full: the number and our own as its operator wants them."""
    number = f"+62812345678{line.digit}"

    def calls_back(script: Conversation) -> None:
        script.set("SIAGA112_CALLBACK", number)
        for style in NumberFormat:
            script.set(f"SIAGA112_TO_{style.name}", for_trunk(number, style))
        script.set("SIAGA112_NEXT", "call")
        script.set("SIAGA112_DONE", "1")

    telecom.subscriber.manners = answering()
    with ScriptedAgi(asterisk.agi_port, calls_back):
        call = asterisk.dial(operator, "*23", number="1001")
        reached = telecom.subscriber.incoming(15)
        _they_hear_each_other(call, reached)
        call.hangup()

    style = NumberFormat(FORMATS[line.name])
    dialled = reached.invite.uri.partition(":")[2].partition("@")[0]
    wanted = (line.name, for_trunk(number, style), for_trunk(OWN_NUMBER, style))
    assert wanted == (reached.remote_name, dialled, reached.remote_number)


def test_trial_tells_what_a_trunk_carries(asterisk: AsteriskServer, telecom: Carrier) -> None:
    """A call that the admin places by one trunk: answered, in which codec, encrypted, and heard."""
    telecom.subscriber.manners = answering()
    with ThreadPoolExecutor(1) as admin:
        trying = admin.submit(try_call, asterisk.asterisk, "secure", "081234567894")
        called = telecom.subscriber.incoming(15)
        called.wait_answered(10)
        called.play_tone(OPERATOR_HZ)
        called.wait_ended(30)
        trial = trying.result(30)

    assert (True, "ANSWER", "alaw", True) == (trial.carried, trial.dial_status, trial.codec, trial.encrypted)
    assert OWN_NUMBER_LOCAL == called.remote_number


def test_trial_tells_why_not(asterisk: AsteriskServer, telecom: Carrier) -> None:
    """What the telecom operator answered, in words."""
    trial = try_call(asterisk.asterisk, "by-address", "081234567899")

    assert ["the number is busy; 486: who is called is busy"] == list(trial.words())


@pytest.fixture
def desks(asterisk: AsteriskServer) -> Iterator[dict[str, Phone]]:
    """Ten phones that answer."""
    with ExitStack() as phones:
        found = {
            extension: phones.enter_context(
                Phone(
                    extension,
                    (address, 0),
                    password=f"secret-{extension}",
                    registrar=asterisk.sip,
                    manners=answering(),
                )
            )
            for extension, address in DESKS.items()
        }
        for extension, phone in found.items():
            phone.register()
            asterisk.wait_state(f"PJSIP/{extension}", "NOT_INUSE")
        yield found


def test_changed_password_drops_none_of_ten_calls(
    asterisk: AsteriskServer, telecom: Carrier, desks: dict[str, Phone]
) -> None:
    """A wrong password comes into force on the trunk that ten callers talk by, and is undone: all go on talking."""
    trunks = [
        trunk | ({"password": "mistyped"} if trunk["name"] == "both" else {}) for trunk in asterisk.tables["trunks"]
    ]
    assert asterisk.client is not None
    change = LineChange(
        ManagedAsterisk(Settings.model_validate(asterisk.tables | {"trunks": trunks}), asterisk.prompts),
        asterisk.client,
    )
    free = iter(desks)
    talks = []
    with ScriptedAgi(asterisk.agi_port, lambda script: script.route(next(free))):
        for phone in desks.values():
            call = telecom.call("both")
            talks.append((call, phone.incoming(15)))
            call.wait_answered(10)

        change.reload()
        assert asterisk.events.wait_until(lambda: _condition(asterisk, "both") is TrunkCondition.REJECTED, 30)
        change.undo()
        assert asterisk.events.wait_until(lambda: _all_up(asterisk), 30)

        for call, talk in talks:
            _they_hear_each_other(call, talk)
        states = [call.state for call, _ in talks]
        for call, _ in talks:
            call.hangup()

    assert [CallState.ANSWERED] * 10 == states
