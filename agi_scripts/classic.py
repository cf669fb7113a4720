"""`siaga112-agi NAME`: a script as a classic AGI, over standard input and output, in a process of its own.

For an Asterisk that cannot reach the FastAGI server. What a script needs is imported for each call, which takes longer
than all else: the channel speaks before that, so that the dialplan's dead-man timer knows of us from the start.
"""

import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from agi_scripts.channel import Channel, ChannelHungUp, EnvironmentIncomplete, standard_wire
from agi_scripts.variables import Variable

START_SECONDS = 4.0
"""So long the dead-man timer then leaves us for the imports; the dialplan arms it with the same."""


def main() -> None:
    """Entry point of the console script. Exit status 0: the script ran; 1: it failed; 2: wrong use or configuration."""
    # Asterisk tells a hang-up by SIGHUP, too. The channel learns it from the pipe, at a place where it can let go.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if len(sys.argv) < 2 or os.isatty(0):
        _refuse(None, "usage, by Asterisk: AGI(siaga112-agi,NAME)")
    try:
        channel = Channel(standard_wire())
        channel.set_variable(Variable.DEAD_MAN, START_SECONDS)
    except EnvironmentIncomplete as reason:
        _refuse(None, f"siaga112-agi: this is no AGI: {reason}")
    except ChannelHungUp:
        sys.exit(0)
    # structlog colours tracebacks for terminals with it, if it is there: half of its import, and nobody would see them.
    sys.modules["rich"] = None  # type: ignore[assignment]
    sys.exit(_run(sys.argv[1], channel))


def _run(name: str, channel: Channel) -> int:
    from agi_scripts.scripts import SCRIPTS  # noqa: PLC0415 - half a second of imports, not before the first command
    from agi_scripts.services import open_desk  # noqa: PLC0415
    from siaga112 import log  # noqa: PLC0415
    from siaga112.settings import ConfigurationError, find_config, load  # noqa: PLC0415

    log.configure("agi")
    if name not in SCRIPTS:
        _refuse(channel, f"siaga112-agi: no script {name!r}; there is {', '.join(SCRIPTS)}")
    config = find_config(None, os.environ)
    if config is None:
        _refuse(channel, "siaga112-agi: no configuration: name one in $SIAGA112_CONFIG")
    try:
        settings = load(config, os.environ)
    except ConfigurationError as error:
        _refuse(channel, str(error))
    try:
        with open_desk(settings) as desk:
            try:
                SCRIPTS[name](channel, desk)
            finally:
                channel.end()  # the caller does not wait for what is still to be closed here
    except ChannelHungUp as reason:
        log.get(__name__).info("agi.hung_up", script=name, reason=str(reason))
    except Exception:  # noqa: BLE001 - the dialplan goes on alone
        log.get(__name__).exception("agi.script_failed", script=name)
        return 1
    return 0


def _refuse(channel: Channel | None, reason: str) -> NoReturn:
    """Say why to people, and to res_agi so that AGISTATUS is FAILURE."""
    print(reason, file=sys.stderr)  # noqa: T201
    if channel is not None:
        with suppress(ChannelHungUp):
            channel.refuse("see standard error")
    sys.exit(2)
