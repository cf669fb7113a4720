"""The transactions of one phone: repeating, recognising repetitions, matching answers (RFC 3261 section 17)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from hardware.softphone.address import Address, NameAddr, Via
from hardware.softphone.headers import Header, Headers
from hardware.softphone.message import CSeq, Message, Request, Response
from hardware.softphone.reactor import Reactor
from hardware.softphone.transaction import Event, Kind, Machine, State, Tick

_MAGIC_COOKIE = "z9hG4bK"  # RFC 3261 section 8.1.1.7

Key = tuple[str, Address, str]
Send = Callable[[Message, Address], None]


class ClientTransaction:
    """A request of ours, on its way until its final response."""

    def __init__(
        self,
        request: Request,
        destination: Address,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None],
    ) -> None:
        kind = Kind.INVITE_CLIENT if request.method == "INVITE" else Kind.CLIENT
        self.machine = Machine(kind, time.monotonic())
        self.request = request
        self.destination = destination
        self.on_response = on_response
        self.on_timeout = on_timeout

    def repetition(self) -> Message | None:
        """What goes out again when the clock asks for it."""
        return self.request


class ServerTransaction:
    """A request of the peer, until our final response has arrived there."""

    def __init__(self, request: Request, source: Address, send: Callable[[ServerTransaction, Response], None]) -> None:
        kind = Kind.INVITE_SERVER if request.method == "INVITE" else Kind.SERVER
        self.machine = Machine(kind, time.monotonic())
        self.request = request
        self.destination = Via.parse(request.headers.first("Via") or "").reply_to(source)
        self.source = source
        self.response: Response | None = None
        self.on_cancel: Callable[[Request], None] = _ignore_cancel
        self.on_timeout: Callable[[], None] = _ignore_timeout
        self._send = send

    def respond(self, response: Response) -> None:
        """Send a response; after a final one nothing more goes out but its repetitions."""
        if self.machine.waits_for_answer:
            self.response = response
            self._send(self, response)

    def repetition(self) -> Message | None:
        """What goes out again when the clock or the peer asks for it."""
        return self.response


@dataclass(frozen=True)
class _Core:
    """Where the layer hands what is not its own business (RFC 3261 section 17: the transaction user)."""

    on_request: Callable[[ServerTransaction], None]
    on_ack: Callable[[Request], None]


class TransactionLayer:
    """Owns every transaction; called with the reactor's lock held."""

    def __init__(
        self,
        reactor: Reactor,
        send: Send,
        here: Address,
        on_request: Callable[[ServerTransaction], None],
        on_ack: Callable[[Request], None],
    ) -> None:
        self._reactor = reactor
        self._send = send
        self._here = here
        self._core = _Core(on_request, on_ack)
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._servers: dict[Key, ServerTransaction] = {}

    @property
    def unanswered(self) -> int:
        """How many requests of ours still wait for their final response."""
        return sum(client.machine.waits_for_answer for client in self._clients.values())

    def via(self) -> str:
        """A new Via value of ours, with a branch never used before."""
        branch = _MAGIC_COOKIE + secrets.token_hex(8)
        return f"SIP/2.0/UDP {self._here[0]}:{self._here[1]};rport;branch={branch}"

    def request(
        self,
        request: Request,
        destination: Address,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None],
    ) -> ClientTransaction:
        """Send a request that has its Via, and repeat it until it is answered."""
        client = ClientTransaction(request, destination, on_response, on_timeout)
        key = (_branch(request), request.method)
        self._send(request, destination)
        self._clients[key] = client
        self._arm(client, lambda: self._clients.pop(key, None))
        return client

    def acknowledge(self, server: ServerTransaction) -> None:
        """The ACK for this transaction's 2xx came; only the call can tell (section 13.3.1.4)."""
        server.machine.feed(Event.ACK, time.monotonic())
        self._arm(server, lambda: self._servers.pop(_server_key(server.request), None))

    def receive(self, message: Message, source: Address) -> None:
        """Take a message from the wire."""
        if isinstance(message, Response):
            self._receive_response(message)
        elif message.method == "ACK":
            self._receive_ack(message)
        elif server := self._servers.get(_server_key(message)):
            self._repeat(server)
        elif message.method == "CANCEL":
            self._receive_cancel(message, source)
        else:
            self._core.on_request(self._serve(message, source))

    def _receive_response(self, response: Response) -> None:
        client = self._clients.get((_branch(response), response.cseq.method))
        if client is None:
            return  # an answer to a request long forgotten
        event = Event.of_status(response.status)
        was = client.machine.state
        if not client.machine.feed(event, time.monotonic()):
            return
        self._arm(client, lambda: self._clients.pop((_branch(client.request), client.request.method), None))
        if event is Event.FAILURE and client.request.method == "INVITE":
            self._send(_ack_of_failure(client.request, response), client.destination)
            if was is State.COMPLETED:
                return
        client.on_response(response)
        self._reactor.changed.notify_all()

    def _receive_ack(self, ack: Request) -> None:
        server = self._servers.get(_server_key(ack))
        if server is not None and server.machine.state is State.COMPLETED:
            self.acknowledge(server)
        else:
            self._core.on_ack(ack)

    def _receive_cancel(self, cancel: Request, source: Address) -> None:
        invited = self._servers.get(_server_key(replace(cancel, method="INVITE")))
        server = self._serve(cancel, source)
        server.respond(
            response_to(cancel, 200, "OK") if invited else response_to(cancel, 481, "Call/Transaction Does Not Exist")
        )
        if invited and invited.machine.waits_for_answer:
            invited.on_cancel(cancel)

    def _serve(self, request: Request, source: Address) -> ServerTransaction:
        server = ServerTransaction(request, source, self._respond)
        self._servers[_server_key(request)] = server
        return server

    def drop(self, server: ServerTransaction) -> None:
        """Forget a request that shall never be answered, so that its repetitions are new to us."""
        self._servers.pop(_server_key(server.request), None)

    def _respond(self, server: ServerTransaction, response: Response) -> None:
        server.machine.feed(Event.of_status(response.status), time.monotonic())
        self._send(response, server.destination)
        self._arm(server, lambda: self._servers.pop(_server_key(server.request), None))

    def _repeat(self, transaction: ClientTransaction | ServerTransaction) -> None:
        if (message := transaction.repetition()) is not None:
            self._send(message, transaction.destination)

    def _arm(self, transaction: ClientTransaction | ServerTransaction, forget: Callable[[], object]) -> None:
        due = transaction.machine.due
        if transaction.machine.state is State.TERMINATED:
            forget()
        elif due is not None:
            self._reactor.at(due, lambda: self._tick(transaction, forget, due))

    def _tick(
        self, transaction: ClientTransaction | ServerTransaction, forget: Callable[[], object], due: float
    ) -> None:
        if transaction.machine.due != due:
            return  # the state changed since; the change made its own appointment
        action = transaction.machine.tick(time.monotonic())
        if action is Tick.REPEAT:
            self._repeat(transaction)
        self._arm(transaction, forget)
        if action is Tick.GIVE_UP:
            transaction.on_timeout()
            self._reactor.changed.notify_all()


def response_to(
    request: Request,
    status: int,
    phrase: str,
    fields: tuple[Header, ...] = (),
    *,
    body: bytes = b"",
    to_tag: str = "",
) -> Response:
    """The response with the fields that section 8.2.6.2 has it copy."""
    copied = [(name, value) for name in ("Via", "Record-Route", "From") for value in request.headers.all(name)]
    to = request.headers.first("To") or ""
    tag = f";tag={to_tag}" if to_tag and NameAddr.parse(to).tag is None else ""
    copied += [("To", to + tag), ("Call-ID", request.call_id), ("CSeq", str(request.cseq))]
    return Response(Headers((*copied, *fields)), body, status, phrase)


def _ack_of_failure(invite: Request, response: Response) -> Request:
    """Section 17.1.1.3: the transaction's own ACK, with the INVITE's branch and the response's To."""
    kept = [("Via", invite.headers.first("Via") or "")]
    kept += [("Route", route) for route in invite.headers.all("Route")]
    kept += [("Max-Forwards", "70"), ("From", invite.headers.first("From") or "")]
    kept += [("To", response.headers.first("To") or ""), ("Call-ID", invite.call_id)]
    kept += [("CSeq", str(CSeq(invite.cseq.number, "ACK")))]
    return Request(Headers(tuple(kept)), b"", "ACK", invite.uri)


def _branch(message: Message) -> str:
    return Via.parse(message.headers.first("Via") or "").branch


def _server_key(request: Request) -> Key:
    via = Via.parse(request.headers.first("Via") or "")
    method = "INVITE" if request.method == "ACK" else request.method
    return via.branch, via.sent_by, method


def _ignore_cancel(cancel: Request) -> None:
    """A re-INVITE is answered at once, so that nothing is left to cancel."""


def _ignore_timeout() -> None:
    """Only an INVITE answered with 2xx has somebody who must know that no ACK came."""
