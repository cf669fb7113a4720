"""One connection to AMI: logged in, answers matched to actions, dead peers noticed."""

import hashlib
import itertools
import select
import socket
import threading
import time
from collections.abc import Callable, Set
from dataclasses import dataclass, field

from hardware.asterisk.ami.errors import AmiDisconnectedError, AmiProtocolError, AmiRefusedError, AmiTimeoutError
from hardware.asterisk.ami.protocol import BANNER, Answer, Correlator, Fields, Message, Parser, encode_action

CONNECT_TIMEOUT_S = 2.0
PING_EVERY_S = 5.0
PING_TIMEOUT_S = 2.0
ACTION_TIMEOUT_S = 5.0

REST_S = 0.02
"""From the first event to the reading, unless somebody waits for an answer: Asterisk writes each by itself, and to be
woken for each costs several times what reading them does; and a phone that is to ring needs the processor more."""

_CHUNK = 65536

MUCH = 16384
"""A reading of so many bytes is followed by the next one without a rest: who is behind must not fall further back."""


@dataclass(frozen=True, slots=True)
class AmiAddress:
    """Where AMI is and who we are there."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)


class _Waiter:
    """Somebody who waits for an answer."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: Answer | None = None


class AmiConnection:
    """A connection for its whole life; after `run` has returned it is of no more use.

    Args:
        on_event: called for each event by the thread in `run`; it must not wait for anything.
        wanted: names of the events that it is called for.
    """

    def __init__(self, address: AmiAddress, on_event: Callable[[Message], None], wanted: Set[str]) -> None:
        self._address = address
        self._on_event = on_event
        self._parser = Parser(wanted)
        self._correlator = Correlator()
        self._waiters: dict[str, _Waiter] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._closed = False
        self._awaited = threading.Event()  # somebody waits for an answer, or for the end
        self._socket = self._connect()
        self._behind = False
        self._readable = select.poll()
        self._readable.register(self._socket, select.POLLIN)

    def run(self) -> None:
        """Read until the connection ends; every waiting action then fails with AmiDisconnectedError.

        Raises:
            AmiError: how it ended, also when that was `close`.
        """
        try:
            next_ping = time.monotonic() + PING_EVERY_S
            pinged: _Waiter | None = None
            while True:
                self._read(max(next_ping - time.monotonic(), 0.01))
                if time.monotonic() < next_ping:
                    continue
                if pinged is not None and not pinged.done.is_set():
                    raise AmiTimeoutError(f"AMI did not answer a ping within {PING_TIMEOUT_S:g} s")
                # Every other turn is the deadline of the ping before it.
                pinged, pause = (self._send("Ping", ()), PING_TIMEOUT_S) if pinged is None else (None, PING_EVERY_S)
                next_ping = time.monotonic() + pause
        finally:
            self.close()

    def login(self) -> None:
        """Log in without sending the password (Challenge, MD5); to be called while another thread is in `run`."""
        challenge = self.action("Challenge", (("AuthType", "MD5"),)).response.get("Challenge")
        # AMI knows no other digest.
        key = hashlib.md5((challenge + self._address.secret).encode(), usedforsecurity=False).hexdigest()
        self.action("Login", (("AuthType", "MD5"), ("Username", self._address.user), ("Key", key)))

    def action(self, name: str, fields: Fields = (), timeout_s: float = ACTION_TIMEOUT_S) -> Answer:
        """Send an action and wait for the whole answer.

        Raises:
            AmiRefusedError: Asterisk said `Error`.
            AmiTimeoutError: no answer within `timeout_s`.
            AmiDisconnectedError: the connection is gone.
        """
        waiter = self._send(name, fields)
        if not waiter.done.wait(timeout_s):
            self._forget(waiter)
            raise AmiTimeoutError(f"AMI did not answer {name} within {timeout_s:g} s")
        if waiter.answer is None:
            raise AmiDisconnectedError(f"AMI connection lost before {name} was answered")
        response = waiter.answer.response
        if response.response.casefold() == "error":
            raise AmiRefusedError(f"AMI refused {name}: {response.get('Message')}")
        return waiter.answer

    def close(self) -> None:
        """End the connection; everybody who waits is told. Safe to call again and from any thread."""
        with self._lock:
            self._closed = True
            waiters = list(self._waiters.values())
            self._waiters.clear()
            self._awaited.set()
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The other side was faster.
            self._socket.close()
        self._socket.close()
        for waiter in waiters:
            waiter.done.set()

    def _connect(self) -> socket.socket:
        where = f"AMI at {self._address.host}:{self._address.port}"
        try:
            connection = socket.create_connection((self._address.host, self._address.port), CONNECT_TIMEOUT_S)
        except OSError as error:
            raise AmiDisconnectedError(f"{where}: {error.strerror or error}") from None
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _send(self, name: str, fields: Fields) -> _Waiter:
        waiter = _Waiter()
        action_id = f"siaga112-{next(self._ids)}"
        data = encode_action(name, fields, action_id)
        with self._lock:
            if self._closed:
                raise AmiDisconnectedError(f"no AMI connection for {name}")
            self._correlator.expect(action_id)
            self._waiters[action_id] = waiter
            self._awaited.set()
        try:
            with self._sending:
                self._socket.sendall(data)
        except OSError as error:
            self.close()
            raise AmiDisconnectedError(f"AMI connection lost while sending {name}: {error}") from None
        return waiter

    def _forget(self, waiter: _Waiter) -> None:
        with self._lock:
            for action_id in [key for key, value in self._waiters.items() if value is waiter]:
                self._correlator.forget(action_id)
                self._take_waiter(action_id)

    def _take_waiter(self, action_id: str) -> _Waiter | None:
        waiter = self._waiters.pop(action_id, None)
        if not self._waiters and not self._closed:
            self._awaited.clear()
        return waiter

    def _read(self, limit_s: float) -> None:
        if not self._readable.poll(limit_s * 1000):
            return
        if not self._behind:
            self._awaited.wait(REST_S)
        try:
            data = self._socket.recv(_CHUNK)
        except OSError as error:
            raise AmiDisconnectedError(f"AMI connection lost: {error}") from None
        if not data:
            raise AmiDisconnectedError("AMI closed the connection")
        self._behind = len(data) >= MUCH
        messages = self._parser.feed(data)
        if self._parser.banner is not None and not self._parser.banner.startswith(BANNER):
            raise AmiProtocolError(f"{self._address.host}:{self._address.port} is no AMI: {self._parser.banner[:40]!r}")
        for message in messages:
            self._take(message)

    def _take(self, message: Message) -> None:
        with self._lock:
            belongs = self._correlator.belongs(message)
            answer = self._correlator.take(message)
            waiter = self._take_waiter(message.action_id) if answer is not None else None
        if waiter is not None:
            waiter.answer = answer
            waiter.done.set()
        elif message.event and not belongs:
            self._on_event(message)
