"""HTTP digest authentication as SIP uses it (RFC 3261 section 22, RFC 2617, RFC 7616), both sides."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace

from hardware.softphone.errors import SipSyntaxError

_PAIR = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_ALGORITHM = "MD5"  # the only one that every carrier of SIP trunks offers


@dataclass(frozen=True)
class Challenge:
    """A WWW-Authenticate or Proxy-Authenticate field."""

    realm: str
    nonce: str
    opaque: str | None = None
    qop_auth: bool = False

    @classmethod
    def parse(cls, text: str) -> Challenge:
        """Read a challenge; SipSyntaxError when it is not Digest with MD5."""
        pairs = _pairs(text)
        if pairs.get("algorithm", _ALGORITHM).upper() != _ALGORITHM or "nonce" not in pairs:
            raise SipSyntaxError(f"cannot answer the challenge {text[:80]!r}: only Digest with MD5 is known")
        qops = [item.strip() for item in pairs.get("qop", "").split(",")]
        return cls(pairs.get("realm", ""), pairs["nonce"], pairs.get("opaque"), "auth" in qops)

    def __str__(self) -> str:
        qop = ', qop="auth"' if self.qop_auth else ""
        return f'Digest realm="{self.realm}", nonce="{self.nonce}", algorithm={_ALGORITHM}{qop}'


@dataclass(frozen=True)
class Credentials:
    """What a client sends back: an Authorization or Proxy-Authorization field."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    opaque: str | None = None
    cnonce: str | None = None
    nonce_count: str = "00000001"

    @classmethod
    def answer(
        cls, challenge: Challenge, username: str, password: str, *, method: str, uri: str, cnonce: str
    ) -> Credentials:
        """Answer a challenge for one request; its nonce is used this once."""
        used = cnonce if challenge.qop_auth else None
        unsigned = cls(username, challenge.realm, challenge.nonce, uri, "", challenge.opaque, used)
        return replace(unsigned, response=unsigned.digest(password, method))

    @classmethod
    def parse(cls, text: str) -> Credentials:
        """Read an Authorization field; SipSyntaxError when a part is missing."""
        pairs = _pairs(text)
        try:
            return cls(
                pairs["username"],
                pairs["realm"],
                pairs["nonce"],
                pairs["uri"],
                pairs["response"],
                pairs.get("opaque"),
                pairs.get("cnonce") if "qop" in pairs else None,
                pairs.get("nc", ""),
            )
        except KeyError as missing:
            raise SipSyntaxError(f"the credentials have no {missing}") from missing

    def digest(self, password: str, method: str) -> str:
        """The response that proves the password (RFC 2617 section 3.2.2.1)."""
        secret = _md5(f"{self.username}:{self.realm}:{password}")
        subject = _md5(f"{method}:{self.uri}")
        if self.cnonce is None:
            return _md5(f"{secret}:{self.nonce}:{subject}")
        return _md5(f"{secret}:{self.nonce}:{self.nonce_count}:{self.cnonce}:auth:{subject}")

    def prove(self, password: str, method: str) -> bool:
        """Whether the sender of these credentials knows the password."""
        return hmac.compare_digest(self.digest(password, method).encode(), self.response.encode())

    def __str__(self) -> str:
        parts = [
            f'Digest username="{self.username}", realm="{self.realm}", nonce="{self.nonce}", uri="{self.uri}"',
            f'response="{self.response}", algorithm={_ALGORITHM}',
        ]
        if self.opaque is not None:
            parts.append(f'opaque="{self.opaque}"')
        if self.cnonce is not None:
            parts.append(f'qop=auth, nc={self.nonce_count}, cnonce="{self.cnonce}"')
        return ", ".join(parts)


def _pairs(text: str) -> dict[str, str]:
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "digest":
        raise SipSyntaxError(f"authentication scheme {scheme[:20]!r} is not Digest")
    return {
        match[1].lower(): re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        for match in _PAIR.finditer(rest)
    }


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
