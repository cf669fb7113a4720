"""Registering with a registrar, as a client (RFC 3261 section 10.2)."""

from __future__ import annotations

from hardware.softphone.address import Address, NameAddr, SipUri
from hardware.softphone.dialog import Dialog
from hardware.softphone.errors import RegistrationError
from hardware.softphone.headers import Header
from hardware.softphone.message import Request, Response
from hardware.softphone.reactor import Appointment
from hardware.softphone.station import Exchange, Station

_RENEW_AT = 0.8  # of the time granted: early enough for a lost REGISTER to be repeated
_TRY_AGAIN = 5.0  # seconds until a renewal that failed is tried anew


class Registration:
    """Keeps one contact registered until it is withdrawn."""

    def __init__(self, station: Station, registrar: Address) -> None:
        self._station = station
        self._registrar = registrar
        target = SipUri("sip", "", *registrar)
        own = station.own_address
        # Section 10.2: all REGISTERs of a phone share a Call-ID; To and From name the same user.
        self._dialog = Dialog.calling(own, target, station.address[0])
        self._dialog.remote = NameAddr(own.uri)
        self._renewal: Appointment | None = None
        self._expires = 0
        self._answer: Response | None = None
        self._lost = False
        self.active = False

    def register(self, expires: int, timeout: float) -> None:
        """Register and keep it up; RegistrationError when refused, WaitError without an answer."""
        self._ask(expires, timeout)

    def unregister(self, timeout: float) -> None:
        """Withdraw the contact; RegistrationError when refused, WaitError without an answer."""
        self._ask(0, timeout)

    def _ask(self, expires: int, timeout: float) -> None:
        with self._station.reactor.lock:
            self._answer, self._lost, self._expires = None, False, expires
            self._send()
        what = "the registrar's answer"
        lost = "the registrar does not respond"
        self._station.wait(what, lambda: self._answer is not None, timeout, lambda: lost if self._lost else "")
        if self._answer is not None and self._answer.status >= 300:
            raise RegistrationError(self._answer.status, self._answer.phrase)

    def _send(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
        Exchange(self._station, self._build, self._registrar, self._on_response, self._on_timeout)

    def _build(self, extra: tuple[Header, ...]) -> Request:
        fields = (self._station.contact, ("Expires", str(self._expires)), *extra)
        return self._dialog.request("REGISTER", fields)

    def _on_response(self, response: Response) -> None:
        if response.status < 200:
            return
        self._answer = response
        self.active = response.status < 300 and self._expires > 0
        if self.active:
            self._renewal = self._station.reactor.after(_RENEW_AT * self._granted(response), self._send)
        elif self._expires:
            self._renewal = self._station.reactor.after(_TRY_AGAIN, self._send)

    def _on_timeout(self) -> None:
        self._lost, self.active = True, False
        if self._expires:
            self._renewal = self._station.reactor.after(_TRY_AGAIN, self._send)

    def _granted(self, response: Response) -> int:
        """Seconds that the registrar grants: of our contact, else of the response (section 10.2.4)."""
        own = NameAddr.parse(self._station.contact[1]).uri
        contacts = [NameAddr.parse(value) for value in response.headers.all("Contact")]
        granted = [contact.param("expires") for contact in contacts if contact.uri.endpoint == own.endpoint]
        for value in (*granted, response.headers.first("Expires")):
            if value and value.isascii() and value.isdigit():
                return max(1, int(value))
        return self._expires
