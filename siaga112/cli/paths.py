"""Paths that a person gives: "" is the mistake of a script whose variable is empty, not the working directory."""

from pathlib import Path
from typing import Any

import click


class GivenPath(click.Path):
    """`click.Path`, but for "".

    Args:
        instead: what else would be right, besides the path.
        named: whether it must end in a name, because something is put beside it.
    """

    def __init__(self, *, instead: str = "", named: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._right = "the path of a folder" if not options.get("file_okay", True) else "the path of a file"
        self._right += f", or {instead}" if instead else ""
        self._named = named

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the option or argument."""
        if value == "":
            self.fail(f"it is empty; right would be {self._right}", param, ctx)
        if self._named and Path(value).name in {"", ".."}:
            self.fail(f"{str(value)!r} ends in no name; right would be {self._right}", param, ctx)
        return super().convert(value, param, ctx)
