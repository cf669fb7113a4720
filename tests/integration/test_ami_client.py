"""One AMI connection and several listeners: each hears what it wants, in order, and none waits for another."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs

from hardware.asterisk.ami import AmiClient, AmiError, Message, inbox
from tests.support.fake_ami import FakeAmi, event

LIMIT_S = 30.0


class Listener:
    """Keeps what it is told, as one word each; waits in `on_event` where it is told to."""

    def __init__(self, *wants: str) -> None:
        self.wants = frozenset(wants)
        self.told: list[str] = []
        self.goes_on = threading.Event()
        self.goes_on.set()
        self._changed = threading.Condition()

    def on_ready(self, client: AmiClient) -> None:
        """A full look; by an action, as they do."""
        self._keep("ready" if client.action("Ping").response == "Success" else "refused")

    def on_event(self, event: Message) -> None:
        """An event, and which."""
        self._keep(event.event + event.get("Number"))
        self.goes_on.wait(LIMIT_S)

    def on_lost(self, error: AmiError) -> None:
        """A loss."""
        self._keep("lost")

    def wait(self, *told: str) -> list[str]:
        """What it was told, once it has been told as much."""
        return self.wait_until(lambda: len(self.told) >= len(told))

    def wait_until(self, look: Callable[[], bool]) -> list[str]:
        """What it was told by then."""
        with self._changed:
            self._changed.wait_for(look, LIMIT_S)
            return list(self.told)

    def _keep(self, word: str) -> None:
        with self._changed:
            self.told.append(word)
            self._changed.notify_all()


@pytest.fixture
def server() -> Iterator[FakeAmi]:
    """An AMI server."""
    with FakeAmi() as server:
        yield server


@contextmanager
def connected(server: FakeAmi, *listeners: Listener) -> Iterator[AmiClient]:
    """A client, and all its listeners know that it is ready."""
    with AmiClient(server.address, *listeners) as client:
        for listener in listeners:
            assert ["ready"] == listener.wait("ready")
        yield client


def test_each_hears_what_it_wants(server: FakeAmi) -> None:
    """In order, and by one connection."""
    calls, hangups = Listener("Newchannel", "Hangup"), Listener("Hangup")
    with connected(server, calls, hangups):
        server.say(event("Newchannel", Number="1") + event("Newstate") + event("Hangup", Number="2"))
        server.say(event("Newchannel", Number="3") + event("Hangup", Number="4"))

        expected = ["ready", "Newchannel1", "Hangup2", "Newchannel3", "Hangup4"]
        assert expected == calls.wait(*expected)
        assert ["ready", "Hangup2", "Hangup4"] == hangups.wait("ready", "Hangup2", "Hangup4")
    assert 1 == server.logins


def test_none_waits_for_another(server: FakeAmi) -> None:
    """One that does not come back keeps neither the others' events waiting nor anybody's actions."""
    slow, quick = Listener("Hangup"), Listener("Hangup")
    slow.goes_on.clear()
    with connected(server, slow, quick) as client:
        server.say(event("Hangup", Number="1") + event("Hangup", Number="2"))

        heard = quick.wait("ready", "Hangup1", "Hangup2")
        answered = client.action("Ping").response
        meanwhile = slow.wait("ready", "Hangup1")
        slow.goes_on.set()

    assert ["ready", "Hangup1", "Hangup2"] == heard
    assert "Success" == answered
    assert ["ready", "Hangup1"] == meanwhile


def test_all_hear_of_a_loss_and_of_the_new_connection(server: FakeAmi) -> None:
    """Each looks at everything anew."""
    listeners = (Listener("Hangup"), Listener())
    with connected(server, *listeners):
        server.hang_up()

        told = [listener.wait("ready", "lost", "ready") for listener in listeners]

    assert [["ready", "lost", "ready"]] * 2 == told


def test_too_slow_for_its_events(server: FakeAmi, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is dropped, and a full look takes its place; the others are spared."""
    monkeypatch.setattr(inbox, "MOST_EVENTS_WAITING", 2)
    slow, quick = Listener("Hangup"), Listener("Newchannel")
    slow.goes_on.clear()
    with capture_logs() as logs, connected(server, slow, quick):
        server.say(event("Hangup", Number="1"))
        slow.wait("ready", "Hangup1")
        server.say(event("Hangup", Number="2") + event("Hangup", Number="3") + event("Hangup", Number="4"))
        server.say(event("Newchannel"))
        others = quick.wait("ready", "Newchannel")
        slow.goes_on.set()
        told = slow.wait("ready", "Hangup1", "ready", "Hangup4")

    assert ["ready", "Hangup1", "ready", "Hangup4"] == told
    assert ["ready", "Newchannel"] == others
    assert [("ami.events_dropped", 2)] == [(line["event"], line["count"]) for line in logs if "count" in line]


def test_closed_while_one_is_busy(server: FakeAmi) -> None:
    """Who closes waits until each has come back, and none is told anything after that."""
    slow = Listener("Hangup")
    slow.goes_on.clear()
    with connected(server, slow) as client:
        server.say(event("Hangup", Number="1") + event("Hangup", Number="2"))
        slow.wait("ready", "Hangup1")
        closing = threading.Thread(target=client.close)
        closing.start()
        left = server.wait_left()
        still_there = closing.is_alive()
        slow.goes_on.set()
        closing.join()

    assert (True, True) == (left, still_there)
    assert ["ready", "Hangup1"] == slow.told


def test_refused_login_is_said_once(server: FakeAmi, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger on the port fills no log; once it has let us in, the next refusal is news."""
    monkeypatch.setattr("hardware.asterisk.ami.client.LONGEST_PAUSE_S", 0.01)
    server.refuses = True
    with capture_logs() as said, AmiClient(server.address) as client:
        assert server.wait_refused(4)
        server.refuses = False
        assert client.wait_ready(LIMIT_S)
        server.refuses = True
        server.hang_up()
        assert server.wait_refused(8)

    assert ["AMI refused Login: no"] * 2 == [line["reason"] for line in said if line["event"] == "ami.login_refused"]
