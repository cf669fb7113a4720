"""`agi`: the FastAGI server that Asterisk asks what to do with a call."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from agi_scripts.server import serve
from agi_scripts.services import open_desk
from siaga112.app import App
from siaga112.parts.vitals import Vital, Vitals

ACCEPT_LIMIT_S = 20.0
"""The loop that accepts connections goes round ten times a second."""


@contextmanager
def agi(app: App) -> Iterator[Vitals]:
    """Serve scripts until left; calls that are in one then get their time to end."""
    with open_desk(app.settings) as desk:
        # What is there by now stays: the collector, which stops all calls while it looks, need not look at it again.
        gc.collect()
        gc.freeze()
        with serve(desk) as server:
            yield (Vital("fastagi", server.progress, ACCEPT_LIMIT_S),)
