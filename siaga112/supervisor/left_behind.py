"""The servers that an `up` which was killed has left running, for whoever does not start them but meets them."""

from collections.abc import Iterator

from hardware.asterisk.layout import Layout
from hardware.detached import Detached
from redis_queue.server import CONFIG_NAME
from siaga112.paths import StatePaths

END_LIMIT_S = 5.0


def asterisk_left(paths: StatePaths) -> bool:
    """Whether the Asterisk of this state directory runs; the next `up` adopts it, ports and all."""
    server = _asterisk(paths)
    found = server.adopt()
    server.close()
    return found


def end_left(paths: StatePaths) -> None:
    """End both servers of a state directory that is about to be thrown away."""
    for server in _servers(paths):
        if server.adopt():
            server.end(END_LIMIT_S)


def _servers(paths: StatePaths) -> Iterator[Detached]:
    yield _asterisk(paths)
    config = paths.redis.absolute() / CONFIG_NAME
    yield Detached(["redis-server", str(config)], pid_file=paths.redis_pid_file, output=paths.redis / "output.log")


def _asterisk(paths: StatePaths) -> Detached:
    # Which program it is may have changed since; the file that it was started with tells it from every other.
    layout = Layout.under(paths.state_dir)
    return Detached(["asterisk", str(layout.config)], pid_file=layout.pid_file, output=layout.console_log)
