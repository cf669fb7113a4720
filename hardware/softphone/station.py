"""What all calls of a phone share: the SIP socket, the thread, the identity and the record of messages."""

from __future__ import annotations

import re
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from hardware.softphone.address import Address, NameAddr, SipUri
from hardware.softphone.digest import Challenge, Credentials
from hardware.softphone.errors import SipSyntaxError, WaitError
from hardware.softphone.headers import Header
from hardware.softphone.message import Message, Request, Response, parse_message
from hardware.softphone.reactor import Reactor
from hardware.softphone.transactions import ServerTransaction, TransactionLayer, response_to

_Found = TypeVar("_Found")

ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, NOTIFY"
USER_AGENT = "siaga112-softphone"

_QUALIFY = re.compile(rb"^CSeq: *\d+ +OPTIONS", re.IGNORECASE | re.MULTILINE)
_KEPT_MESSAGES = 400
_SHOWN_MESSAGES = 12
_LONGEST_DATAGRAM = 65535
_KEEP_ALIVE_BYTES = b"\r\n\0 "  # RFC 5626 section 4.4.1, and what other phones send to hold a NAT open


@dataclass(frozen=True)
class Identity:
    """Who the phone is: its user part, the name it shows, and where and how it registers."""

    user: str
    display_name: str
    password: str
    registrar: Address | None


@dataclass(frozen=True)
class TracedMessage:
    """A datagram that was sent or received; `at` is a time.monotonic() value."""

    at: float
    sent: bool
    peer: Address
    datagram: bytes

    @property
    def text(self) -> str:
        """The whole message."""
        return self.datagram.decode("utf-8", "replace")

    def __str__(self) -> str:
        return f"{'to' if self.sent else 'from'} {self.peer[0]}:{self.peer[1]} {self.text.partition(chr(13))[0][:120]}"


class Station:
    """The innards of a phone; everything is called with `reactor.lock` held."""

    def __init__(
        self,
        identity: Identity,
        address: Address,
        on_request: Callable[[ServerTransaction], None],
        on_ack: Callable[[Request], None],
    ) -> None:
        self.identity = identity
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise
        self._socket.setblocking(False)
        host, port = self._socket.getsockname()
        self.address: Address = (host, port)
        self.trace: deque[TracedMessage] = deque(maxlen=_KEPT_MESSAGES)
        self.reactor = Reactor(identity.user)
        self.transactions = TransactionLayer(self.reactor, self.transmit, self.address, on_request, on_ack)
        self.reactor.watch(self._socket, self._receive)

    @property
    def contact(self) -> Header:
        """The Contact field: where this phone is reached."""
        return "Contact", str(NameAddr(SipUri("sip", self.identity.user, *self.address)))

    @property
    def dialog_fields(self) -> tuple[Header, ...]:
        """What every message that makes or refreshes a dialog carries."""
        return self.contact, ("Allow", ALLOW), ("User-Agent", USER_AGENT)

    @property
    def own_address(self) -> NameAddr:
        """The phone's address of record."""
        host = self.identity.registrar[0] if self.identity.registrar else self.address[0]
        return NameAddr(SipUri("sip", self.identity.user, host), self.identity.display_name)

    def transmit(self, message: Message, destination: Address) -> None:
        """Send a message and record it."""
        datagram = message.to_bytes()
        self.trace.append(TracedMessage(time.monotonic(), True, destination, datagram))
        # An unreachable network is treated as loss: the transaction repeats and gives up in its time.
        with suppress(OSError):
            self._socket.sendto(datagram, destination)

    def seen(self) -> list[str]:
        """The start lines of the last messages; OPTIONS would crowd out those that explain something."""
        telling = [item for item in self.trace if not _QUALIFY.search(item.datagram)]
        return [str(item) for item in telling[-_SHOWN_MESSAGES:]]

    def wait(self, what: str, look: Callable[[], _Found | None], timeout: float, hopeless: Callable[[], str]) -> _Found:
        """Look whenever something changed, until there is something true to return.

        WaitError when time is up, or when it is hopeless, which then says why.
        """
        with self.reactor.changed:
            self.reactor.changed.wait_for(lambda: look() or hopeless(), timeout)
            if found := look():
                return found
            raise WaitError(what, hopeless() or f"{timeout:g} s went by", self.seen())

    def close(self) -> None:
        """End the thread and close the socket."""
        self.reactor.stop()
        self._socket.close()

    def _receive(self) -> None:
        try:
            datagram, source = self._socket.recvfrom(_LONGEST_DATAGRAM)
        except OSError:
            return  # a datagram with a bad checksum, or the echo of one that nobody received
        if not datagram.strip(_KEEP_ALIVE_BYTES):
            return
        self.trace.append(TracedMessage(time.monotonic(), False, source, datagram))
        # What is not SIP cannot be answered (RFC 3261 section 18.3); the trace keeps it for whoever wonders.
        with suppress(SipSyntaxError):
            self.transactions.receive(parse_message(datagram), source)


def ignore_response(response: Response) -> None:
    """For requests whose answer changes nothing, such as BYE."""


def ignore_timeout() -> None:
    """For requests that need no answer."""


Build = Callable[[tuple[Header, ...]], Request]


class Exchange:
    """One request and, when the peer asks for the password, its repetition with credentials (section 22.2)."""

    def __init__(
        self,
        station: Station,
        build: Build,
        destination: Address,
        on_response: Callable[[Response], None] = ignore_response,
        on_timeout: Callable[[], None] = ignore_timeout,
    ) -> None:
        self._station = station
        self._build = build
        self._destination = destination
        self._on_response = on_response
        self._on_timeout = on_timeout
        self._challenged = False
        self._send(())

    @property
    def destination(self) -> Address:
        """Where the request went."""
        return self._destination

    def _send(self, extra: tuple[Header, ...]) -> None:
        layer = self._station.transactions
        self.request = self._build(extra).with_via(layer.via())
        layer.request(self.request, self._destination, self._respond, self._on_timeout)

    def _respond(self, response: Response) -> None:
        credentials = self._credentials(response)
        if credentials is None:
            self._on_response(response)
        else:
            self._challenged = True
            self._send((credentials,))

    def _credentials(self, response: Response) -> Header | None:
        identity = self._station.identity
        fields = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
        if response.status not in fields or self._challenged or not identity.password:
            return None
        asked, answered = fields[response.status]
        for value in response.headers.all(asked):
            # A peer may offer several algorithms, one field each (RFC 7616 section 3.7).
            with suppress(SipSyntaxError):
                challenge = Challenge.parse(value)
                request = self.request
                return answered, str(
                    Credentials.answer(
                        challenge,
                        identity.user,
                        identity.password,
                        method=request.method,
                        uri=request.uri,
                        cnonce=secrets.token_hex(8),
                    )
                )
        return None


def refuse(server: ServerTransaction, status: int, phrase: str, *fields: Header) -> None:
    """Answer a request with a final response that carries nothing."""
    server.respond(response_to(server.request, status, phrase, fields))
