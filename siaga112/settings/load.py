"""From a file and the environment to `Settings`, or to every reason why not."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from siaga112.settings import built_in, environment, places, rules, spelling
from siaga112.settings.document import read_document
from siaga112.settings.explain import explain
from siaga112.settings.models import Settings
from siaga112.settings.problems import ConfigurationError, Finding, Problem
from siaga112.settings.problems import Path as KeyPath
from siaga112.settings.schema import Tables, is_table, sections

VARIABLE = "SIAGA112_CONFIG"
"""The environment variable that names the file."""


def find_config(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The file to read: `explicit`, else `$SIAGA112_CONFIG`, else ./siaga112.toml, else /etc/siaga112/siaga112.toml.

    A file that was asked for is returned even if it is not there: nothing else may take its place. None: none is there.
    """
    if explicit is not None:
        return explicit
    if environ.get(VARIABLE):
        return Path(environ[VARIABLE])
    usual = (Path("siaga112.toml"), Path("/etc/siaga112/siaga112.toml"))
    return next((path for path in usual if path.exists()), None)


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in `path` with those of `environ` over them.

    Raises ConfigurationError with every problem there is.
    """
    return compose(read_document(path), str(path), path.absolute().parent, environ)


def is_empty(path: Path, environ: Mapping[str, str]) -> bool:
    """Whether neither the file nor `environ` says anything: what is loaded from them is the defaults."""
    return not read_document(path) and not any(name.startswith(environment.PREFIX) for name in environ)


def compose(written: Tables, source: str, base: Path, environ: Mapping[str, str]) -> Settings:
    """Settings from tables as they were written in `source`; paths are relative to `base`.

    Raises ConfigurationError with every problem there is.
    """
    tables, findings, moved = spelling.correct(written)
    if not tables.get("agencies") and not tables.get("categories"):
        tables |= built_in.services()
    given = environment.overlay(tables, environ)
    misplaced = places.resolve(tables, base)
    settings, refused = _validate(tables)
    amiss = [*misplaced, *refused]
    findings += _one_each(finding for finding in amiss if not _is_within(finding, moved))
    findings += _one_each(broken for broken in rules.check(tables) if not any(map(broken.concerns, amiss)))
    problems = (*(_problem(finding, tables, source, given.variables) for finding in findings), *given.problems)
    if settings is None or problems:
        raise ConfigurationError(problems)
    return settings


def _validate(tables: Tables) -> tuple[Settings | None, list[Finding]]:
    try:
        return Settings(**tables), []
    except ValidationError as error:
        return None, explain(error)


def _one_each(findings: Iterable[Finding]) -> list[Finding]:
    """The first finding of each value."""
    kept: list[Finding] = []
    for finding in findings:
        if not any(map(finding.concerns, kept)):
            kept.append(finding)
    return kept


def _is_within(finding: Finding, moved: set[KeyPath]) -> bool:
    """True for a value under a misspelt key: the key is said, and it may have meant something else."""
    return any(finding.path == path if len(path) == 1 else finding.path[: len(path)] == path for path in moved)


def _problem(finding: Finding, tables: Tables, source: str, variables: Mapping[KeyPath, str]) -> Problem:
    for path, variable in variables.items():
        if finding.path[: len(path)] == path:
            return Problem(environment.SOURCE, variable, finding.wrong, finding.right)
    return Problem(source, _written(finding.path, tables), finding.wrong, finding.right)


def _written(path: KeyPath, tables: Tables) -> str:
    """A path as people write it: `asterisk.sip_port`, `trunks[telkom-a].host`; `trunks[#2]` for one without a name."""
    section = sections().get(str(path[0]))
    rest = path[1:]
    text = str(path[0])
    if section is not None and section.is_list and rest:
        item = tables[section.name][rest[0]]
        name = item.get(section.identity or "") if is_table(item) else None
        text += f"[{name}]" if isinstance(name, str) and name else f"[#{int(rest[0]) + 1}]"
        rest = rest[1:]
    return ".".join([text, *(part for part in rest if isinstance(part, str))])
