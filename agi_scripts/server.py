"""The FastAGI server: a thread of the crew for each call, and nothing that one connection does can hurt another.

However a script ends, its connection is closed and the dialplan goes on; only SIAGA112_DONE makes it follow the script.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from structlog.contextvars import bound_contextvars

from agi_scripts.channel import Channel, ChannelHungUp, EnvironmentIncomplete, socket_wire
from agi_scripts.crew import Crew
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
    """Use `serve`. `address` is where it listens."""

    def __init__(self, desk: Desk, scripts: Mapping[str, Script]) -> None:
        self._desk = desk
        self._scripts = scripts
        asterisk = desk.settings.asterisk
        try:
            listener = _listener(asterisk.agi_bind, asterisk.agi_port)
        except OSError as error:
            where = f"{asterisk.agi_bind}:{asterisk.agi_port}"
            raise ListenError(
                f"cannot listen on {where}: {error.strerror}; end what listens there or change [asterisk] agi_port"
            ) from error
        host, port = listener.getsockname()[:2]
        self.address = (str(host), int(port))
        self._crew = Crew(listener, self._serve)

    def progress(self) -> float:
        """When the loop that keeps threads ready for connections last went round (`time.monotonic`)."""
        return self._crew.went_round_at

    def listen(self) -> None:
        """Accept connections until `close`."""
        _log.info("agi.listening", address="{}:{}".format(*self.address))
        self._crew.run()

    def close(self) -> None:
        """Take no new call, let those that run end, cut what does not."""
        self._crew.stop_listening()
        self._desk.closing.set()
        cut = self._crew.wait_for_end(CLOSE_SECONDS)
        if cut:
            _log.warning("agi.calls_cut", calls=cut)

    def _serve(self, connection: socket.socket) -> None:
        if self._crew.serving > MOST_CALLS:
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


def _listener(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
