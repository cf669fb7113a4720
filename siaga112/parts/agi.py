"""`agi`: the FastAGI server that Asterisk asks what to do with a call."""

from collections.abc import Iterator
from contextlib import contextmanager

from agi_scripts.server import serve
from agi_scripts.services import open_desk
from siaga112.app import App


@contextmanager
def agi(app: App) -> Iterator[None]:
    """Serve scripts until left; calls that are in one then get their time to end."""
    with open_desk(app.settings) as desk, serve(desk):
        yield
