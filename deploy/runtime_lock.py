"""Prints those lines of requirements.lock that running needs: an emergency line is no place for test tools.

Usage: runtime_lock.py SETUP.CFG REQUIREMENTS.LOCK
"""

import re
import sys
from configparser import ConfigParser
from pathlib import Path

TO_BUILD = {"setuptools", "wheel"}
"""What turns the source into a package, without a look at the network."""


def runtime_lock(setup: str, lock: str) -> str:
    """The pins of what `setup` needs to run and to be built, with all that they need in turn."""
    blocks = {_name(block): block for block in re.findall(r"(?m)^[a-zA-Z0-9].*(?:\n[ \t]+.*)*", lock)}
    needed = _wanted(setup) | TO_BUILD
    while more := {name for name, block in blocks.items() if name not in needed and _needed_by(block) & needed}:
        needed |= more
    missing = needed - blocks.keys()
    if missing:
        raise LookupError(f"requirements.lock has no {', '.join(sorted(missing))}: make lock")
    return "".join(f"{block}\n" for name, block in blocks.items() if name in needed)


def _wanted(setup: str) -> set[str]:
    parser = ConfigParser()
    parser.read_string(setup)
    return {_name(line) for line in parser["options"]["install_requires"].split("\n") if line}


def _needed_by(block: str) -> set[str]:
    """Who wants a package, as uv notes it: `# via one`, or `# via` and a line for each."""
    _, _, notes = block.partition("# via")
    return {_name(line.strip("# ")) for line in notes.split("\n") if line.strip("# ")}


def _name(text: str) -> str:
    """A package's normalized name, without version and extras (packaging.python.org, "Names and normalization")."""
    found = re.match(r"[A-Za-z0-9._-]+", text)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


if __name__ == "__main__":
    sys.stdout.write(runtime_lock(*(Path(path).read_text("utf-8") for path in sys.argv[1:3])))
