"""A telecom admin changes a line of an Asterisk that runs: no call drops, and what is not taken is taken back."""

import pytest

from hardware.asterisk.errors import ChangeRefusedError
from hardware.asterisk.generations import Outcome
from hardware.asterisk.process import ManagedAsterisk
from hardware.asterisk.trunks.change import LineChange
from hardware.asterisk.trunks.state import TrunkCondition, trunk_states
from hardware.softphone import Phone, answering
from siaga112.settings import Settings
from tests.support.asterisk_server import AsteriskServer

TONE_HZ = 700


def with_trunks(server: AsteriskServer, trunks: list[dict[str, object]]) -> ManagedAsterisk:
    """The same Asterisk as a command sees it after its configuration file has changed."""
    return ManagedAsterisk(Settings.model_validate(server.tables | {"trunks": trunks}), server.prompts)


def changed(server: AsteriskServer, name: str, **values: object) -> ManagedAsterisk:
    """The same with other values for one trunk."""
    trunks = [trunk | values if trunk["name"] == name else trunk for trunk in server.tables["trunks"]]
    return with_trunks(server, trunks)


def change(server: AsteriskServer, asterisk: ManagedAsterisk) -> LineChange:
    """A change by the test's own AMI client."""
    assert server.client is not None
    return LineChange(asterisk, server.client)


def condition(server: AsteriskServer, name: str) -> TrunkCondition:
    """How a trunk is now."""
    assert server.client is not None
    return trunk_states(server.client, [name])[0].condition


def test_new_password_registers_and_no_call_drops(fresh_asterisk: AsteriskServer) -> None:
    """A wrong password is mended while a call is up on another trunk: registered, and the caller still heard."""
    server = fresh_asterisk
    login = {"register": True, "username": "city"}
    server.configure(
        server.tables
        | {"trunks": [trunk | (login if trunk["name"] == "backup" else {}) for trunk in server.tables["trunks"]]}
    )
    with Phone("backup", ("127.0.0.3", server.backup_port), accounts={"city": "the right one"}):
        server.start()
        with server.carrier() as carrier, server.phone("1001", answering()) as operator:
            call = server.dial(carrier)
            talk = operator.incoming(15)
            call.wait_answered()
            assert server.events.wait_until(lambda: TrunkCondition.REJECTED is condition(server, "backup"))

            change(server, changed(server, "backup", **login, password="the right one")).reload()

            assert server.events.wait_until(lambda: TrunkCondition.UP is condition(server, "backup"))
            talk.play_tone(TONE_HZ)
            call.wait_tone(TONE_HZ, 10)
            call.hangup()


def test_trunk_that_goes_takes_no_call_with_it(fresh_asterisk: AsteriskServer) -> None:
    """A trunk is removed while a call came in by it: the call goes on, and undo brings the trunk back."""
    server = fresh_asterisk
    server.start()
    smaller = with_trunks(server, [trunk for trunk in server.tables["trunks"] if trunk["name"] == "backup"])
    with server.carrier() as carrier, server.phone("1001", answering()) as operator:
        call = server.dial(carrier)
        talk = operator.incoming(15)
        call.wait_answered()
        lines = change(server, smaller)

        lines.reload()
        assert TrunkCondition.DOWN is condition(server, "carrier")
        lines.undo()

        server.qualify("trunk-carrier")
        assert server.events.wait_until(lambda: TrunkCondition.UP is condition(server, "carrier"))
        talk.play_tone(TONE_HZ)
        call.wait_tone(TONE_HZ, 10)
        call.hangup()
    history = [(one.id, one.outcome) for one in smaller.generations.all()]
    assert [(3, Outcome.IN_FORCE), (2, Outcome.UNDONE), (1, Outcome.FOLLOWED)] == history


def test_what_asterisk_does_not_take_is_taken_back(
    fresh_asterisk: AsteriskServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torn file would make its trunk vanish: it is noticed, the trunk is as it was, and the history says why."""
    server = fresh_asterisk
    server.start()
    asterisk = changed(server, "carrier", codecs=["ulaw"])
    files = asterisk.rendered()
    name = "pjsip.d/trunk-carrier.conf"
    torn = files | {name: files[name].replace("[trunk-carrier]\ntype = aor", "[trunk-carrier\ntype = aor")}
    monkeypatch.setattr(asterisk, "rendered", lambda: torn)

    with pytest.raises(ChangeRefusedError, match="trunk-carrier"):
        change(server, asterisk).reload()

    server.qualify("trunk-carrier")
    with server.carrier():
        server.wait_state("PJSIP/trunk-carrier", "NOT_INUSE")
    newest, before = asterisk.generations.all()
    assert (Outcome.REFUSED, Outcome.IN_FORCE) == (newest.outcome, before.outcome)
    assert "trunk-carrier" in newest.reason


def test_option_that_asterisk_ignores_is_noticed(
    fresh_asterisk: AsteriskServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that it does not like leaves the old object in force: that is no success."""
    server = fresh_asterisk
    server.start()
    asterisk = changed(server, "carrier", rtp_timeout_seconds=17)
    files = asterisk.rendered()
    name = "pjsip.d/trunk-carrier.conf"
    monkeypatch.setattr(
        asterisk, "rendered", lambda: files | {name: files[name].replace("dtmf_mode = ", "dtmf_mode = no-such-")}
    )

    with pytest.raises(ChangeRefusedError, match="rtp_timeout is '30', not '17'"):
        change(server, asterisk).reload()


def test_what_only_a_start_takes_up_is_refused(fresh_asterisk: AsteriskServer) -> None:
    """A trunk over TCP needs a transport, which a reload does not bring: nothing is written."""
    server = fresh_asterisk
    server.start()
    asterisk = changed(server, "carrier", transport="tcp")

    with pytest.raises(ChangeRefusedError, match="restart `siaga112 up`"):
        change(server, asterisk).reload()

    assert 1 == len(asterisk.generations.all())


def test_nothing_changed_is_no_change(fresh_asterisk: AsteriskServer) -> None:
    """A reload of what is in force says so."""
    server = fresh_asterisk
    server.start()

    assert change(server, changed(server, "carrier")).reload() is None


def test_undone_change_does_not_come_back_by_itself(fresh_asterisk: AsteriskServer) -> None:
    """After an undo a new start keeps to it; who reloads brings the settings into force again."""
    server = fresh_asterisk
    server.start()
    asterisk = changed(server, "carrier", rtp_timeout_seconds=17)
    lines = change(server, asterisk)
    lines.reload()
    lines.undo()

    asterisk.ensure()
    kept = asterisk.generations.files(asterisk.generations.all()[0])
    again = lines.reload()

    assert "rtp_timeout = 30" in kept["pjsip.d/trunk-carrier.conf"]
    assert again is not None
    assert "rtp_timeout = 17" in asterisk.generations.files(again)["pjsip.d/trunk-carrier.conf"]
