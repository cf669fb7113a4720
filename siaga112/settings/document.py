"""A TOML file as tables, or in one line why not."""

import re
import tomllib
from pathlib import Path
from typing import Any

from siaga112.settings.problems import ConfigurationError, Problem


def read_document(path: Path) -> dict[str, Any]:
    """The tables in the TOML file `path`. Raises ConfigurationError: what is wrong with it, and where."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        wrong = f"cannot be read ({(error.strerror or str(error)).lower()})"
        problem = Problem(str(path), "", wrong, "name a file that is there and that this user may read")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem(str(path), f"line {line}", "is not UTF-8 text", "save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problem = _syntax_problem(path, str(error))
    except RecursionError:
        problem = Problem(str(path), "", "has brackets within brackets without end", "close them")
    raise ConfigurationError((problem,))


def _syntax_problem(path: Path, message: str) -> Problem:
    at = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.DOTALL)
    if at is not None:
        wrong = f"is not TOML: {at[1]}, column {at[3]}"
        return Problem(str(path), f"line {at[2]}", wrong, "correct this line; nothing after it was read")
    last = len(path.read_bytes().splitlines())
    return Problem(str(path), f"line {last}", f"is not TOML: {message}", "the file ends too early")
