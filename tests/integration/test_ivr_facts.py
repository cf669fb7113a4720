"""Facts go to the stream without a call ever waiting for it."""

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from ivr import facts
from ivr.facts import FactSender
from redis_queue.connection import connect
from redis_queue.errors import QueueError
from redis_queue.streams import Stream
from tests.support.redis_server import RedisServer
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind


def fact(number: int) -> CallFact:
    """A fact of call `number`."""
    return CallFact(call_id=str(number), kind=CallFactKind.ARRIVED, at=datetime.now(UTC), caller="+6281234567890")


def call_ids(server: RedisServer) -> list[str]:
    """What is in the stream."""
    with connect(server.url) as redis:
        return [fields["call_id"] for _, fields in redis.xrange("calls")]


def test_facts_arrive_in_order(redis_server: RedisServer) -> None:
    """What is sent before the end is in the stream after it."""
    with connect(redis_server.url) as redis, FactSender(Stream(redis, "calls")) as sender:
        for number in range(100):
            sender.send(fact(number))

    assert call_ids(redis_server) == [str(number) for number in range(100)]


def test_an_outage_loses_nothing(redis_server: RedisServer) -> None:
    """Redis killed and started again: facts of the time between come after."""
    with connect(redis_server.url) as redis, FactSender(Stream(redis, "calls")) as sender:
        redis_server.kill()
        sender.send(fact(1))
        sender.send(fact(2))
        redis_server.start()

    assert call_ids(redis_server) == ["1", "2"]


def test_a_frozen_redis_holds_no_call(redis_server: RedisServer) -> None:
    """Sending returns while Redis answers nothing."""
    sent = threading.Event()
    with connect(redis_server.url) as redis, FactSender(Stream(redis, "calls")) as sender:
        redis_server.freeze()
        for number in range(50):
            sender.send(fact(number))
        sent.set()
        redis_server.thaw()

    assert set(call_ids(redis_server)) == {str(number) for number in range(50)}


def test_what_cannot_be_sent_any_more_is_in_the_log(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis stays away at the end: the facts are said, all of them."""
    monkeypatch.setattr(facts, "CLOSE_SECONDS", 0.2)
    redis_server.kill()
    with capture_logs() as logs, connect(redis_server.url) as redis, FactSender(Stream(redis, "calls")) as sender:
        sender.send(fact(1))
        sender.send(fact(2))

    assert ["1", "2"] == [line["call_id"] for line in logs if line["event"] == "fact.lost"]


def test_more_than_can_be_kept_is_said_too(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full line of facts loses the newest into the log, and holds nobody."""
    monkeypatch.setattr(facts, "CLOSE_SECONDS", 0.0)
    monkeypatch.setattr(facts, "MOST_WAITING", 1)
    redis_server.kill()
    with capture_logs() as logs, connect(redis_server.url) as redis, FactSender(Stream(redis, "calls")) as sender:
        for number in range(5):
            sender.send(fact(number))

    assert {str(number) for number in range(5)} == {line["call_id"] for line in logs if line["event"] == "fact.lost"}


class Clumsy(Stream):
    """A stream that one fact breaks our own code on."""

    def add_all(self, many: Iterable[Mapping[str, str]]) -> list[str]:
        """Add them, unless the first is among them."""
        wanted = list(many)
        if any(fields["call_id"] == "1" for fields in wanted):
            raise KeyError("new")
        return super().add_all(wanted)


def test_a_fault_of_our_own_costs_one_fact(redis_server: RedisServer) -> None:
    """What nobody expected is said with its place, and the facts that follow are sent."""
    with capture_logs() as logs, connect(redis_server.url) as redis, FactSender(Clumsy(redis, "calls")) as sender:
        sender.send(fact(1))
        sender.send(fact(2))

    assert ["2"] == call_ids(redis_server)
    assert [("fact.lost", True)] == [(line["event"], line["exc_info"]) for line in logs]
    assert "call_id='1'" in logs[0]["fact"]


def test_what_must_be_written_down_first_is(redis_server: RedisServer) -> None:
    """It is in the stream when the call returns: a process that is killed then has lost nothing. Else that is said."""
    with connect(redis_server.url) as redis:
        never_started = FactSender(Stream(redis, "calls"))
        never_started.send_now(fact(1))
        assert ["1"] == call_ids(redis_server)
        redis_server.kill()

        with pytest.raises(QueueError):
            never_started.send_now(fact(2))
