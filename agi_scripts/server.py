"""The FastAGI server: a thread for each call, and nothing that one connection does can hurt another.

However a script ends, its connection is closed and the dialplan goes on; only SIAGA112_DONE makes it follow the script.
"""

import socket
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic

from structlog.contextvars import bound_contextvars

from agi_scripts.channel import Channel, ChannelHungUp, EnvironmentIncomplete, socket_wire
from agi_scripts.scripts import SCRIPTS, Script
from ivr.desk import Desk
from siaga112 import log

# Connections that wait to be accepted; Linux cuts it to net.core.somaxconn.
BACKLOG = 1024
# Beyond this a call goes to the fallback at once: better than all of them slow.
MOST_CALLS = 1000
CLOSE_SECONDS = 10.0

_log = log.get(__name__)


class ListenError(Exception):
    """The server cannot listen where the configuration says; the text is for whoever wrote that."""


@contextmanager
def serve(desk: Desk, scripts: Mapping[str, Script] = SCRIPTS) -> Iterator["AgiServer"]:
    """Listen while the context is open; leaving it takes no new call and lets those that run end.

    Who waits is handed to the fallback; after `CLOSE_SECONDS` every connection that is left is closed.
    Raises `ListenError`.
    """
    server = AgiServer(desk, scripts)
    threading.Thread(target=server.listen, name="fastagi", daemon=True).start()
    try:
        yield server
    finally:
        server.close()


class AgiServer:
    """Use `serve`."""

    def __init__(self, desk: Desk, scripts: Mapping[str, Script]) -> None:
        self._desk = desk
        self._scripts = scripts
        self._calls = _Calls()
        asterisk = desk.settings.asterisk
        try:
            self._server = _Server((asterisk.agi_bind, asterisk.agi_port), self)
        except OSError as error:
            where = f"{asterisk.agi_bind}:{asterisk.agi_port}"
            raise ListenError(
                f"cannot listen on {where}: {error.strerror}; end what listens there or change [asterisk] agi_port"
            ) from error

    def progress(self) -> float:
        """When the loop that accepts connections last went round (`time.monotonic`)."""
        return self._server.went_round_at

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def listen(self) -> None:
        """Accept connections until `close`."""
        _log.info("agi.listening", address="{}:{}".format(*self.address))
        self._server.serve_forever(0.1)

    def close(self) -> None:
        """Take no new call, let those that run end, cut what does not."""
        self._server.shutdown()
        self._server.server_close()
        self._desk.closing.set()
        cut = self._calls.wait_for_end(CLOSE_SECONDS)
        if cut:
            _log.warning("agi.calls_cut", calls=cut)

    def serve(self, connection: socket.socket) -> None:
        """Serve one connection to its end; raises nothing."""
        if not self._calls.begin(connection):
            _log.error("agi.full", calls=MOST_CALLS)
            return
        try:
            channel = Channel(socket_wire(connection))
        except EnvironmentIncomplete as reason:
            _log.debug("agi.no_call", reason=str(reason))  # a health probe or a port scan
        except Exception:  # noqa: BLE001 - one connection must not hurt another
            _log.exception("agi.connection_failed")
        else:
            self._run(channel)
        finally:
            self._calls.end(connection)

    def _run(self, channel: Channel) -> None:
        about = channel.environment
        with bound_contextvars(call_id=about.uniqueid, channel=about.channel, caller=about.callerid):
            try:
                script = self._scripts.get(about.script)
                if script is None:
                    _log.error("agi.no_script", script=about.script)
                    channel.refuse("no such script")
                else:
                    script(channel, self._desk)
            except ChannelHungUp as reason:
                _log.info("agi.hung_up", script=about.script, reason=str(reason))
            except Exception:  # noqa: BLE001 - the call outlives the bug: without SIAGA112_DONE the dialplan goes on
                _log.exception("agi.script_failed", script=about.script)


class _Calls:
    """The connections that are being served."""

    def __init__(self) -> None:
        self._connections: set[socket.socket] = set()
        self._changed = threading.Condition()

    def begin(self, connection: socket.socket) -> bool:
        with self._changed:
            if len(self._connections) >= MOST_CALLS:
                return False
            self._connections.add(connection)
            return True

    def end(self, connection: socket.socket) -> None:
        with self._changed:
            self._connections.discard(connection)
            self._changed.notify_all()

    def wait_for_end(self, seconds: float) -> int:
        """Wait until none is left, then end those that are; how many that were."""
        with self._changed:
            self._changed.wait_for(lambda: not self._connections, seconds)
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            return len(self._connections)


class _Server(socketserver.ThreadingTCPServer):
    request_queue_size = BACKLOG
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False  # AgiServer waits, and not for ever

    def __init__(self, address: tuple[str, int], owner: AgiServer) -> None:
        self.owner = owner
        self.went_round_at = monotonic()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def service_actions(self) -> None:
        self.went_round_at = monotonic()


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.server.owner.serve(self.request)
