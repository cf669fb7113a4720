"""The ports that a city's telephone needs: one that a stranger has is said before anything is started."""

from collections.abc import Iterator
from functools import partial
from socket import SocketKind
from time import monotonic, sleep

from hardware.asterisk import ports
from hardware.asterisk.errors import PortTakenError
from siaga112.notify import is_awaited
from siaga112.paths import StatePaths
from siaga112.settings import Settings
from siaga112.supervisor.left_behind import asterisk_left

PATIENCE_S = 5.0
"""So long a port may still be a part's of an `up` that was killed: each notices that, and ends by itself."""

_LOOK_EVERY_S = 0.1


def taken(settings: Settings, paths: StatePaths) -> Iterator[PortTakenError]:
    """What keeps the telephone from starting. An Asterisk that was left running is adopted, ports and all."""
    asterisk = settings.asterisk
    needed = [ports.Port(asterisk.agi_bind, asterisk.agi_port, SocketKind.SOCK_STREAM, "asterisk.agi_port")]
    starts = asterisk.managed and not asterisk_left(paths)
    needed += ports.needed(settings) if starts else ()
    looks = [partial(ports.check, (port,)) for port in needed]
    for look in [*looks, partial(ports.check_speech, settings)] if starts else looks:
        try:
            look()
        except PortTakenError as error:
            yield error


def require_free(settings: Settings, paths: StatePaths) -> None:
    """Raise PortTakenError when another program has a port that the telephone cannot start without.

    A service goes on with what it can do (phones ring without FastAGI, SMS needs no Asterisk), and so does who adopts
    an Asterisk with its calls: what has no port yet is tried again.
    """
    if is_awaited() or asterisk_left(paths):
        return
    until = monotonic() + PATIENCE_S
    while (wrong := next(taken(settings, paths), None)) is not None:
        if monotonic() > until:
            raise wrong
        sleep(_LOOK_EVERY_S)
