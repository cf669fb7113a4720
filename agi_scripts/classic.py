"""`siaga112-agi NAME`: a script as a classic AGI, over standard input and output, in a process of its own.

For an Asterisk that cannot reach the FastAGI server. Slower to begin: what a script needs is imported for each call.
"""

import os
import signal
import sys
from typing import NoReturn


def main() -> None:
    """Entry point of the console script. Exit status 0: the script ran; 1: it failed; 2: wrong use or configuration."""
    # Asterisk tells a hang-up by SIGHUP, too. The channel learns it from the pipe, at a place where it can let go.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    from agi_scripts.scripts import SCRIPTS  # noqa: PLC0415 - half a second of imports, not for `import classic`

    if len(sys.argv) != 2 or sys.argv[1] not in SCRIPTS:
        _refuse(f"usage: siaga112-agi {'|'.join(SCRIPTS)}")
    sys.exit(_run(sys.argv[1]))


def _run(name: str) -> int:
    from agi_scripts.channel import Channel, ChannelHungUp, standard_wire  # noqa: PLC0415
    from agi_scripts.scripts import SCRIPTS  # noqa: PLC0415
    from agi_scripts.services import open_desk  # noqa: PLC0415
    from siaga112 import log  # noqa: PLC0415
    from siaga112.settings import ConfigurationError, find_config, load  # noqa: PLC0415

    log.configure("agi")
    config = find_config(None, os.environ)
    if config is None:
        _refuse("siaga112-agi: no configuration: name one in $SIAGA112_CONFIG")
    try:
        settings = load(config, os.environ)
    except ConfigurationError as error:
        _refuse(str(error))
    try:
        with open_desk(settings) as desk:
            channel = Channel(standard_wire())
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


def _refuse(reason: str) -> NoReturn:
    """Say why to people, and to res_agi so that AGISTATUS is FAILURE."""
    print(reason, file=sys.stderr)  # noqa: T201
    print("failure: see standard error", flush=True)  # noqa: T201
    sys.exit(2)
