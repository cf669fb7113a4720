"""The systemd units: one for each part, each with commands that exist, and none that may more than it needs."""

import shlex
from pathlib import Path

import click
import pytest

from redis_queue.server import write_config
from siaga112.cli.root import cli
from tests.support.deployment import SERVICES, SYSTEMD, unit, unit_files

PARTS = {
    "siaga112-agi.service": ["agi"],
    "siaga112-asterisk.service": ["asterisk", "run"],
    "siaga112-modems.service": ["modems", "serve"],
    "siaga112-switchboard.service": ["switchboard"],
    "siaga112-web.service": ["web"],
    "siaga112-worker.service": ["worker"],
    "siaga112.service": ["up"],
}
PROGRAM = "/opt/siaga112/bin/siaga112"
PORTS = ["char-188 rw", "char-166 rw", "char-ttyS rw"]
BARRED = {
    "CapabilityBoundingSet": "",
    "MemoryDenyWriteExecute": "yes",
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "ProtectHome": "yes",
    "ProtectSystem": "strict",
    "RestrictNamespaces": "yes",
    "UMask": "0077",
    "User": "siaga112",
}


def ours(command: str) -> list[str]:
    """The words after the program in a command line of a unit; none where it is not our program."""
    words = shlex.split(command.removeprefix("-"))
    return words[words.index(PROGRAM) + 1 :] if PROGRAM in words else []


def command_of(words: list[str]) -> click.Command:
    """The command of ours that is meant; KeyError when there is none."""
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group) and words:
        found = command.get_command(context, words[0])
        if found is None:
            raise KeyError(words[0])
        command, words = found, words[1:]
    return command


def test_a_unit_for_each_part() -> None:
    """Every part has its unit, Redis too, and one runs them all."""
    assert sorted([*PARTS, "siaga112-redis.service"]) == SERVICES
    assert PARTS == {name: ours(unit(name)["ExecStart"][-1]) for name in PARTS}


@pytest.mark.parametrize("name", SERVICES)
def test_commands_exist(name: str) -> None:
    """Each command of ours that a unit names is one, with options that it has."""
    values = unit(name)
    for line in [*values["ExecStart"], *values.get("ExecStartPre", [])]:
        if words := ours(line):
            command = command_of([word for word in words if not word.startswith("-")])
            options = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in words if word.startswith("-")} <= options
            assert not isinstance(command, click.Group)


@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_may_more(name: str) -> None:
    """What bars a unit is in force in each: no later line loosens it."""
    values = unit(name)

    assert BARRED == {key: values[key][-1] for key in BARRED}
    assert ["@system-service", "~@privileged @resources", "setpriority"] == values["SystemCallFilter"]


def test_calls_come_before_tickets() -> None:
    """The part that writes tickets has less of the processor than any other; the others all have the same."""
    weights = {name: unit(name).get("CPUWeight", ["100"]) for name in SERVICES}

    assert ["siaga112-worker.service"] == [name for name, weight in weights.items() if weight != ["100"]]
    assert ["10"] == weights["siaga112-worker.service"]


def test_serial_ports_for_modems_alone() -> None:
    """The part that serves modems gets at serial ports, and so does the one that runs everything; no other does."""
    with_ports = [name for name in SERVICES if unit(name).get("SupplementaryGroups") == ["dialout"]]

    assert ["siaga112-modems.service", "siaga112.service"] == with_ports
    for name in SERVICES:
        devices = (unit(name).get("PrivateDevices", []), unit(name).get("DeviceAllow", []))
        assert (([], PORTS) if name in with_ports else (["yes"], [])) == devices


@pytest.mark.parametrize("name", SERVICES)
def test_an_emergency_line_never_gives_up(name: str) -> None:
    """Whatever ends is started again, however often; a wrong configuration alone is waited for."""
    values = unit(name)

    assert (["always"], ["0"]) == (values["Restart"], values["StartLimitIntervalSec"])
    assert name == "siaga112-redis.service" or values["RestartPreventExitStatus"] == ["2"]


@pytest.mark.parametrize("name", ["siaga112.service", "siaga112-asterisk.service"])
def test_calls_outlive_who_looks_after_them(name: str) -> None:
    """Only the main process is ended by systemd, and it has the longest drain_seconds there is to do the rest."""
    values = unit(name)

    assert ["process"] == values["KillMode"]
    assert int(values["TimeoutStopSec"][-1]) > 3600


def test_the_target_has_every_part() -> None:
    """Parts belong to the target, which ends with them, and never runs beside the one that runs all."""
    parts = [name for name in SERVICES if name != "siaga112.service"]
    rivals = " ".join(unit("siaga112.service")["Conflicts"]).split()

    assert {("siaga112.target",)} == {(*unit(name)["PartOf"],) for name in parts}
    assert {("siaga112.target",)} == {(*unit(name)["WantedBy"],) for name in parts}
    assert sorted([*parts, "siaga112.target"]) == sorted(rivals)


def test_hardening_is_one_file() -> None:
    """The single service has the same drop-in as the parts."""
    assert unit_files("siaga112.service")[1].resolve() == unit_files("siaga112-agi.service")[1].resolve()


def test_redis_as_up_has_it(tmp_path: Path) -> None:
    """The unit's settings are those of the private server of `up`, so that each takes up the other's data."""
    socket = Path("/var/lib/siaga112/run/redis.sock")
    lines = (shlex.split(line) for line in write_config(tmp_path / "redis", socket).read_text().splitlines())
    wanted = {key: value for key, value in lines if key not in {"daemonize", "pidfile"}}
    wanted |= {"dir": "/var/lib/siaga112/redis", "logfile": "", "supervised": "systemd"}
    words = shlex.split(unit("siaga112-redis.service")["ExecStart"][-1])[1:]

    assert wanted == {key.removeprefix("--"): value for key, value in zip(words[::2], words[1::2], strict=True)}


def test_nothing_else_is_there() -> None:
    """Every file in the folder is a service, the target, or the drop-in."""
    found = {str(path.relative_to(SYSTEMD)) for path in SYSTEMD.rglob("*") if not path.is_dir()}

    assert {*SERVICES, "siaga112.target"} == {name for name in found if "/" not in name}
    assert {"siaga112-.service.d/hardening.conf", "siaga112.service.d/hardening.conf"} == {
        name for name in found if "/" in name
    }
