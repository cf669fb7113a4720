"""A dialog: what two user agents remember of each other during a call (RFC 3261 section 12)."""

from __future__ import annotations

import secrets

from hardware.softphone.address import Address, NameAddr, SipUri
from hardware.softphone.headers import Header, Headers
from hardware.softphone.message import CSeq, Request, Response


def new_tag() -> str:
    """A dialog tag (section 19.3)."""
    return secrets.token_hex(6)


class Dialog:
    """One side's memory of a dialog; builds the requests inside it."""

    def __init__(self, call_id: str, local: NameAddr, remote: NameAddr, target: str) -> None:
        self.call_id = call_id
        self.local = local
        self.remote = remote
        self._target = target
        self._route_set: tuple[str, ...] = ()
        self._sequence = 0
        self._heard = 0

    @classmethod
    def calling(cls, local: NameAddr, target: SipUri, host: str) -> Dialog:
        """The caller's side, before anyone answered (section 12.1.2)."""
        call_id = f"{secrets.token_hex(10)}@{host}"
        return cls(call_id, local.tagged(new_tag()), NameAddr(target), str(target))

    @classmethod
    def called(cls, invite: Request) -> Dialog:
        """The callee's side (section 12.1.1); SipSyntaxError when the INVITE names nobody."""
        local = NameAddr.parse(invite.headers.first("To") or "").tagged(new_tag())
        remote = NameAddr.parse(invite.headers.first("From") or "")
        dialog = cls(invite.call_id, local, remote, str(remote.uri))
        dialog.refresh(invite)
        dialog._route_set = invite.headers.all("Record-Route")
        dialog._heard = invite.cseq.number
        return dialog

    def established(self, response: Response) -> None:
        """Learn the callee's tag, contact and route from a response that has a tag (section 12.1.2)."""
        answered = NameAddr.parse(response.headers.first("To") or "")
        if answered.tag is not None:
            self.remote = answered
            self._route_set = tuple(reversed(response.headers.all("Record-Route")))
            self.refresh(response)

    def refresh(self, message: Request | Response) -> None:
        """Take over the peer's current contact (section 12.2)."""
        contact = message.headers.first("Contact")
        if contact is not None:
            self._target = str(NameAddr.parse(contact).uri)

    def in_order(self, request: Request) -> bool:
        """Whether a request of the peer is newer than all before (section 12.2.2)."""
        if request.cseq.number <= self._heard:
            return False
        self._heard = request.cseq.number
        return True

    def request(self, method: str, headers: tuple[Header, ...] = (), body: bytes = b"") -> Request:
        """The next request of ours, still without its Via."""
        self._sequence += 1
        return self._build(method, self._sequence, headers, body)

    def ack(self, invite: Request) -> Request:
        """The ACK for a 2xx to this INVITE: its number, but a transaction of its own (section 13.2.2.4)."""
        credentials = [
            (name, value) for name in ("Authorization", "Proxy-Authorization") for value in invite.headers.all(name)
        ]
        return self._build("ACK", invite.cseq.number, tuple(credentials), b"")

    @property
    def next_hop(self) -> Address:
        """Where requests of this dialog go: the first route, or else the peer's contact."""
        if self._route_set:
            return NameAddr.parse(self._route_set[0]).uri.endpoint
        return SipUri.parse(self._target).endpoint

    def _build(self, method: str, number: int, headers: tuple[Header, ...], body: bytes) -> Request:
        fields = [("Route", route) for route in self._route_set]
        fields += [("Max-Forwards", "70"), ("From", str(self.local)), ("To", str(self.remote))]
        fields += [("Call-ID", self.call_id), ("CSeq", str(CSeq(number, method)))]
        return Request(Headers((*fields, *headers)), body, method, self._target)


def cancel_of(invite: Request) -> Request:
    """The CANCEL of an INVITE that was sent: everything that names the transaction is the same (section 9.1)."""
    kept = [("Via", invite.headers.first("Via") or "")]
    kept += [("Route", route) for route in invite.headers.all("Route")]
    kept += [(name, invite.headers.first(name) or "") for name in ("Max-Forwards", "From", "To", "Call-ID")]
    kept += [("CSeq", str(CSeq(invite.cseq.number, "CANCEL")))]
    return Request(Headers(tuple(kept)), b"", "CANCEL", invite.uri)
