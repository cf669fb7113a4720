"""The AMI client: always connected or about to be, events in order, a full look at everything after each connect.

Two threads: one reads, and waits for nobody; one calls the listener, which may take its time and send actions. When the
listener is so slow that the events do not fit any more, they are dropped and it gets a new full look instead.
"""

import queue
import random
import threading
import time
from enum import Enum, auto
from typing import Protocol

from hardware.asterisk.ami.connection import ACTION_TIMEOUT_S, AmiAddress, AmiConnection
from hardware.asterisk.ami.errors import AmiDisconnectedError, AmiError, AmiProtocolError
from hardware.asterisk.ami.protocol import Answer, Fields, Message
from siaga112 import log

MOST_EVENTS_WAITING = 20_000
"""About a thousand calls' worth."""

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0


class AmiListener(Protocol):
    """Who is told; all three are called by one thread, in order."""

    def on_ready(self, client: "AmiClient") -> None:
        """Connected, and Asterisk is fully booted: look at everything, what came before may be missing."""

    def on_event(self, event: Message) -> None:
        """Something happened."""

    def on_lost(self, error: AmiError) -> None:
        """The connection is gone; `on_ready` follows when there is a new one."""


class _Mark(Enum):
    READY = auto()
    END = auto()


_log = log.get(__name__)


class AmiClient:
    """AMI for the life of a process; `with AmiClient(...)` starts and closes it.

    Args:
        listener: who is told; None for actions only.
    """

    def __init__(self, address: AmiAddress, listener: AmiListener | None = None) -> None:
        self._address = address
        self._listener = listener
        self._inbox: queue.Queue[Message | AmiError | _Mark] = queue.Queue()
        self._connection: AmiConnection | None = None
        self._ready = threading.Event()
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_connected, name="ami-reader", daemon=True),
            threading.Thread(target=self._tell, name="ami-listener", daemon=True),
        ]

    def __enter__(self) -> "AmiClient":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to connect; returns at once."""
        for thread in self._threads:
            thread.start()

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
        """Log off by hanging up; the listener hears nothing more once this has returned."""
        self._closing.set()
        connection = self._connection
        if connection is not None:
            connection.close()
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join()

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
        self._inbox.put(_Mark.END)

    def _lose(self, error: AmiError) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if not self._ready.is_set():
            return
        self._ready.clear()
        if not self._closing.is_set():
            self._inbox.put(error)
            _log.info("ami.disconnected", reason=str(error))

    def _connect_and_read(self) -> None:
        connection = AmiConnection(self._address, self._on_event)
        self._connection = connection
        if self._closing.is_set():
            connection.close()
        threading.Thread(target=self._login, args=(connection,), name="ami-login", daemon=True).start()
        connection.run()

    def _login(self, connection: AmiConnection) -> None:
        try:
            connection.login()
        except AmiError as error:
            if not self._closing.is_set():
                _log.warning("ami.login_refused", reason=str(error))
            connection.close()

    def _on_event(self, event: Message) -> None:
        if self._inbox.qsize() >= MOST_EVENTS_WAITING:
            self._drop_waiting()
            self._inbox.put(_Mark.READY)
        if event.event == "FullyBooted":
            # Asterisk says it after each login, at once if it has long been so.
            self._ready.set()
            self._inbox.put(_Mark.READY)
        else:
            self._inbox.put(event)

    def _drop_waiting(self) -> None:
        dropped = 0
        while not self._inbox.empty():
            self._inbox.get_nowait()
            dropped += 1
        _log.error("ami.events_dropped", count=dropped)

    def _tell(self) -> None:
        while (item := self._inbox.get()) is not _Mark.END:
            if self._listener is None or self._closing.is_set():
                continue
            try:
                self._tell_one(self._listener, item)
            except Exception:  # noqa: BLE001  a fault in one event must not blind us for all that follow
                _log.exception("ami.listener_failed")

    def _tell_one(self, listener: AmiListener, item: Message | AmiError | _Mark) -> None:
        match item:
            case Message():
                listener.on_event(item)
            case AmiError():
                listener.on_lost(item)
            case _:
                listener.on_ready(self)
