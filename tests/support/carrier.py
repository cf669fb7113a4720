"""A telecom operator: a second real Asterisk at the far end of a city's trunks, and somebody who has a telephone there.

What the last digit of a number means to it: 1 to 7 a line that it lets through by that line alone, and refuses as full
(503) by every other; 0 by any; 8 nobody answers (480); 9 busy (486).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hardware.softphone import OutgoingCall, Phone
from tests.support.other_asterisk import OtherAsterisk
from tests.support.ports import free_port

SUBSCRIBER = "127.0.0.31"
EXCHANGE = "127.0.0.20"
"""Where the operator's own subscribers are connected."""

PASSWORD = "the city's own at its carrier"

_ENDPOINT = """
[{name}]
type = endpoint
context = {context}
aors = {aors}
transport = {transport}
allow = !all,alaw,ulaw
direct_media = no
"""

_CONTEXT = """
[{name}]
exten => _[+0-9]X!,1,GotoIf($["${{EXTEN:-1}}"="8"]?nobody)
 same => n,GotoIf($["${{EXTEN:-1}}"="9"]?busy)
 same => n,GotoIf($["${{EXTEN:-1}}"!="0" & "${{EXTEN:-1}}"!="{digit}"]?full)
 same => n,Set(CALLERID(name)={name})
 same => n,Dial(PJSIP/${{EXTEN}}@subscriber,30)
 same => n,Hangup(${{HANGUPCAUSE}})
 same => n(nobody),Hangup(19)
 same => n(busy),Hangup(17)
 same => n(full),Hangup(34)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One trunk as its operator has it; `digit` stands for it at the end of a number."""

    name: str
    address: str
    digit: int
    transport: str = "udp"
    registers: bool = False
    delivers_to_contact: bool = False
    """Whether calls go to where the city has registered, and not to its fixed address."""

    @property
    def user(self) -> str:
        """The city's user name on it."""
        return f"city-{self.name}"

    def trunk(self, port: int, **values: object) -> dict[str, object]:
        """Its table in the city's configuration."""
        login = {"register": True, "username": self.user, "password": PASSWORD} if self.registers else {}
        return {
            "name": self.name,
            "host": f"{self.address}:{port}",
            "match": [self.address],
            "transport": self.transport,
            "priority": self.digit,
            **login,
            **values,
        }


class Carrier:
    """The operator's Asterisk, and its subscriber's phone."""

    def __init__(
        self, directory: Path, lines: Sequence[Line], certificate: Path | None = None, private_key: Path | None = None
    ) -> None:
        self.lines = lines
        self.ports = {line.name: free_port(line.address) for line in lines}
        self._exchange_port = free_port(EXCHANGE)
        self.certificate = certificate
        self.private_key = private_key
        self._asterisk = OtherAsterisk(directory)
        self.subscriber = Phone("+628123456789", (SUBSCRIBER, 0))

    def start(self, city_port: int) -> Self:
        """Start it, for a city that takes SIP at this port of 127.0.0.1, and TLS one above."""
        self._asterisk.start(
            {
                "pjsip-transports.conf": self._transports(),
                "pjsip.conf": self._endpoints(city_port),
                "extensions.conf": self._dialplan(),
            }
        )
        return self

    def stop(self) -> None:
        """End it, as a power cut would."""
        self._asterisk.stop()

    def close(self) -> None:
        """End it and its subscriber's phone."""
        self.subscriber.close()
        self.stop()

    def trunks(self, **values: object) -> list[dict[str, object]]:
        """The city's tables for all its lines."""
        secure = {"srtp": True, "ca_file": self.certificate}
        return [
            line.trunk(self.ports[line.name], **(secure if line.transport == "tls" else {}), **values)
            for line in self.lines
        ]

    def call(self, line: str) -> OutgoingCall:
        """The subscriber dials 112, which is delivered by this line."""
        return self.subscriber.call(f"sip:{line}@{EXCHANGE}:{self._exchange_port}")

    def _transports(self) -> str:
        sections = [
            "[global]\ntype = global\nendpoint_identifier_order = request_uri,ip\n",
            f"[exchange]\ntype = transport\nprotocol = udp\nbind = {EXCHANGE}:{self._exchange_port}\n",
        ]
        for line in self.lines:
            bind = f"{line.address}:{self.ports[line.name]}"
            sections.append(f"[{line.name}]\ntype = transport\nprotocol = {line.transport}\nbind = {bind}\n")
            if line.transport == "tls":
                sections.append(
                    f"method = tlsv1_2\ncert_file = {self.certificate}\npriv_key_file = {self.private_key}\n"
                    f"ca_list_file = {self.certificate}\nverify_server = yes\n"
                )
        return "".join(sections)

    def _endpoints(self, city_port: int) -> str:
        host, port = self.subscriber.address
        subscriber = [
            '#include "pjsip-transports.conf"',
            _ENDPOINT.format(name="subscriber", context="subscribers", aors="subscriber", transport="exchange"),
            f"[subscriber]\ntype = aor\ncontact = sip:subscriber@{host}:{port}",
            f"[subscriber]\ntype = identify\nendpoint = subscriber\nmatch = {host}",
        ]
        return "\n".join([*subscriber, *(each for line in self.lines for each in _endpoint(line, city_port))])

    def _dialplan(self) -> str:
        ways = [f"exten => {line.name},1,Dial(PJSIP/{line.name},30)" for line in self.lines]
        return "\n".join(["[subscribers]", *ways, *(_CONTEXT.format(name=e.name, digit=e.digit) for e in self.lines)])


def _endpoint(line: Line, city_port: int) -> Iterator[str]:
    name, user = line.name, line.user
    secure = line.transport == "tls"
    aors = [user] if line.delivers_to_contact else [name, user] if line.registers else [name]
    yield _ENDPOINT.format(name=name, context=name, aors=",".join(aors), transport=name)
    if secure:
        yield "media_encryption = sdes"
    if line.registers:
        yield f"auth = {name}"
        yield f"[{name}]\ntype = auth\nauth_type = userpass\nusername = {user}\npassword = {PASSWORD}"
        yield f"[{user}]\ntype = aor\nmax_contacts = 1\nremove_existing = yes"
    place = f"127.0.0.1:{city_port + secure};transport={line.transport}"
    yield f"[{name}]\ntype = aor\ncontact = sip:112@{place}"
    yield f"[{name}]\ntype = identify\nendpoint = {name}\nmatch_request_uri = /{line.address}:/"
