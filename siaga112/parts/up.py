"""`up`: everything that this machine is configured for."""

import sys
from collections.abc import Iterator
from pathlib import Path

from hardware.asterisk.process import ManagedAsterisk
from ivr.errors import IvrError
from ivr.prompts.build import build
from redis_queue.errors import UnavailableError
from siaga112 import log
from siaga112.app import App
from siaga112.supervisor.asterisk_backing import AsteriskBacking
from siaga112.supervisor.backing import Backing
from siaga112.supervisor.child import Child
from siaga112.supervisor.lock import digest, sole_owner
from siaga112.supervisor.ports import require_free
from siaga112.supervisor.redis_backing import RedisBacking
from siaga112.supervisor.supervisor import Supervisor, print_ready

WEB = "web"
"""The part without which calls and SMS are accepted all the same."""


def up(app: App, config: Path) -> int:
    """Run everything until asked to end; returns the exit status."""
    # It connects to nothing; an address that cannot be right stops us here, not each part again and again.
    app.store.close()
    run = app.paths.make_run()
    with sole_owner(run, digest(config)):
        _refuse_forgetful_redis(app)
        if _telephony(app):
            require_free(app.settings, app.paths)
        backings = list(_backings(app))
        # The worker ends after those who feed it.
        stages = [
            [Child(name, _argv(config, command), vital=name != WEB) for name, command in stage]
            for stage in _stages(app)
        ]
        return Supervisor(backings, stages, on_ready=print_ready).run()


def _refuse_forgetful_redis(app: App) -> None:
    if not app.settings.redis.url.get_secret_value():
        return
    try:
        app.require_keeping_redis()
    except UnavailableError as error:
        # Calls do not wait for it: Asterisk must come up all the same. Each modem asks again before its first delete.
        log.get(__name__).warning("redis.unreachable", reason=str(error))


def _telephony(app: App) -> bool:
    return bool(app.settings.trunks or app.settings.operators)


def _backings(app: App) -> Iterator[Backing]:
    # Asterisk first: without anything else of ours it rings the phones.
    if not _telephony(app):
        log.get(__name__).info("telephone.off", reason="no [[trunks]] and no [[operators]]")
    elif app.settings.asterisk.managed:
        _build_prompts(app)
        asterisk = ManagedAsterisk(app.settings, app.paths.prompts)
        asterisk.check()
        yield AsteriskBacking(asterisk, app.settings.asterisk.drain_seconds)
    if not app.settings.redis.url.get_secret_value():
        yield RedisBacking(app.paths)


def _build_prompts(app: App) -> None:
    try:
        build(app.settings)
    except (IvrError, OSError) as error:
        # What cannot be said is left out of the menu; the phones ring all the same.
        log.get(__name__).error("prompts_not_built", reason=str(error))


def _stages(app: App) -> Iterator[list[tuple[str, tuple[str, ...]]]]:
    yield [("worker", ("worker",))]
    feeding: list[tuple[str, tuple[str, ...]]] = []
    if _telephony(app):
        feeding += [("agi", ("agi",)), ("switchboard", ("switchboard",))]
    if app.settings.modems:
        feeding.append(("modems", ("modems", "serve")))
    feeding.append((WEB, ("web",)))
    yield feeding


def _argv(config: Path, command: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "siaga112", "--config", str(config.absolute()), *command]
