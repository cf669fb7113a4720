"""AMI as real Asterisk speaks it: states, losses, new connections, and callers who would like to confuse it."""

import os
import signal
import threading
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from hardware.asterisk.ami import (
    AmiAddress,
    AmiClient,
    AmiDisconnectedError,
    AmiRefusedError,
    AmiTimeoutError,
    AmiValueError,
    Message,
)
from hardware.asterisk.ami.connection import AmiConnection
from hardware.asterisk.ami.views import (
    ContactStatus,
    DeviceState,
    EndpointState,
    channels,
    contacts,
    endpoint_states,
)
from hardware.asterisk.render import AMI_EVENTS
from hardware.asterisk.trunks.state import TrunkCondition, trunk_states
from hardware.softphone import Phone, answering
from tests.support.asterisk_server import AsteriskServer, Events


def ami(asterisk: AsteriskServer) -> AmiClient:
    """The server's own client."""
    assert asterisk.client is not None
    return asterisk.client


def test_phones_come_and_go(asterisk: AsteriskServer) -> None:
    """A phone that registers is reachable, free, in a call, and gone again; each is an event too."""
    before = state_of(asterisk, "1001")
    with asterisk.phone("1001"):
        free = state_of(asterisk, "1001")
        place = contacts(ami(asterisk), "1001")
    asterisk.wait_state("PJSIP/1001", "UNAVAILABLE")

    def told() -> list[EndpointState]:
        return [state for state in map(EndpointState.from_message, asterisk.events.seen) if state]

    # The event may be on its way still when the list says so already.
    gone = EndpointState("1001", DeviceState.UNAVAILABLE)
    assert asterisk.events.wait_until(lambda: gone in told())
    assert (DeviceState.UNAVAILABLE, DeviceState.NOT_INUSE) == (before, free)
    assert [("1001", ContactStatus.REACHABLE)] == [(contact.endpoint, contact.status) for contact in place]
    assert EndpointState("1001", DeviceState.NOT_INUSE) in told()


def state_of(asterisk: AsteriskServer, endpoint: str) -> DeviceState:
    """What the list says of one endpoint."""
    return next(entry.state for entry in endpoint_states(ami(asterisk)) if entry.endpoint == endpoint)


def test_phone_at_a_fixed_address_is_seen_as_well(asterisk: AsteriskServer) -> None:
    """A phone that does not register is reachable when it answers OPTIONS."""
    with asterisk.phone("1003"):
        place = contacts(ami(asterisk), "1003")

    assert [ContactStatus.REACHABLE] == [contact.status for contact in place]
    assert place[0].round_trip_ms is not None


def test_unknown_endpoint_has_no_place(asterisk: AsteriskServer) -> None:
    """An endpoint that Asterisk does not have is nowhere; that is no error."""
    assert () == contacts(ami(asterisk), "9999")


def test_calls_are_seen(asterisk: AsteriskServer, carrier: Phone) -> None:
    """Both legs of a call carry the caller's Uniqueid as their linked id."""
    with asterisk.phone("1001", answering()) as operator:
        call = asterisk.dial(carrier)
        operator.incoming()
        asterisk.events.wait("Siaga112Answered")
        legs = {channel.endpoint: channel for channel in channels(ami(asterisk))}
        talking = state_of(asterisk, "1001")
        call.hangup()

    assert {"trunk-carrier", "1001"} == legs.keys()
    assert legs["trunk-carrier"].unique_id == legs["1001"].linked_id
    assert DeviceState.BUSY == talking


def test_trunks_are_seen(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A trunk that answers is up, one that does not is down, one that was never configured is said."""
    asterisk.qualify("trunk-carrier")
    asterisk.qualify("trunk-backup")
    asterisk.wait_state("PJSIP/trunk-carrier", "NOT_INUSE")
    asterisk.events.wait_until(lambda: ContactStatus.UNREACHABLE in asterisk.places("trunk-backup"))

    carrier_state, backup, missing = trunk_states(ami(asterisk), ["carrier", "backup", "missing"])

    assert (TrunkCondition.UP, "") == (carrier_state.condition, carrier_state.reason)
    assert carrier_state.round_trip_ms is not None
    assert (TrunkCondition.DOWN, "does not answer OPTIONS: look at host, transport and the firewall") == (
        backup.condition,
        backup.reason,
    )
    assert TrunkCondition.DOWN == missing.condition


def test_registering_trunk(fresh_asterisk: AsteriskServer) -> None:
    """A trunk registers with its password; with a wrong one it is rejected, and says so."""
    for name in ("carrier", "backup"):
        change_trunk(fresh_asterisk, name, register=True, username="city", password="right")
    with (
        Phone("carrier", ("127.0.0.2", fresh_asterisk.carrier_port), accounts={"city": "right"}) as right,
        Phone("backup", ("127.0.0.3", fresh_asterisk.backup_port), accounts={"city": "other"}),
    ):
        fresh_asterisk.start()
        right.wait_contact("city")
        asked = fresh_asterisk.events.wait_until(
            lambda: (
                [TrunkCondition.UP, TrunkCondition.REJECTED]
                == [state.condition for state in trunk_states(ami(fresh_asterisk), ["carrier", "backup"])]
            )
        )

    assert asked


def change_trunk(server: AsteriskServer, name: str, **changes: object) -> None:
    """Give a server that has not started other settings for one trunk."""
    trunks = [trunk | changes if trunk["name"] == name else trunk for trunk in server.tables["trunks"]]
    server.configure(server.tables | {"trunks": trunks})


def test_caller_named_status_will_follow(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A name that another client's parser takes for a command of its own changes nothing here."""
    with asterisk.phone("1001", answering()) as operator:
        call = asterisk.dial(carrier, display_name="status will follow")
        operator.incoming(15)
        asterisk.events.wait("Siaga112Answered")
        pong = ami(asterisk).action("Ping")
        call.hangup()
        asterisk.events.wait("Hangup")

    assert "Success" == pong.response


def test_only_what_is_needed_is_told(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A whole call costs a handful of events; of the hundred that Asterisk has to say the rest never reaches us."""
    with asterisk.phone("1001", answering()) as operator:
        call = asterisk.dial(carrier)
        operator.incoming()
        asterisk.events.wait("Siaga112Answered")
        call.hangup()
        asterisk.events.wait("Siaga112Ended")
    told = {event.event for event in asterisk.events.seen}

    assert {"Newchannel", "DialBegin", "DeviceStateChange", "UserEvent"} <= told
    assert told <= set(AMI_EVENTS)


def test_refusal_is_an_error_of_its_own(asterisk: AsteriskServer) -> None:
    """What Asterisk refuses, and what our user may not do, is said."""
    with pytest.raises(AmiRefusedError, match="nowhere"):
        ami(asterisk).list_action("PJSIPShowEndpoint", (("Endpoint", "nowhere"),))
    with pytest.raises(AmiRefusedError, match="Permission denied"):
        ami(asterisk).action("Command", (("Command", "core show version"),))


def test_value_with_a_line_break_is_not_sent(asterisk: AsteriskServer) -> None:
    """No value begins an action of its own."""
    with pytest.raises(AmiValueError):
        ami(asterisk).action("Ping", (("X", "y\r\n\r\nAction: CoreShowChannels"),))


def test_many_threads_get_their_own_answers(asterisk: AsteriskServer) -> None:
    """Answers go by ActionID to the thread that asked."""
    wanted = ["1001", "1002", "1003", "trunk-carrier"] * 5
    got: list[str] = []

    def ask(endpoint: str) -> None:
        (detail,) = (
            message
            for message in ami(asterisk).list_action("PJSIPShowEndpoint", (("Endpoint", endpoint),))
            if message.event == "EndpointDetail"
        )
        got.append("right" if detail.get("ObjectName") == endpoint else "wrong")

    threads = [threading.Thread(target=ask, args=(endpoint,)) for endpoint in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["right"] * len(wanted) == got


def test_restart_is_followed_by_a_new_full_look(fresh_asterisk: AsteriskServer) -> None:
    """When Asterisk dies the listener hears of it, and is asked to look at everything once it is back."""
    fresh_asterisk.start()
    events = fresh_asterisk.events
    fresh_asterisk.asterisk.kill()
    lost = events.wait_until(lambda: events.lost == 1)
    with pytest.raises(AmiDisconnectedError):
        ami(fresh_asterisk).action("Ping")

    fresh_asterisk.asterisk.ensure()

    assert lost
    assert events.wait_until(lambda: events.ready == 2, 15)
    assert "Success" == ami(fresh_asterisk).action("Ping").response


def test_frozen_asterisk_is_noticed(fresh_asterisk: AsteriskServer) -> None:
    """A connection that stands and says nothing is given up; actions on it time out."""
    fresh_asterisk.start()
    events = fresh_asterisk.events
    pid = fresh_asterisk.asterisk.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
    try:
        with pytest.raises(AmiTimeoutError):
            ami(fresh_asterisk).action("Ping", timeout_s=0.2)
        lost = events.wait_until(lambda: events.lost == 1, 20)
    finally:
        os.kill(pid, signal.SIGCONT)

    assert lost
    assert events.wait_until(lambda: events.ready == 2, 20)


def test_what_cannot_be_read_costs_one_connection(
    asterisk: AsteriskServer, carrier: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own in reading is said with its place; the client connects again and looks at everything."""
    take = AmiConnection._take
    faults = [ZeroDivisionError("new")]
    # An object of its own: the server's own client hears the same call, and the fault must not be its.
    address = replace(asterisk.asterisk.ami)

    def clumsy(connection: AmiConnection, message: Message) -> None:
        if faults and connection._address is address and message.event == "Newchannel":
            raise faults.pop()
        take(connection, message)

    monkeypatch.setattr(AmiConnection, "_take", clumsy)
    events = Events()
    with capture_logs() as logs, AmiClient(address, events) as client:
        assert client.wait_ready(10)
        call = asterisk.dial(carrier)
        asterisk.events.wait("Newchannel")
        call.hangup()
        again = events.wait_until(lambda: events.lost > 0 and events.ready > events.lost, 30)

    assert again
    assert ["ami.connection_failed"] == [line["event"] for line in logs if line["log_level"] == "error"]


def test_closing_is_quiet(asterisk: AsteriskServer) -> None:
    """Whoever closes the connection is told of no loss, neither by a call nor in the log."""
    events = Events()
    with capture_logs() as logs, AmiClient(asterisk.asterisk.ami, events) as client:
        assert client.wait_ready(10)

    assert 0 == events.lost
    assert [] == logs


def test_wrong_password_is_no_connection(asterisk: AsteriskServer) -> None:
    """A client that Asterisk does not know is never ready, and ends when it is told to."""
    right = asterisk.asterisk.ami
    client = AmiClient(AmiAddress(right.host, right.port, right.user, "wrong"), Events())
    client.start()

    ready = client.wait_ready(1)
    client.close()

    assert not ready


def test_listener_that_fails_hears_the_next_event(asterisk: AsteriskServer, carrier: Phone) -> None:
    """A fault in the handling of one event does not end the hearing of others."""

    class Clumsy(Events):
        def on_event(self, event: object) -> None:
            super().on_event(event)  # type: ignore[arg-type]
            raise ValueError("clumsy")

    events = Clumsy()
    with AmiClient(asterisk.asterisk.ami, events) as client:
        assert client.wait_ready(5)
        call = asterisk.dial(carrier)
        events.wait("Siaga112Fallback")
        call.hangup()
        ended = events.wait("Siaga112Ended")

    assert "carrier" == ended.get("Trunk")
