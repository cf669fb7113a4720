"""Standard input as the commands read it that answer line by line."""

import sys
from collections.abc import Iterator

import click


def input_lines(encoding: str = "utf-8") -> Iterator[str]:
    """Each line as soon as it is there, without its end; bytes that are no text are replaced, and end nothing.

    A line ends with a line feed and nothing else: whatever else a message holds, it has one answer.
    """
    if sys.stdin is None:
        raise click.ClickException("standard input is closed: pipe a file or what another program says into it")
    for line in sys.stdin.buffer:
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode(encoding, "replace")
