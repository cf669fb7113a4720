"""A call's RTP socket: sends a packet every 20 ms and hears what comes (RFC 3550)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress

from hardware.softphone.address import Address
from hardware.softphone.hearing import Hearing
from hardware.softphone.negotiation import Agreement
from hardware.softphone.reactor import Appointment, Reactor
from hardware.softphone.rtp import RtpError, RtpPacket
from hardware.softphone.rtp_sender import PACKET_SECONDS, RtpSender

_LONGEST_DATAGRAM = 2048
_FORGIVEN_SECONDS = 0.5  # a machine that stalled for longer does not send what it missed
_NOTICE_EVERY = 5  # packets: those who wait for a sound look ten times a second, not fifty


class AudioStream:
    """Runs on the phone's reactor from the agreement until it is closed."""

    def __init__(
        self,
        reactor: Reactor,
        host: str,
        on_key_sent: Callable[[str], None],
        on_first_audio: Callable[[], None],
        on_key_heard: Callable[[str], None],
    ) -> None:
        self._reactor = reactor
        self._on_first_audio = on_first_audio
        self._on_key_heard = on_key_heard
        self._socket = _even_port(host)
        self._agreement: Agreement | None = None
        self._next = 0.0
        self._beat: Appointment | None = None
        self._closed = False
        self.sender = RtpSender(on_key_sent)
        self.hearing = Hearing()
        reactor.watch(self._socket, self._receive)

    @property
    def address(self) -> Address:
        """Where the peer shall send to."""
        host, port = self._socket.getsockname()
        return host, port

    @property
    def agreement(self) -> Agreement | None:
        """What was settled on, once it was."""
        return self._agreement

    def agree(self, agreement: Agreement) -> None:
        """Start to send, or go on under new terms."""
        self._agreement = agreement
        if self._beat is None and not self._closed:
            self._next = time.monotonic()
            self._tick()

    def close(self) -> None:
        """Stop and give the port back; what was heard stays."""
        if self._closed:
            return
        self._closed = True
        if self._beat is not None:
            self._beat.cancel()
        self._reactor.unwatch(self._socket)
        self._socket.close()

    def _tick(self) -> None:
        if self._agreement is not None and self._agreement.sends:
            self._send(self.sender.next_packet(self._agreement), self._agreement.remote)
        self._next += PACKET_SECONDS
        if self._next < time.monotonic() - _FORGIVEN_SECONDS:
            self._next = time.monotonic()
        self._beat = self._reactor.at(self._next, self._tick)

    def _send(self, packet: RtpPacket, remote: Address) -> None:
        # UDP may lose any packet; one that the kernel will not route is lost a little earlier.
        with suppress(OSError):
            self._socket.sendto(packet.to_bytes(), remote)
        if self.sender.just_finished:
            self._reactor.changed.notify_all()

    def _receive(self) -> None:
        try:
            packet = RtpPacket.from_bytes(self._socket.recv(_LONGEST_DATAGRAM))
        except (RtpError, BlockingIOError):
            return  # RTCP or a stray datagram; or the kernel dropped one with a bad checksum
        before = self.hearing.packets
        key = self.hearing.take(packet, self._agreement.telephone_event if self._agreement else None)
        if key:
            self._on_key_heard(key)
        elif self.hearing.packets == 1 and not before:
            self._on_first_audio()
        elif self.hearing.packets % _NOTICE_EVERY == 0:
            self._reactor.changed.notify_all()


def _even_port(host: str) -> socket.socket:
    """A socket on a free even port: RTCP takes the odd one above (RFC 3550 section 11)."""
    while True:
        candidate = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        candidate.bind((host, 0))
        if candidate.getsockname()[1] % 2 == 0:
            candidate.setblocking(False)
            return candidate
        candidate.close()
