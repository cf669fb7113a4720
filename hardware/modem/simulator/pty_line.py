"""The pseudo-terminal that stands for the modem's port, and the symbolic link by which it is found."""

from __future__ import annotations

import errno
import fcntl
import os
import termios
import tty
from pathlib import Path

from hardware.modem.simulator.errors import SimulatorError

READ_BYTES = 4096


class PtyLine:
    """The modem's end of the line. Never blocks.

    Its own descriptor of the host's end stays open: else the first program that closes the port would end the line for
    all that come after it.
    """

    def __init__(self, link: Path) -> None:
        self._link = link
        self._modem_end, self._host_end = os.openpty()
        tty.setraw(self._host_end)
        os.set_blocking(self._modem_end, False)
        self._device = os.ttyname(self._host_end)
        try:
            _point(link, self._device)
        except BaseException:
            self._close_ends()
            raise

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._modem_end

    def read(self) -> bytes:
        """Give what the host sent."""
        return os.read(self._modem_end, READ_BYTES)

    def write(self, data: bytes) -> int:
        """Hand over as much as the line takes now; gives how much that was."""
        try:
            return os.write(self._modem_end, data)
        except BlockingIOError:
            return 0

    def admit_next(self) -> None:
        """Take back the exclusive use that a program set and, on a line that stays open, left behind (ioctl_tty(2))."""
        fcntl.ioctl(self._host_end, termios.TIOCNXCL)

    def close(self) -> None:
        """Take the link away, if it is still this one, and end the line."""
        if self._link.is_symlink() and str(self._link.readlink()) == self._device:
            self._link.unlink()
        self._close_ends()

    def _close_ends(self) -> None:
        os.close(self._host_end)
        os.close(self._modem_end)


def _point(link: Path, device: str) -> None:
    if link.exists() and not link.is_symlink():
        raise SimulatorError(f"{link}: is there already and no symbolic link; name a path that is free")
    draft = link.with_name(f".{link.name}.{os.getpid()}")
    try:
        link.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        draft.symlink_to(device)
        draft.replace(link)
    except OSError as error:
        reason = os.strerror(error.errno or errno.EIO)
        raise SimulatorError(f"{link}: cannot be made: {reason}; name a path in a writable folder") from error
