"""The port: bytes to and from a device path (/dev/serial/by-id/…, a pty) or socket://host:port, through pyserial."""

from __future__ import annotations

import select
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import serial

from hardware.modem.errors import PortLostError

READ_WAIT_S = 0.1  # so that a reader can be ended; pyserial's socket:// cannot cancel a read
WRITE_TIMEOUT_S = 5.0  # a modem that hangs stops taking bytes; no write may wait for ever
READ_BYTES = 4096

# An unplugged USB modem shows itself as any of these, by the call that happens to notice it: pyserial's own errors are
# OSErrors, termios.error is not, and a closed descriptor gives TypeError or ValueError.
_UNPLUGGED = (OSError, termios.error, TypeError, ValueError)


class Port:
    """An open port. Every failure of the line is a PortLostError."""

    def __init__(self, url: str, baudrate: int) -> None:
        """Open it for this process alone. Baud rate in bit/s; it means nothing to a socket or a USB modem."""
        self.url = url
        if "://" in url and not url.startswith("socket://"):
            raise PortLostError(url, "a port is a device path or socket://HOST:PORT")
        with self._guarded():
            self._serial = serial.serial_for_url(
                url, baudrate=baudrate, timeout=0, write_timeout=WRITE_TIMEOUT_S, exclusive=True
            )

    def read(self) -> bytes:
        """Wait a short while for bytes; give all that are there, b"" if none came."""
        with self._guarded():
            ready, _, _ = select.select([self._serial.fileno()], [], [], READ_WAIT_S)
            return bytes(self._serial.read(READ_BYTES)) if ready else b""

    def write(self, data: bytes) -> None:
        """Hand all of `data` to the line."""
        with self._guarded():
            self._serial.write(data)

    def close(self) -> None:
        """Let the port go; what is lost already is no error."""
        # pyserial 3.5 shuts a socket:// down before it closes it, and leaves it open where the other end is gone.
        leaked = getattr(self._serial, "_socket", None)
        with suppress(*_UNPLUGGED):
            self._serial.close()
        if leaked is not None:
            leaked.close()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except _UNPLUGGED as error:
            raise PortLostError(self.url, str(error)) from error
