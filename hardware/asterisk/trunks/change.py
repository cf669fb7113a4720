"""Changing the lines of an Asterisk that runs: written, reloaded, held against what it took, else taken back.

No step drops a call: PJSIP keeps the channels of a trunk that changes or goes.
"""

import fcntl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hardware.asterisk.ami.client import AmiClient
from hardware.asterisk.ami.errors import AmiRefusedError
from hardware.asterisk.context import trunk_endpoint
from hardware.asterisk.errors import ChangeRefusedError
from hardware.asterisk.generations import Generation, Outcome
from hardware.asterisk.process import TAKEN_AT_START, ManagedAsterisk
from hardware.asterisk.render import is_trunk_file, write
from hardware.asterisk.trunks.loaded import differences
from hardware.asterisk.trunks.sections import sections

_MODULES = ("res_pjsip.so", "pbx_config.so", "app_queue.so")

SETTLE_S = 3.0
"""A reload is answered before its last object is in force."""

_LOOK_EVERY_S = 0.1


class LineChange:
    """Changes to one managed Asterisk, by a client that is ready."""

    def __init__(self, asterisk: ManagedAsterisk, client: AmiClient) -> None:
        self._asterisk = asterisk
        self._client = client
        self._history = asterisk.generations

    def reload(self) -> Generation | None:
        """Bring what the configuration says into force; None when that is so already.

        Raises:
            ChangeRefusedError: Asterisk did not take it, and has what it had before; or only a new start takes it up.
            AmiError: Asterisk cannot be asked.
        """
        with self._alone():
            files = self._asterisk.rendered()
            current = self._history.current()
            if current is not None and self._history.files(current) == files:
                return None
            return self._apply(files)

    def undo(self) -> Generation:
        """Go back to the configuration before the one in force, which stays undone until the settings change.

        Raises ChangeRefusedError, AmiError as `reload` does.
        """
        with self._alone():
            current, target = self._history.current(), self._history.before_current()
            if current is None or target is None:
                raise ChangeRefusedError("there is no change to undo: see siaga112 trunks history")
            applied = self._apply(self._history.files(target))
            self._history.settle(current, Outcome.UNDONE)
            return applied

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = self._asterisk.layout.root / "change.lock"
        with lock.open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ChangeRefusedError("somebody else is changing the lines at this moment: try again") from None
            yield

    def _apply(self, files: Mapping[str, str]) -> Generation:
        current = self._history.current()
        before = self._history.files(current) if current else {}
        _refuse_what_needs_a_start(before, files)
        self._load(files)
        wrong = self._wrong(before, files)
        if not wrong:
            self._register_changed(before, files)
            return self._history.add(files, Outcome.IN_FORCE)
        self._load(before)
        self._history.add(files, Outcome.REFUSED, "; ".join(wrong))
        raise ChangeRefusedError(f"Asterisk did not take it and has what it had before: {'; '.join(wrong)}")

    def _load(self, files: Mapping[str, str]) -> None:
        write(files, self._asterisk.layout.etc)
        for module in _MODULES:
            self._client.action("Reload", (("Module", module),))

    def _wrong(self, before: Mapping[str, str], files: Mapping[str, str]) -> list[str]:
        deadline = time.monotonic() + SETTLE_S
        while (wrong := self._look(before, files)) and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_S)  # AMI has no event for the end of a reload
        return wrong

    def _look(self, before: Mapping[str, str], files: Mapping[str, str]) -> list[str]:
        trunks = {name: text for name, text in files.items() if is_trunk_file(name)}
        gone = [name for name in before if is_trunk_file(name) and name not in files]
        return [
            *differences(self._client, trunks),
            *(f"{name}: Asterisk still has it" for name in map(_endpoint_of, map(before.get, gone)) if self._has(name)),
        ]

    def _has(self, endpoint: str) -> bool:
        try:
            return bool(self._client.list_action("PJSIPShowEndpoint", (("Endpoint", endpoint),)))
        except AmiRefusedError:
            return False

    def _register_changed(self, before: Mapping[str, str], files: Mapping[str, str]) -> None:
        """A registration that was rejected stays so until it is asked for again, whatever its password is now."""
        for name, text in files.items():
            if is_trunk_file(name) and before.get(name) != text and "\ntype = registration\n" in text:
                self._client.action("PJSIPRegister", (("Registration", _endpoint_of(text)),))


def _endpoint_of(text: str | None) -> str:
    return next((section.name for section in sections(text or "")), trunk_endpoint(""))


def _refuse_what_needs_a_start(before: Mapping[str, str], files: Mapping[str, str]) -> None:
    changed = sorted(name for name in TAKEN_AT_START if before.get(name) != files.get(name))
    if before and changed:
        raise ChangeRefusedError(
            f"{', '.join(changed)} would change, which Asterisk reads at its start only: restart `siaga112 up`"
        )
