"""Where a managed Asterisk keeps things: all below `state_dir/asterisk`, but for sockets with too long a path."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from hardware.asterisk.errors import AsteriskStartError

LONGEST_SOCKET_PATH = 107
"""Bytes in `sun_path` before its closing zero (unix(7))."""

MOMENT = "siaga112-moment"
"""A sound that nobody hears: a millisecond of silence, in the folder of MixMonitor."""

_MOMENT_SAMPLES = bytes(16)  # signed linear, 16 bits at 8 kHz: the one form that no recording translates

_TEMPORARY = Path("/tmp")  # noqa: S108  a folder of ours in it, its owner checked; TMPDIR would hide it from the next run


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders and files of one managed Asterisk.

    Attributes:
        root: `state_dir/asterisk`.
        run: control socket and pid file.
    """

    root: Path
    run: Path

    @classmethod
    def under(cls, state_dir: Path) -> "Layout":
        """The layout for an installation's state directory; creates nothing."""
        root = state_dir.absolute() / "asterisk"
        run = root / "run"
        if len(os.fsencode(run / "asterisk.ctl")) > LONGEST_SOCKET_PATH:
            name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
            run = _TEMPORARY / f"siaga112-{os.getuid()}" / name
        return cls(root, run)

    @property
    def etc(self) -> Path:
        """Generated configuration."""
        return self.root / "etc"

    @property
    def config(self) -> Path:
        """The file that Asterisk is started with."""
        return self.etc / "asterisk.conf"

    @property
    def history(self) -> Path:
        """Configurations that were in force before."""
        return self.root / "history"

    @property
    def log(self) -> Path:
        """Log files."""
        return self.root / "log"

    @property
    def messages(self) -> Path:
        """Notices, warnings and errors."""
        return self.log / "messages.log"

    @property
    def console_log(self) -> Path:
        """What Asterisk says before it has read logger.conf, or when it dies."""
        return self.log / "console.log"

    @property
    def cdr(self) -> Path:
        """Call detail records, one line for each leg."""
        return self.log / "cdr-custom" / "siaga112.csv"

    @property
    def recordings(self) -> Path:
        """The sound of calls, a folder a day."""
        return self.root.parent / "recordings"

    @property
    def spool(self) -> Path:
        """Asterisk's spool."""
        return self.root / "spool"

    @property
    def var(self) -> Path:
        """Asterisk's own database and data."""
        return self.root / "var"

    @property
    def ami_secret(self) -> Path:
        """Password of our AMI user, readable by us alone."""
        return self.root / "keys" / "ami"

    @property
    def pid_file(self) -> Path:
        """Asterisk writes its process id here itself, so it is right even when whoever started it died at once."""
        return self.run / "asterisk.pid"

    def create(self, documentation: Path | None = None) -> None:
        """Make the folders, and link the documentation that Asterisk 22 wants in its data folder."""
        for folder in (self.etc, self.log / "cdr-csv", self.cdr.parent, self.spool, self.var / "keys"):
            folder.mkdir(parents=True, exist_ok=True)
        self.ami_secret.parent.mkdir(mode=0o700, exist_ok=True)
        self._create_run()
        self.recordings.mkdir(mode=0o700, exist_ok=True)
        # MixMonitor takes a path that does not begin with / below its own folder; ours may hold what a dialplan cannot.
        monitor = self.spool / "monitor"
        monitor.mkdir(exist_ok=True)
        _link(monitor / "siaga112", self.recordings)
        (monitor / f"{MOMENT}.sln").write_bytes(_MOMENT_SAMPLES)
        if documentation is not None:
            _link(self.var / "documentation", documentation)

    def _create_run(self) -> None:
        private = [self.run] if self.run.is_relative_to(self.root) else [self.run.parent, self.run]
        for folder in private:
            folder.mkdir(mode=0o700, exist_ok=True)
            facts = folder.lstat()
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid() or facts.st_mode & 0o077:
                raise AsteriskStartError(
                    f"{folder}: is not a folder of ours alone; remove it, or shorten [site] state_dir"
                )


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
