"""After a command has changed what is known of a caller: the phones' copy in Redis, as soon as may be."""

import click

from redis_queue.errors import QueueError
from siaga112.app import App
from siaga112.parts.call_intake import CallIntake


def tell_phones(app: App, number: str | None) -> None:
    """Bring the copy in step; without Redis the worker does it within a minute of its return."""
    try:
        CallIntake(app).copy(number)
    except QueueError as error:
        click.echo(f"written down; the phones will know when Redis is back: {error}", err=True)
