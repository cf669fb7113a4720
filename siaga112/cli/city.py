"""Questions that only a running city can answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from redis_queue.errors import UnavailableError
from redis_queue.server import ping
from siaga112.app import App
from siaga112.cli.common import told_in_one_line


@contextmanager
def city_asked(app: App) -> Iterator[None]:
    """As `told_in_one_line`; where nobody is there to answer, the line says what to start."""
    with told_in_one_line():
        try:
            yield
        except UnavailableError as error:
            private = not app.settings.redis.url.get_secret_value()
            if private and not ping(app.paths.redis_socket):
                where = app.settings.site.state_dir
                raise click.ClickException(
                    f"the city in {where} is not running: start it with `siaga112 up`"
                ) from error
            raise
