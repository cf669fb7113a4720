"""All checks, in the order in which a person mends what they find."""

from collections.abc import Callable, Iterator

from siaga112.checking import (
    asterisk,
    certificates,
    configuration,
    data,
    files,
    lines,
    machine,
    modems,
    network,
    sounds,
)
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault

Check = Callable[[Surroundings], Iterator[Verdict]]

CHECKS: tuple[Check, ...] = (
    configuration.configuration,
    files.state_dir,
    files.disk,
    files.permissions,
    machine.clock,
    machine.limits,
    machine.programs,
    machine.dns,
    certificates.certificates,
    network.free_ports,
    network.reachable,
    network.manager,
    data.redis,
    data.database,
    asterisk.asterisk,
    sounds.menu,
    sounds.prompts,
    modems.modems,
    lines.operators,
    lines.trunks,
    lines.modems,
    lines.tests,
)


def examine(where: Surroundings) -> Iterator[Verdict]:
    """Look at everything, one thing after the other; what cannot even be looked at is a fault too."""
    for check in CHECKS:
        try:
            yield from check(where)
        except OSError as error:
            said = f"{error.filename}: {error.strerror.lower()}" if error.filename and error.strerror else str(error)
            yield fault(check.__name__, said, "mend what the system says, then check again")
