"""The other end of a registration: a carrier that knows its customers' passwords (RFC 3261 section 10.3)."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping

from hardware.softphone.address import NameAddr, SipUri
from hardware.softphone.digest import Challenge, Credentials
from hardware.softphone.errors import SipSyntaxError
from hardware.softphone.message import Request

_KEPT_NONCES = 1000


class Registrar:
    """Asks for passwords and remembers who is where (no socket, no clock).

    Contacts stay until they are withdrawn: a test that lets one expire ends the client instead.
    """

    def __init__(self, accounts: Mapping[str, str], realm: str) -> None:
        self._accounts = dict(accounts)
        self._realm = realm
        self._nonces: deque[str] = deque(maxlen=_KEPT_NONCES)
        self._contacts: dict[str, SipUri] = {}

    def challenge(self) -> Challenge:
        """A new challenge."""
        nonce = secrets.token_hex(12)
        self._nonces.append(nonce)
        return Challenge(self._realm, nonce, qop_auth=True)

    def admits(self, request: Request) -> bool:
        """Whether the request proves a password of ours; SipSyntaxError when its credentials are broken."""
        given = request.headers.first("Authorization")
        if given is None:
            return False
        credentials = Credentials.parse(given)
        password = self._accounts.get(credentials.username)
        if password is None or credentials.nonce not in self._nonces:
            return False
        return credentials.prove(password, request.method)

    def register(self, request: Request) -> int:
        """Take over the contact of an admitted REGISTER; returns the seconds granted, 0 when withdrawn."""
        user = NameAddr.parse(request.headers.first("To") or "").uri.number
        contact = request.headers.first("Contact")
        if contact is None:
            return 0
        if contact.strip() == "*":
            self._contacts.pop(user, None)
            return 0
        where = NameAddr.parse(contact)
        seconds = _seconds(where.param("expires") or request.headers.first("Expires") or "3600")
        if seconds:
            self._contacts[user] = where.uri
        else:
            self._contacts.pop(user, None)
        return seconds

    def contact(self, user: str) -> SipUri | None:
        """Where a user is reached; None while not registered."""
        return self._contacts.get(user)


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise SipSyntaxError(f"Expires {text[:20]!r} is not a number of seconds")
    return int(text)
