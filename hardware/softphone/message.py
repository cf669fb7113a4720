"""SIP messages: text in, values out, and back (RFC 3261 section 7).

Reading is generous, as section 7.3.1 and RFC 4475 ask: compact names, folded lines, bare line feeds,
blanks before the colon, bytes after the body. A message that a transaction could not work with
(no Via, From, To, Call-ID or CSeq) is refused here, so that nothing later has to check again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from hardware.softphone.errors import SipSyntaxError
from hardware.softphone.headers import Headers

_VERSION = "SIP/2.0"
_STATUS_LINE = re.compile(r"SIP/2\.0 +([1-6]\d\d)(?: (.*))?", re.IGNORECASE)
_REQUEST_LINE = re.compile(r"([A-Za-z0-9\-.!%*_+`'~]+) +(\S+) +SIP/2\.0", re.IGNORECASE)
_CSEQ = re.compile(r"(\d{1,10})\s+(\S+)")
_MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq")  # RFC 3261 section 8.1.1
_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")


@dataclass(frozen=True)
class CSeq:
    """The command sequence field (RFC 3261 section 20.16)."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> CSeq:
        """Read `4711 INVITE`; SipSyntaxError when it is not that."""
        match = _CSEQ.fullmatch(text.strip())
        if match is None:
            raise SipSyntaxError(f"CSeq {text!r} is not a number and a method")
        return cls(int(match[1]), match[2].upper())

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


@dataclass(frozen=True)
class _Message:
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def call_id(self) -> str:
        """The Call-ID; empty only in a message that was never parsed."""
        return self.headers.first("Call-ID") or ""

    @property
    def cseq(self) -> CSeq:
        """The CSeq field."""
        return CSeq.parse(self.headers.first("CSeq") or "")

    @property
    def start_line(self) -> str:
        """The request line or the status line."""
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        """The datagram; Content-Length is always written from the body."""
        lines = [self.start_line, *(f"{name}: {value}" for name, value in self.headers.fields)]
        if any("\r" in line or "\n" in line for line in lines):
            raise SipSyntaxError("a header of ours holds a line break")
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Request(_Message):
    """A SIP request."""

    method: str = ""
    uri: str = ""

    @property
    def start_line(self) -> str:
        """`INVITE sip:112@127.0.0.1 SIP/2.0`."""
        return f"{self.method} {self.uri} {_VERSION}"

    def with_via(self, via: str) -> Request:
        """The same request with one more Via on top."""
        return replace(self, headers=self.headers.on_top(("Via", via)))


@dataclass(frozen=True)
class Response(_Message):
    """A SIP response."""

    status: int = 0
    phrase: str = ""

    @property
    def start_line(self) -> str:
        """`SIP/2.0 180 Ringing`."""
        return f"{_VERSION} {self.status} {self.phrase}"


Message = Request | Response


def parse_message(datagram: bytes) -> Message:
    """Read one datagram; SipSyntaxError says what is wrong with it."""
    head, body = _split(datagram.lstrip(b"\r\n"))
    lines = _unfold(head.decode("utf-8", "replace"))
    headers = Headers(tuple(_field(line) for line in lines[1:]))
    for name in _MANDATORY:
        if headers.first(name) is None:
            raise SipSyntaxError(f"the message has no {name}")
    CSeq.parse(headers.first("CSeq") or "")
    return _message(lines[0], headers, _sized(body, headers))


def _message(start: str, headers: Headers, body: bytes) -> Message:
    if status := _STATUS_LINE.fullmatch(start):
        return Response(headers, body, int(status[1]), (status[2] or "").strip())
    if request := _REQUEST_LINE.fullmatch(start.rstrip()):
        return Request(headers, body, request[1].upper(), request[2])
    raise SipSyntaxError(f"the first line {start[:60]!r} is neither a request nor a status line")


def _split(datagram: bytes) -> tuple[bytes, bytes]:
    blank = _BLANK_LINE.search(datagram)
    if blank is None:
        return datagram.rstrip(b"\r\n"), b""
    return datagram[: blank.start()], datagram[blank.end() :]


def _unfold(head: str) -> list[str]:
    lines: list[str] = []
    for line in re.split(r"\r\n|\n|\r", head):
        if lines and line[:1] in (" ", "\t"):
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}"
        else:
            lines.append(line)
    return lines


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise SipSyntaxError(f"the line {line[:60]!r} is not a header field")
    return name.strip(), value.strip()


def _sized(body: bytes, headers: Headers) -> bytes:
    length = headers.first("Content-Length")
    if length is None:
        return body  # RFC 3261 section 18.3: over UDP the body then reaches to the datagram's end
    if not (length.isascii() and length.isdigit()) or len(length) > 9:
        raise SipSyntaxError(f"Content-Length {length[:20]!r} is not a number")
    if int(length) > len(body):
        raise SipSyntaxError(f"the body has {len(body)} bytes, Content-Length says {length}")
    return body[: int(length)]
