"""What Asterisk says that it has is held against what it was told, each in its own way of writing."""

from dataclasses import dataclass
from typing import Any

import pytest

from hardware.asterisk.ami.protocol import Message
from hardware.asterisk.trunks.loaded import differences

ENDPOINT = "[trunk-a]\ntype = endpoint\nallow = !all,alaw,ulaw\nrtp_timeout = 30\nrtp_symmetric = yes\n"
AOR = "[trunk-a]\ntype = aor\ncontact = sip:192.0.2.1:5060\\;transport=tls\nqualify_timeout = 2.0\n"
IDENTIFY = "[trunk-a]\ntype = identify\nendpoint = trunk-a\n"


@dataclass
class Asterisk:
    """An AMI client whose Asterisk has this."""

    shown: tuple[Message, ...]

    def list_action(self, name: str, _fields: object = ()) -> tuple[Message, ...]:
        """Registrations: none."""
        return self.shown if name == "PJSIPShowEndpoint" else ()


def said(event: str, **headers: str) -> Message:
    """One object as AMI shows it."""
    return Message((("Event", event), ("ObjectName", "trunk-a"), *headers.items()))


def wrong(text: str, *shown: Message) -> list[str]:
    """What differs."""
    client: Any = Asterisk(shown)
    return list(differences(client, {"pjsip.d/trunk-a.conf": text}))


def test_the_same_written_otherwise() -> None:
    """Codecs in brackets, truth values, numbers with zeros, an escaped semicolon: no difference."""
    endpoint = said("EndpointDetail", Allow="(alaw|ulaw)", RtpTimeout="30", RtpSymmetric="true")
    aor = said("AorDetail", Contacts="trunk-a/sip:192.0.2.1:5060;transport=tls", QualifyTimeout="2.000000")

    assert [] == wrong(ENDPOINT + AOR, endpoint, aor)


def test_old_value_is_told() -> None:
    """With what it is and what it should be."""
    endpoint = said("EndpointDetail", Allow="(ulaw|alaw)", RtpTimeout="30")

    assert ["trunk-a: allow is '(ulaw|alaw)', not '!all,alaw,ulaw'"] == wrong(ENDPOINT, endpoint)


def test_what_is_missing_is_told() -> None:
    """A section that Asterisk refused."""
    assert ["trunk-a: Asterisk has no such aor"] == wrong(AOR)


@pytest.mark.parametrize(
    ("match", "shown", "same"),
    [
        (("192.0.2.1", "198.51.100.0/24"), "198.51.100.0/255.255.255.0,192.0.2.1/255.255.255.255", True),
        (("192.0.2.1",), "192.0.2.2/255.255.255.255", False),
        (("192.0.2.1",), "192.0.2.1/255.255.255.255,192.0.2.2/255.255.255.255", False),
        (("sip.example.net",), "192.0.2.7/255.255.255.255", True),
        (("sip.example.net", "192.0.2.1"), "192.0.2.7/255.255.255.255,192.0.2.1/255.255.255.255", True),
        (("sip.example.net", "192.0.2.1"), "192.0.2.1/255.255.255.255", True),
        (("sip.example.net", "192.0.2.1"), "192.0.2.7/255.255.255.255", False),
        (("sip.example.net",), "", False),
    ],
    ids=[
        "other order",
        "another",
        "one too many",
        "a name",
        "name and address",
        "name of that address",
        "address lost",
        "name not found",
    ],
)
def test_where_calls_come_from(match: tuple[str, ...], shown: str, same: bool) -> None:
    """Addresses and networks in any order; a host's name stands for what the DNS says."""
    text = IDENTIFY + "".join(f"match = {source}\n" for source in match)

    assert same is (wrong(text, said("IdentifyDetail", Endpoint="trunk-a", Match=shown)) == [])
