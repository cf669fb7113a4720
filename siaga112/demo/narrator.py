"""Says what happens, when it happens."""

import time

from rich.console import Console
from rich.table import Table


class Narrator:
    """Prints a line for each step with the seconds since the beginning."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()

    def step(self, text: str) -> None:
        """One thing has happened."""
        self._console.print(f"[dim]{time.monotonic() - self._began:6.2f} s[/dim]  {text}", highlight=False)

    def heading(self, text: str) -> None:
        """A new part of the story."""
        self._console.print(f"\n[bold]{text}[/bold]")

    def record(self, title: str, row: dict[str, object]) -> None:
        """Show an object, field by field."""
        table = Table(title=title, title_justify="left", show_header=False, box=None)
        for key, value in row.items():
            shown = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
            table.add_row(f"[dim]{key}[/dim]", "-" if value is None else shown.replace("[", r"\["))
        self._console.print(table)

    def say(self, text: str = "") -> None:
        """A remark without a time."""
        self._console.print(text, highlight=False)
