"""The phone: what a test or the demo creates and drives."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar

from hardware.softphone.address import Address, NameAddr, SipUri
from hardware.softphone.call import Call
from hardware.softphone.call_state import CallState
from hardware.softphone.dialog import Dialog
from hardware.softphone.errors import CallStateError, SipSyntaxError, SoftphoneError
from hardware.softphone.g711 import Codec
from hardware.softphone.headers import Header
from hardware.softphone.incoming_call import IncomingCall
from hardware.softphone.manners import RINGING, Manners
from hardware.softphone.message import Request
from hardware.softphone.outgoing_call import OutgoingCall
from hardware.softphone.registrar import Registrar
from hardware.softphone.registration import Registration
from hardware.softphone.station import ALLOW, Identity, Station, TracedMessage, refuse
from hardware.softphone.transactions import ServerTransaction

_Found = TypeVar("_Found")

_KEPT_CALLS = 200
_FAREWELL_SECONDS = 1.0  # how long closing waits for the answers to its last BYE, CANCEL and REGISTER


class Phone:
    """A SIP user agent on an address of its own, with one thread; a context manager.

    registrar: where `register` goes and where bare numbers are dialled. password: given when the peer
    asks for it. manners: what happens to incoming calls, may be changed at any time. accounts: with
    them the phone plays a carrier that asks for a password at REGISTER and INVITE, and knows where its
    customers are. A port of 0 takes a free one. OSError when the address cannot be bound.
    """

    def __init__(
        self,
        user: str,
        address: Address = ("127.0.0.1", 0),
        *,
        display_name: str = "",
        password: str = "",
        registrar: Address | None = None,
        manners: Manners = RINGING,
        codecs: tuple[Codec, ...] = (Codec.PCMA, Codec.PCMU),
        accounts: Mapping[str, str] | None = None,
    ) -> None:
        self.manners = manners
        self._codecs = codecs
        self._calls: dict[tuple[str, str], Call] = {}
        self._waiting: deque[IncomingCall] = deque()
        self._registrar = Registrar(accounts, realm="siaga112-softphone") if accounts is not None else None
        self._closed = False
        identity = Identity(user, display_name, password, registrar)
        self._station = Station(identity, address, self._on_request, self._on_ack)
        self._registration = Registration(self._station, registrar) if registrar else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- who and what ---------------------------------------------------------------------------------

    @property
    def user(self) -> str:
        """The user part of the phone's address."""
        return self._station.identity.user

    @property
    def address(self) -> Address:
        """Where the phone listens."""
        return self._station.address

    @property
    def uri(self) -> str:
        """The URI under which the phone is called directly."""
        return str(SipUri("sip", self.user, *self.address))

    @property
    def registered(self) -> bool:
        """Whether the registrar has this phone's contact now."""
        return self._registration is not None and self._registration.active

    @property
    def calls(self) -> tuple[Call, ...]:
        """The last calls of this phone, oldest first, ended ones included."""
        with self._station.reactor.lock:
            return tuple(self._calls.values())

    @property
    def trace(self) -> tuple[TracedMessage, ...]:
        """The last SIP messages of this phone."""
        with self._station.reactor.lock:
            return tuple(self._station.trace)

    # -- doing ----------------------------------------------------------------------------------------

    def register(self, expires: int = 3600, timeout: float = 5.0) -> None:
        """Register and keep it up; RegistrationError when refused, WaitError without an answer."""
        self._client().register(expires, timeout)

    def unregister(self, timeout: float = 5.0) -> None:
        """Withdraw the registration; RegistrationError when refused, WaitError without an answer."""
        self._client().unregister(timeout)

    def call(
        self, target: str, *, number: str = "", display_name: str = "", headers: tuple[Header, ...] = ()
    ) -> OutgoingCall:
        """Send an INVITE and return at once.

        target: a SIP URI, a number that is dialled at the registrar, or a user registered here.
        number: the caller's number in From in place of the phone's user; display_name likewise.
        headers: further fields of the INVITE, such as P-Asserted-Identity or Diversion.
        """
        if self._closed:
            raise CallStateError(f"{self.user} is closed and cannot call")
        uri = self._target(target)
        own = self._station.own_address
        shown = SipUri("sip", number or own.uri.user, own.uri.host)
        local = NameAddr(shown, display_name or own.display_name)
        with self._station.reactor.lock:
            dialog = Dialog.calling(local, uri, self.address[0])
            call = OutgoingCall(self._station, dialog, self._codecs, uri.endpoint, headers)
            self._keep(call)
        return call

    def incoming(self, timeout: float = 5.0) -> IncomingCall:
        """The next INVITE that was not handed out yet, refused ones included; WaitError when none comes."""
        with self._station.reactor.lock:
            self._wait(f"a call to {self.user}", lambda: bool(self._waiting), timeout)
            return self._waiting.popleft()

    def wait_contact(self, user: str, timeout: float = 5.0) -> str:
        """Wait until a customer has registered here; returns the URI of its contact."""
        registrar = self._registrar
        if registrar is None:
            raise SoftphoneError(f"{self.user} is no carrier: it was given no accounts")
        return str(self._wait(f"the registration of {user}", lambda: registrar.contact(user), timeout))

    def close(self) -> None:
        """Hang up, withdraw the registration, and stop; may be called twice."""
        if self._closed:
            return
        try:
            for call in self.calls:
                call.hangup()
            if self.registered:
                self.unregister(_FAREWELL_SECONDS)
            self._wait("the last answers", self._has_said_goodbye, _FAREWELL_SECONDS)
        except SoftphoneError:
            return  # a peer that is gone cannot say goodbye; the phone stops all the same
        finally:
            self.vanish()

    def vanish(self) -> None:
        """Stop without a word, as a phone whose battery died: no BYE, no un-REGISTER, no more audio."""
        with self._station.reactor.lock:
            self._closed = True
            for call in self._calls.values():
                call.vanish()
        self._station.close()

    def _has_said_goodbye(self) -> bool:
        return not (self._station.transactions.unanswered or any(call.owes_bye for call in self._calls.values()))

    # -- called by the transaction layer, with the lock held ------------------------------------------

    def _on_request(self, server: ServerTransaction) -> None:
        try:
            if not self._closed:
                self._serve(server)
        except SipSyntaxError:
            refuse(server, 400, "Bad Request")

    def _serve(self, server: ServerTransaction) -> None:
        request = server.request
        if (call := self._call_of(request)) is not None:
            call.on_request(server)
        elif request.method == "OPTIONS":
            self._on_options(server)
        elif NameAddr.parse(request.headers.first("To") or "").tag is not None:
            refuse(server, 481, "Call/Transaction Does Not Exist")
        elif request.method == "INVITE":
            self._on_invite(server)
        elif request.method == "REGISTER" and self._registrar is not None:
            self._on_register(server, self._registrar)
        else:
            refuse(server, 405, "Method Not Allowed", ("Allow", ALLOW))

    def _on_ack(self, ack: Request) -> None:
        if (call := self._call_of(ack)) is not None:
            call.on_ack(ack)

    def _on_options(self, server: ServerTransaction) -> None:
        if self.manners.answers_options:
            refuse(server, 200, "OK", *self._station.dialog_fields)
        else:
            self._station.transactions.drop(server)

    def _on_invite(self, server: ServerTransaction) -> None:
        required = server.request.headers.all("Require")
        if not self.manners.answers_invite:
            self._station.transactions.drop(server)
        elif required:
            refuse(server, 420, "Bad Extension", ("Unsupported", ", ".join(required)))
        elif self._registrar is None or self._admitted(server, self._registrar):
            call = IncomingCall(self._station, server, self._codecs, self.manners)
            self._keep(call)
            self._waiting.append(call)
            self._station.reactor.changed.notify_all()

    def _on_register(self, server: ServerTransaction, registrar: Registrar) -> None:
        if self._admitted(server, registrar):
            seconds = registrar.register(server.request)
            contact = server.request.headers.first("Contact") or ""
            refuse(server, 200, "OK", ("Contact", contact), ("Expires", str(seconds)))
            self._station.reactor.changed.notify_all()

    def _admitted(self, server: ServerTransaction, registrar: Registrar) -> bool:
        if registrar.admits(server.request):
            return True
        refuse(server, 401, "Unauthorized", ("WWW-Authenticate", str(registrar.challenge())))
        return False

    def _call_of(self, request: Request) -> Call | None:
        tag = NameAddr.parse(request.headers.first("To") or "").tag
        return self._calls.get((request.call_id, tag)) if tag else None

    # -- helpers --------------------------------------------------------------------------------------

    def _keep(self, call: Call) -> None:
        self._calls[call.call_id, call.local_tag] = call
        ended = [name for name, kept in self._calls.items() if kept.state is CallState.ENDED]
        for name in ended[: max(0, len(self._calls) - _KEPT_CALLS)]:
            del self._calls[name]

    def _wait(self, what: str, look: Callable[[], _Found | None], timeout: float) -> _Found:
        return self._station.wait(what, look, timeout, lambda: "the phone was closed" if self._closed else "")

    def _target(self, target: str) -> SipUri:
        if target.lower().startswith(("sip:", "sips:")):
            return SipUri.parse(target)
        customer = self._registrar.contact(target) if self._registrar else None
        registrar = self._station.identity.registrar
        if customer is None and registrar is None:
            raise SoftphoneError(
                f"cannot dial {target!r} without a registrar: a URI such as sip:112@192.0.2.1 is needed"
            )
        return customer or SipUri("sip", target, *(registrar or self.address))

    def _client(self) -> Registration:
        if self._registration is None:
            raise SoftphoneError(f"{self.user} has no registrar to register with")
        return self._registration
