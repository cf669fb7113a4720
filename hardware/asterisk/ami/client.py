"""The AMI client: always connected or about to be, events in order, a full look at everything after each connect.

One thread reads, and waits for nobody; each listener has another, and so may take its time and send actions. A process
has one client: each connection makes Asterisk write every event once more.
"""

import random
import threading
import time
from collections.abc import Set
from functools import partial
from typing import Protocol

from hardware.asterisk.ami.connection import ACTION_TIMEOUT_S, AmiAddress, AmiConnection
from hardware.asterisk.ami.errors import AmiDisconnectedError, AmiError, AmiProtocolError
from hardware.asterisk.ami.inbox import Inbox, Mark, News
from hardware.asterisk.ami.protocol import Answer, Fields, Message
from siaga112 import log

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0

_BOOTED = "FullyBooted"
"""Asterisk says it after each login, at once if it has long been so."""


class AmiListener(Protocol):
    """Who is told; all three are called by one thread, in order."""

    @property
    def wants(self) -> Set[str]:
        """Names of the events that it is told; each costs."""

    def on_ready(self, client: "AmiClient") -> None:
        """Connected, and Asterisk is fully booted: look at everything, what came before may be missing."""

    def on_event(self, event: Message) -> None:
        """Something happened that it wants to know."""

    def on_lost(self, error: AmiError) -> None:
        """The connection is gone; `on_ready` follows when there is a new one."""


_log = log.get(__name__)


class AmiClient:
    """AMI for the life of a process; `with AmiClient(...)` starts and closes it.

    Args:
        listeners: who is told, none of them waiting for another; nobody where only actions are to be sent.
    """

    def __init__(self, address: AmiAddress, *listeners: AmiListener) -> None:
        self._address = address
        self._inboxes = tuple(Inbox(listener.wants, partial(self._tell, listener)) for listener in listeners)
        self._wanted = frozenset({_BOOTED}.union(*(listener.wants for listener in listeners)))
        self._connection: AmiConnection | None = None
        self._ready = threading.Event()
        self._refused = ""
        """Why the last login failed."""
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._keep_connected, name="ami-reader", daemon=True)

    def __enter__(self) -> "AmiClient":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._reader.start()
        for inbox in self._inboxes:
            inbox.start()

    def wait_ready(self, limit_s: float) -> bool:
        """Wait until logged in at a fully booted Asterisk; False when that has not come within `limit_s`."""
        return self._ready.wait(limit_s)

    @property
    def ready(self) -> bool:
        """Whether actions can be sent now."""
        return self._ready.is_set()

    def action(self, name: str, fields: Fields = (), timeout_s: float = ACTION_TIMEOUT_S) -> Message:
        """Send an action and wait for the response.

        Raises:
            AmiRefusedError, AmiTimeoutError, AmiDisconnectedError, AmiValueError
        """
        return self._do(name, fields, timeout_s).response

    def list_action(self, name: str, fields: Fields = (), timeout_s: float = ACTION_TIMEOUT_S) -> tuple[Message, ...]:
        """Send an action that answers with a list; the list's events. Raises as `action` does."""
        return self._do(name, fields, timeout_s).events

    def close(self) -> None:
        """Log off by hanging up; no listener hears anything more once this has returned."""
        self._closing.set()
        connection = self._connection
        if connection is not None:
            connection.close()
        if self._reader.is_alive():
            self._reader.join()
        for inbox in self._inboxes:
            inbox.join()

    def _do(self, name: str, fields: Fields, timeout_s: float) -> Answer:
        connection = self._connection
        if connection is None or not self._ready.is_set():
            raise AmiDisconnectedError(f"no AMI connection for {name}")
        return connection.action(name, fields, timeout_s)

    def _keep_connected(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self._connect_and_read()
            except AmiError as error:
                self._lose(error)
            except Exception:  # noqa: BLE001  what one connection brings must not end all that follow
                _log.exception("ami.connection_failed")
                self._lose(AmiProtocolError("AMI brought what could not be read"))
            pause = FIRST_PAUSE_S if time.monotonic() - began > LONGEST_PAUSE_S else min(pause * 2, LONGEST_PAUSE_S)
            # Jitter, so that several clients of a restarted Asterisk do not come all at once.
            self._closing.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311
        for inbox in self._inboxes:
            inbox.end()

    def _lose(self, error: AmiError) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if not self._ready.is_set():
            return
        self._ready.clear()
        if not self._closing.is_set():
            self._put(error)
            _log.info("ami.disconnected", reason=str(error))

    def _connect_and_read(self) -> None:
        connection = AmiConnection(self._address, self._on_event, self._wanted)
        self._connection = connection
        if self._closing.is_set():
            connection.close()
        threading.Thread(target=self._login, args=(connection,), name="ami-login", daemon=True).start()
        connection.run()

    def _login(self, connection: AmiConnection) -> None:
        try:
            connection.login()
        except AmiError as error:
            # Said once: a stranger on the port refuses us as long as it is there.
            if not self._closing.is_set() and str(error) != self._refused:
                _log.warning("ami.login_refused", reason=str(error))
            self._refused = str(error)
            connection.close()

    def _on_event(self, event: Message) -> None:
        if event.event == _BOOTED:
            self._refused = ""
            self._ready.set()
            self._put(Mark.READY)
        else:
            for inbox in self._inboxes:
                inbox.offer(event)

    def _put(self, news: News) -> None:
        for inbox in self._inboxes:
            inbox.put(news)

    def _tell(self, listener: AmiListener, news: News) -> None:
        if self._closing.is_set():
            return
        match news:
            case Message():
                listener.on_event(news)
            case AmiError():
                listener.on_lost(news)
            case _:
                listener.on_ready(self)
