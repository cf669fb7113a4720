"""The bytes between a script and Asterisk: one socket (FastAGI) or standard input and output (classic AGI)."""

import os
import select
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

from agi_scripts.channel.errors import ChannelHungUp, CommandTimeout

_CHUNK = 4096


class Wire:
    """Reads and writes file descriptors with a limit of time. It does not own them: whoever opened them closes them."""

    def __init__(
        self, read_fd: int, write_fd: int, *, end: Callable[[], None], end_writing: Callable[[], None]
    ) -> None:
        """Make both descriptors non-blocking. `end` and `end_writing` let the other end see the end of both, or of what
        we write; the descriptors stay valid.
        """
        for fd in {read_fd, write_fd}:
            os.set_blocking(fd, False)
        self.read_fd = read_fd
        self._write_fd = write_fd
        self._end = end
        self._end_writing = end_writing
        self._poll = select.poll()  # select() cannot take a descriptor above 1023
        self._poll.register(read_fd, select.POLLIN)

    def ready(self, seconds: float) -> bool:
        """Whether there is something to be read, the end among it, within `seconds`."""
        return bool(self._poll.poll(max(0.0, seconds) * 1000))

    def ready_with(self, other: int, seconds: float) -> Sequence[int]:
        """Which of our descriptor and `other` can be read, or have failed, within `seconds`; none after that time."""
        poll = select.poll()
        for fd in (self.read_fd, other):
            poll.register(fd, select.POLLIN)
        return [fd for fd, _ in poll.poll(max(0.0, seconds) * 1000)]

    def read(self) -> bytes:
        """What has come, nothing when nothing has. Raises `ChannelHungUp` at the end of file."""
        try:
            data = os.read(self.read_fd, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise ChannelHungUp(f"the connection broke: {error.strerror}") from error
        if not data:
            raise ChannelHungUp("end of file")
        return data

    def write(self, data: bytes, seconds: float) -> None:
        """Send all. Raises `ChannelHungUp` on a broken pipe, `CommandTimeout` if nothing is taken for `seconds`."""
        while data:
            try:
                data = data[os.write(self._write_fd, data) :]
            except BlockingIOError:
                self._await_room(seconds)
            except OSError as error:
                raise ChannelHungUp(f"the connection broke: {error.strerror}") from error

    def _await_room(self, seconds: float) -> None:
        poll = select.poll()
        poll.register(self._write_fd, select.POLLOUT)
        if not poll.poll(seconds * 1000):
            raise CommandTimeout(f"Asterisk took nothing for {seconds} s")

    def end(self) -> None:
        """Let Asterisk go on with the dialplan."""
        self._end()

    def end_writing(self) -> None:
        """The same, once it has done what was written; what it answers can be read."""
        self._end_writing()


def socket_wire(connection: socket.socket) -> Wire:
    """The wire of a FastAGI connection."""
    if connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a command is smaller than a segment

    def shut(how: int) -> None:
        with suppress(OSError):  # the other end was faster
            connection.shutdown(how)

    fd = connection.fileno()
    return Wire(fd, fd, end=lambda: shut(socket.SHUT_RDWR), end_writing=lambda: shut(socket.SHUT_WR))


def standard_wire() -> Wire:
    """The wire of a classic AGI: standard input and output."""

    def leave(*fds: int) -> None:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in fds:
            os.dup2(null, fd)
        os.close(null)

    return Wire(0, 1, end=lambda: leave(0, 1), end_writing=lambda: leave(1))
