"""The threads of the FastAGI server: ready before a call comes, used again, as many as needed and not many more."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from structlog.testing import capture_logs

from agi_scripts import crew as agi_crew
from agi_scripts.crew import READY, Crew
from tests.support.eventual import eventually


class Service:
    """Serves a connection until its other end closes it, and remembers which threads did."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()
        self.begun = threading.Semaphore(0)

    def serve(self, connection: socket.socket) -> None:
        """One connection."""
        self.threads.add(threading.current_thread())
        self.begun.release()
        while connection.recv(100):
            continue

    def alive(self) -> int:
        """How many of its threads are still there."""
        return sum(thread.is_alive() for thread in self.threads)


class FailingService(Service):
    """Serves nothing."""

    def serve(self, connection: socket.socket) -> None:
        """One connection."""
        self.threads.add(threading.current_thread())
        raise ZeroDivisionError(connection.fileno())


Connect = Callable[[], socket.socket]


@contextmanager
def crew_of(service: Service) -> Iterator[tuple[Crew, Connect]]:
    """A crew at work, and how to come to it."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    address = listener.getsockname()
    crew = Crew(listener, service.serve)
    running = threading.Thread(target=crew.run)
    running.start()
    try:
        yield crew, lambda: socket.create_connection(address)
    finally:
        crew.stop_listening()
        running.join()


def test_calls_one_after_the_other_share_the_ready_threads() -> None:
    """No thread is made for a call while one is ready."""
    service = Service()
    with crew_of(service) as (crew, connect):
        for _ in range(5 * READY):
            with connect():
                assert service.begun.acquire(timeout=60)
            eventually("the end of the call", lambda: crew.serving == 0)

        assert len(service.threads) <= READY + 1  # one is made while the first call is served


def test_calls_that_fail_cost_no_thread() -> None:
    """However many more they are than threads are ready: each is served, its connection closed, and it is logged."""
    service = FailingService()
    with capture_logs() as said, crew_of(service) as (crew, connect):
        for _ in range(3 * READY):
            with connect() as caller:
                caller.settimeout(60)
                assert b"" == caller.recv(1)
            eventually("the end of the call", lambda: crew.serving == 0)

    assert 3 * READY == [line["event"] for line in said].count("agi.connection_failed")
    assert len(service.threads) <= READY + 1


def test_more_at_once_than_are_ready_are_served_and_the_threads_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rush is served at the same time; when it is over the crew is small again."""
    monkeypatch.setattr(agi_crew, "MOST_READY", READY)
    service = Service()
    with crew_of(service) as (crew, connect):
        with ExitStack() as callers:
            for _ in range(4 * READY):
                callers.enter_context(connect())
            for _ in range(4 * READY):
                assert service.begun.acquire(timeout=60)

            assert crew.serving == 4 * READY
        eventually("a small crew", lambda: service.alive() <= READY)


def test_a_crew_that_stops_refuses_and_serves_to_the_end() -> None:
    """Nobody new is taken; who is being served stays until the other end closes."""
    service = Service()
    with crew_of(service) as (crew, connect), connect() as caller:
        assert service.begun.acquire(timeout=60)
        crew.stop_listening()

        with pytest.raises(ConnectionRefusedError):
            connect()
        assert crew.serving == 1
        caller.close()
        assert crew.wait_for_end(60) == 0
    eventually("the end of all threads", lambda: service.alive() == 0)


def test_a_connection_that_does_not_end_is_cut() -> None:
    """After the time to end it is closed from our side."""
    service = Service()
    with crew_of(service) as (crew, connect), connect() as caller:
        assert service.begun.acquire(timeout=60)
        crew.stop_listening()

        assert crew.wait_for_end(0.01) == 1
        assert caller.recv(1) == b""
        eventually("its end", lambda: crew.serving == 0)
