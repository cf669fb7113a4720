"""An Asterisk of our own: started, found again, given a new configuration, ended without cutting calls off."""

import secrets
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from hardware.asterisk import ports
from hardware.asterisk.ami import AmiAddress, AmiClient, AmiError
from hardware.asterisk.ami.probe import answers
from hardware.asterisk.atomic import write_private
from hardware.asterisk.binary import AsteriskBinary, find
from hardware.asterisk.context import trunk_endpoint
from hardware.asterisk.drain import CallsLeft
from hardware.asterisk.errors import AsteriskStartError, CommandFailedError
from hardware.asterisk.generations import Generations, Outcome
from hardware.asterisk.layout import Layout
from hardware.asterisk.render import AmiUser, render, write
from hardware.detached import Detached
from siaga112 import log
from siaga112.settings import Settings

BOOT_LIMIT_S = 20.0
"""It takes 0.3 s on a machine with nothing else to do."""

COMMAND_TIMEOUT_S = 10.0
STOP_NOW_LIMIT_S = 5.0
TIDY_UP_LIMIT_S = 1.0
AMI_USER = "siaga112"

# `core reload` can lock Asterisk up; these are what our files are for.
_RELOADED = ("res_pjsip.so", "pbx_config.so", "app_queue.so", "res_musiconhold.so", "cdr_custom.so")

# Asterisk reads these files, or what we change in them, only when it starts.
TAKEN_AT_START = frozenset(
    {"asterisk.conf", "modules.conf", "manager.conf", "rtp.conf", "pjsip-transports.conf", "stasis.conf"}
)

_LOOK_EVERY_S = 0.1

_LOG_SIZE = 10_000_000
_LOGS_KEPT = 5

_log = log.get(__name__)


class ManagedAsterisk:
    """One Asterisk in `state_dir/asterisk`, in a session of its own: it and its calls outlive whoever started it.

    Args:
        prompts_dir: folder whose `moh` is the music on hold.
        binary: the program; by default what the settings, PATH and the environment offer.

    Raises:
        AsteriskNotFoundError: there is no Asterisk.
    """

    def __init__(self, settings: Settings, prompts_dir: Path, binary: AsteriskBinary | None = None) -> None:
        self.layout = Layout.under(settings.site.state_dir)
        self._settings = settings
        self._prompts_dir = prompts_dir
        self.generations = Generations(self.layout.history)
        self._started = False
        self._binary = binary or find(settings.asterisk.binary)
        self._process = Detached(
            self._binary.daemon(self.layout.config), pid_file=self.layout.pid_file, output=self.layout.console_log
        )

    @property
    def ami(self) -> AmiAddress:
        """How to reach its AMI; there once `ensure` has returned."""
        return AmiAddress("127.0.0.1", self._settings.asterisk.ami_port, AMI_USER, ami_secret(self.layout))

    @property
    def pid(self) -> int | None:
        """Its process id while we hold it."""
        return self._process.pid

    def ensure(self) -> bool:
        """Have it running with the current configuration; True when one that was left running was adopted.

        Raises:
            AsteriskError: why that cannot be: version, ports, configuration, or it did not come up.
        """
        self._binary.version()
        self.layout.create(self._binary.documentation)
        files = self._configuration()
        adopted = self._process.adopt()
        if not adopted:
            ports.check(ports.needed(self._settings))
        changed = write(files, self.layout.etc)
        if adopted and self._needs_restart(changed):
            _log.warning("asterisk.restarted", reason="settings that only a start takes up", files=changed)
            self.stop(self._settings.asterisk.drain_seconds)
            adopted = False
        if not adopted:
            self._process.start()
        with AmiClient(self.ami) as client:
            adopted = self._wait_booted_or_restart(client) and adopted
            if adopted and changed:
                self.reload()
            if changed or not adopted:
                self._qualify(client)
        self._keep(files)
        return adopted

    def rendered(self) -> dict[str, str]:
        """The files that the settings make; raises RenderError."""
        ami = AmiUser(AMI_USER, ami_secret(self.layout))
        return render(self._settings, self.layout, self._prompts_dir, ami, self._binary)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.alive

    def fileno(self) -> int:
        """A descriptor that becomes readable when it ends."""
        return self._process.fileno()

    def answers(self, limit_s: float) -> bool:
        """Whether AMI answers within `limit_s`; one that hangs does not."""
        return answers(self.ami, limit_s)

    def check(self) -> None:
        """Raise AsteriskError when no start can succeed until somebody changes something: version, configuration."""
        self._binary.version()
        self.rendered()

    def command(self, command: str, limit_s: float = COMMAND_TIMEOUT_S) -> str:
        """What its console answers to `command`; raises CommandFailedError."""
        argv = self._binary.console(self.layout.config, command)
        try:
            done = subprocess.run(argv, capture_output=True, timeout=limit_s, stdin=subprocess.DEVNULL, check=False)
        except (OSError, subprocess.TimeoutExpired):
            raise CommandFailedError(f"asterisk -rx {command!r}: no answer within {limit_s:g} s") from None
        if done.returncode != 0:
            reason = (done.stderr + done.stdout).decode(errors="replace").strip()[-200:]
            raise CommandFailedError(f"asterisk -rx {command!r}: {reason}")
        return done.stdout.decode(errors="replace")

    def reload(self) -> None:
        """Have it read its files again, module by module; calls go on."""
        for module in _RELOADED:
            self.command(f"module reload {module}")

    def stop(self, graceful_s: float) -> None:
        """Take no new calls and wait for those that are up, `graceful_s` at most; then end it in any case."""
        if not self._process.alive:
            self._process.end(0)
            return
        calls_over = graceful_s > 0 and self._drain(graceful_s)
        if calls_over:
            # Tidying up can take res_pjsip 10 s when a phone does not answer OPTIONS; all that counts is written.
            self.kill()
            return
        self._ask("core stop now")
        self._process.wait(TIDY_UP_LIMIT_S)
        self._process.end(TIDY_UP_LIMIT_S)

    def kill(self) -> None:
        """End it and all its calls this moment."""
        self._process.signal(signal.SIGKILL)
        self._process.end(STOP_NOW_LIMIT_S)

    def close(self) -> None:
        """Let go of it; it goes on."""
        self._process.close()

    def rotate_logs(self, size: int = _LOG_SIZE) -> None:
        """Begin new log files when the current one has `size` bytes, and remove the oldest."""
        log = self.layout.log / "messages.log"
        if log.exists() and log.stat().st_size >= size:
            self.command("logger rotate")
        for old in self.layout.log.glob("messages.log.*"):
            if old.suffix[1:].isdigit() and int(old.suffix[1:]) >= _LOGS_KEPT:
                old.unlink(missing_ok=True)

    def _configuration(self) -> dict[str, str]:
        """What to run with: what the settings make, but for what was changed since we read them, or undone."""
        files = self.rendered()
        current = self.generations.current()
        if current is None:
            return files
        if self._started or self.generations.is_undone(files):
            if not self._started:
                _log.warning(
                    "asterisk.settings_undone", mend="siaga112 trunks reload brings them into force all the same"
                )
            return self.generations.files(current)
        return files

    def _keep(self, files: dict[str, str]) -> None:
        self._started = True
        current = self.generations.current()
        if current is None or self.generations.files(current) != files:
            self.generations.add(files, Outcome.IN_FORCE)

    def _drain(self, limit_s: float) -> bool:
        """True when the last call is over."""
        deadline = time.monotonic() + limit_s
        calls = CallsLeft()
        with AmiClient(self.ami, calls):
            calls.known.wait(min(limit_s, COMMAND_TIMEOUT_S))
            # The console client waits as long as the calls do, so it cannot be waited for; it ends with Asterisk. Its
            # output goes to a pipe: with /dev/null for one it never sends the command.
            with subprocess.Popen(
                self._binary.console(self.layout.config, "core stop gracefully"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            ) as waiting:
                while not calls.over.is_set() and time.monotonic() < deadline and not self._process.wait(_LOOK_EVERY_S):
                    continue
                if calls.over.is_set():
                    # With no call from the start, it may not have heard the command yet.
                    self._process.wait(TIDY_UP_LIMIT_S)
                waiting.kill()
            if not calls.over.is_set():
                _log.error("asterisk.calls_cut", channels=calls.channels, after_s=limit_s)
            return calls.over.is_set()

    def _ask(self, command: str) -> None:
        try:
            self.command(command, STOP_NOW_LIMIT_S)
        except CommandFailedError as error:
            # SIGTERM follows.
            _log.info("asterisk.stop_unheard", reason=str(error))

    def _wait_booted_or_restart(self, client: AmiClient) -> bool:
        """True when it booted; False when it hung, adopted or while starting, and a new one was started instead."""
        try:
            self._wait_booted(client)
        except AsteriskStartError as error:
            if not self._process.alive:
                raise
            _log.error("asterisk.hung", reason=str(error))
            self.kill()
            self._process.start()
            self._wait_booted(client)
            return False
        return True

    def _wait_booted(self, client: AmiClient) -> None:
        deadline = time.monotonic() + BOOT_LIMIT_S
        while not client.wait_ready(0.05):
            if self._process.wait(0):
                raise AsteriskStartError(f"asterisk ended while starting: {self._last_words()}")
            if time.monotonic() > deadline:
                raise AsteriskStartError(
                    f"asterisk does not answer AMI within {BOOT_LIMIT_S:g} s; see {self.layout.log}/messages.log"
                )

    def _qualify(self, client: AmiClient) -> None:
        # Asterisk asks a configured place for the first time at some moment within its interval, and takes it for gone
        # until then.
        phones = [operator.extension for operator in self._settings.operators if operator.contact]
        for endpoint in [*phones, *(trunk_endpoint(trunk.name) for trunk in self._settings.trunks)]:
            try:
                client.action("PJSIPQualify", (("Endpoint", endpoint),))
            except AmiError as error:
                _log.warning("asterisk.not_qualified", endpoint=endpoint, reason=str(error))

    def _needs_restart(self, changed: Sequence[str]) -> bool:
        return not TAKEN_AT_START.isdisjoint(changed)

    def _last_words(self) -> str:
        lines = self.layout.console_log.read_text(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), f"see {self.layout.console_log}")


def ami_secret(layout: Layout) -> str:
    """Our AMI password; made at the first call and kept readable by us alone."""
    if not layout.ami_secret.exists():
        layout.ami_secret.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(layout.ami_secret, secrets.token_urlsafe(32))
    return layout.ami_secret.read_text()
