"""SIP and tel URIs, and the name-addr of From, To, Contact and P-Asserted-Identity (RFC 3261 section 25.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from hardware.softphone.errors import SipSyntaxError
from hardware.softphone.headers import split_outside_quotes

Address = tuple[str, int]
Params = tuple[tuple[str, str], ...]

DEFAULT_PORT = 5060  # RFC 3261 section 19.1.2, UDP

_SIP_URI = re.compile(
    r"(?P<scheme>sips?):(?:(?P<user>[^@<>\s]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:;?@<>\[\]]+)"
    r"(?::(?P<port>\d{1,5}))?(?P<params>;[^?\s<>]*)?(?:\?\S*)?",
    re.IGNORECASE,
)
_TEL_URI = re.compile(r"tel:(?P<user>[^;\s<>]+)(?P<params>;\S*)?", re.IGNORECASE)
_USER_SAFE = "-_.!~*'()&=+$,;?/"  # RFC 3261 section 25.1: unreserved and user-unreserved


@dataclass(frozen=True)
class SipUri:
    """A sip:, sips: or tel: URI; a tel: URI has a user and no host (RFC 3966)."""

    scheme: str
    user: str
    host: str
    port: int | None = None
    params: str = ""

    @classmethod
    def parse(cls, text: str) -> SipUri:
        """Read a URI; SipSyntaxError when it is none of the three schemes."""
        text = text.strip()
        if tel := _TEL_URI.fullmatch(text):
            return cls("tel", unquote(tel["user"]), "", None, tel["params"] or "")
        match = _SIP_URI.fullmatch(text)
        if match is None or int(match["port"] or 0) > 65535:
            raise SipSyntaxError(f"{text[:80]!r} is not a SIP URI such as sip:112@192.0.2.1:5060")
        port = int(match["port"]) if match["port"] else None
        user = unquote((match["user"] or "").partition(":")[0])
        return cls(match["scheme"].lower(), user, match["host"], port, match["params"] or "")

    @property
    def number(self) -> str:
        """The user without its parameters, such as `;phone-context=...`."""
        return self.user.partition(";")[0]

    @property
    def endpoint(self) -> Address:
        """Where a request to this URI goes when there is no DNS to ask."""
        return self.host.strip("[]"), self.port or DEFAULT_PORT

    def __str__(self) -> str:
        user = quote(self.user, safe=_USER_SAFE)
        if self.scheme == "tel":
            return f"tel:{user}{self.params}"
        port = f":{self.port}" if self.port is not None else ""
        return f"{self.scheme}:{user}{'@' if user else ''}{self.host}{port}{self.params}"


@dataclass(frozen=True)
class NameAddr:
    """A display name, a URI and the field's own parameters (RFC 3261 section 20.10)."""

    uri: SipUri
    display_name: str = ""
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> NameAddr:
        """Read `"Budi" <sip:1@h>;tag=x` or `sip:1@h;tag=x`; SipSyntaxError otherwise."""
        main, *raw = split_outside_quotes(text, ";")
        params = tuple(_param(item) for item in raw if item.strip())
        if "<" not in main:
            # Section 20: without angle brackets the parameters belong to the field, not to the URI.
            return cls(SipUri.parse(main), "", params)
        name, _, rest = main.rpartition("<")
        return cls(SipUri.parse(rest.partition(">")[0]), _unquoted(name.strip()), params)

    def param(self, name: str) -> str | None:
        """The value of a parameter of the field; empty when it has none; None when absent."""
        return next((value for key, value in self.params if key == name), None)

    @property
    def tag(self) -> str | None:
        """The dialog tag (RFC 3261 section 19.3)."""
        return self.param("tag")

    def tagged(self, tag: str) -> NameAddr:
        """The same address with this tag in place of any other."""
        others = tuple(item for item in self.params if item[0] != "tag")
        return NameAddr(self.uri, self.display_name, (*others, ("tag", tag)))

    def __str__(self) -> str:
        escaped = self.display_name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}" ' if escaped else ""
        return f"{name}<{self.uri}>" + "".join(f";{key}={value}" if value else f";{key}" for key, value in self.params)


@dataclass(frozen=True)
class Via:
    """One Via entry: who sent it and the transaction's branch (RFC 3261 section 20.42)."""

    sent_by: Address
    params: Params

    @classmethod
    def parse(cls, text: str) -> Via:
        """Read `SIP/2.0/UDP host:port;branch=...`; SipSyntaxError otherwise."""
        main, *raw = text.split(";")
        parts = main.split()
        if len(parts) < 2:
            raise SipSyntaxError(f"Via {text[:80]!r} has no sender")
        uri = SipUri.parse("sip:" + "".join(parts[1:]))
        return cls(uri.endpoint, tuple(_param(item) for item in raw if item.strip()))

    def param(self, name: str) -> str | None:
        """The value of a parameter; empty when it has none; None when absent."""
        return next((value for key, value in self.params if key == name), None)

    @property
    def branch(self) -> str:
        """The transaction's name (RFC 3261 section 17.2.3); empty from an RFC 2543 peer."""
        return self.param("branch") or ""

    def reply_to(self, source: Address) -> Address:
        """Where the response goes: RFC 3581 section 4 with rport, RFC 3261 section 18.2.2 without."""
        return source if self.param("rport") is not None else (source[0], self.sent_by[1])


def _param(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip()


def _unquoted(name: str) -> str:
    if len(name) >= 2 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name
