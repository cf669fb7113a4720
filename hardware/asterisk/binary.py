"""Where Asterisk is on this machine, how it is called, and whether it is a version that we know."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hardware.asterisk.errors import AsteriskNotFoundError, AsteriskUnsupportedError

SUPPORTED = (20, 22)
"""Major versions with long-term support that this program is tried with."""

VERSION_TIMEOUT_S = 10.0

# The dynamic loader and the library folder of a Debian tree, by `platform.machine()` (System V ABI supplements).
_DEBIAN = {
    "x86_64": ("lib64/ld-linux-x86-64.so.2", "x86_64-linux-gnu"),
    "aarch64": ("lib/ld-linux-aarch64.so.1", "aarch64-linux-gnu"),
    "armv7l": ("lib/ld-linux-armhf.so.3", "arm-linux-gnueabihf"),
    "riscv64": ("lib/ld-linux-riscv64-lp64d.so.1", "riscv64-linux-gnu"),
    "ppc64le": ("lib64/ld64.so.2", "powerpc64le-linux-gnu"),
    "s390x": ("lib/ld64.so.1", "s390x-linux-gnu"),
}


@dataclass(frozen=True, slots=True)
class AsteriskBinary:
    """A program that can be started.

    Attributes:
        command: what comes before Asterisk's own arguments: the program, with its loader where it has its own.
        modules: folder of its modules; None when the program knows that itself.
        documentation: its XML documentation, without which Asterisk 22 does not start; None as above.
        has_cdrel: it has `res_cdrel_custom`, without which the `cdr_custom` of newer versions does not load.
    """

    command: tuple[str, ...]
    modules: Path | None = None
    documentation: Path | None = None
    has_cdrel: bool = False

    def daemon(self, config: Path) -> list[str]:
        """Command line that runs in the foreground, without a console and without colour codes."""
        return [*self.command, "-C", str(config), "-f", "-n"]

    def console(self, config: Path, command: str) -> list[str]:
        """Command line that has a running Asterisk execute one console command."""
        return [*self.command, "-C", str(config), "-rx", command]

    def version(self) -> str:
        """The version, such as `22.10.1`; raises AsteriskUnsupportedError for one that this program does not know."""
        try:
            said = subprocess.run(
                [*self.command, "-V"], capture_output=True, text=True, timeout=VERSION_TIMEOUT_S, check=False
            ).stdout
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AsteriskNotFoundError(f"{self.command[-1]}: does not run ({error}); see [asterisk] binary") from None
        return supported_version(said, self.command[-1])


def supported_version(said: str, program: str) -> str:
    """Read what `asterisk -V` says: `Asterisk 22.10.1~dfsg…`, `Asterisk certified/20.7-cert3`."""
    found = re.match(r"Asterisk (?:certified/)?(?P<version>(?P<major>\d+)(?:\.\d+)*)", said)
    wanted = " or ".join(f"{major}.x" for major in SUPPORTED)
    if found is None:
        raise AsteriskUnsupportedError(f"{program}: calls itself {said.strip()[:60]!r}; Asterisk {wanted} is needed")
    if int(found["major"]) not in SUPPORTED:
        raise AsteriskUnsupportedError(f"{program}: is Asterisk {found['version']}; Asterisk {wanted} is needed")
    return found["version"]


def find(
    configured: Path | None, prefix: Path | None = None, environ: Mapping[str, str] = os.environ
) -> AsteriskBinary:
    """The configured program, else the one on PATH, else the tree that `make setup` brought into the environment.

    Raises:
        AsteriskNotFoundError: there is none.
    """
    installed = configured or shutil.which("asterisk", path=environ.get("PATH", ""))
    if installed is not None:
        return AsteriskBinary((str(installed),), has_cdrel=any(_has_cdrel(folder) for folder in usual_modules()))
    return brought(brought_tree(prefix or Path(sys.prefix)), platform.machine())


def brought_tree(prefix: Path) -> Path:
    """Where `make setup` puts an Asterisk on a machine that has none."""
    return prefix / "opt" / "asterisk"


def brought(tree: Path, machine: str) -> AsteriskBinary:
    """The Asterisk of a Debian tree that lies anywhere: it runs with that tree's loader and libraries."""
    program = tree / "usr/sbin/asterisk"
    if not program.exists():
        raise AsteriskNotFoundError("no asterisk on PATH and none brought; run `make setup`, or set [asterisk] binary")
    if machine not in _DEBIAN:
        raise AsteriskNotFoundError(f"no brought Asterisk runs on {machine}; install one and set [asterisk] binary")
    loader, library = _DEBIAN[machine]
    libraries = tree / "usr/lib" / library
    return AsteriskBinary(
        (str(tree / "usr" / loader), "--library-path", str(libraries), str(program)),
        modules=libraries / "asterisk/modules",
        has_cdrel=_has_cdrel(libraries / "asterisk/modules"),
        documentation=tree / "usr/share/asterisk/documentation",
    )


def usual_modules() -> list[Path]:
    """Where distributions, and a build from source, put Asterisk's modules."""
    libraries = [library for _, library in _DEBIAN.values()]
    folders = [f"/usr/lib/{library}" for library in libraries] + ["/usr/lib", "/usr/lib64", "/usr/local/lib"]
    return [Path(folder) / "asterisk/modules" for folder in folders]


def _has_cdrel(modules: Path) -> bool:
    return (modules / "res_cdrel_custom.so").exists()
