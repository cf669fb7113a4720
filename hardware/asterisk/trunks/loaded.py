"""Whether Asterisk has taken a trunk as it was told. A reload says "Module Reloaded" whatever became of it.

An option that it does not like leaves the old object in force, a torn section makes a trunk vanish: only asking shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from hardware.asterisk.ami.client import AmiClient
from hardware.asterisk.ami.errors import AmiRefusedError
from hardware.asterisk.ami.protocol import Message
from hardware.asterisk.trunks.sections import Section, sections

_EVENTS = {
    "endpoint": "EndpointDetail",
    "aor": "AorDetail",
    "identify": "IdentifyDetail",
    "auth": "AuthDetail",
    "registration": "OutboundRegistrationDetail",
}

_TRUTH = {"yes": "true", "no": "false"}


def differences(client: AmiClient, files: Mapping[str, str]) -> Iterator[str]:
    """What Asterisk has otherwise than these trunk files say, one line each; raises AmiError.

    Passwords are not among it: Asterisk does not show them.
    """
    registrations = client.list_action("PJSIPShowRegistrationsOutbound")
    for text in files.values():
        wanted = list(sections(text))
        if not wanted:
            continue
        name = wanted[0].name
        found = [*_endpoint(client, name), *(one for one in registrations if one.event == _EVENTS["registration"])]
        for section in wanted:
            yield from _compare(section, found)


def _endpoint(client: AmiClient, name: str) -> Sequence[Message]:
    try:
        return client.list_action("PJSIPShowEndpoint", (("Endpoint", name),))
    except AmiRefusedError:
        return ()


def _compare(section: Section, found: Sequence[Message]) -> Iterator[str]:
    event = _EVENTS[section.kind]
    taken = next((one for one in found if one.event == event and one.get("ObjectName") == section.name), None)
    if taken is None:
        yield f"{section.name}: Asterisk has no such {section.kind}"
        return
    shown = {key.casefold(): value for key, value in taken.headers}
    for option, values in section.values().items():
        header = _header(option)
        if header in shown and not _same(option, values, shown[header]):
            yield f"{section.name}: {option} is {shown[header]!r}, not {','.join(values)!r}"


def _header(option: str) -> str:
    """The name that AMI gives an option: `rtp_timeout` is RtpTimeout, an AOR's `contact` is Contacts."""
    return {"contact": "contacts"}.get(option, option.replace("_", ""))


def _same(option: str, wanted: Sequence[str], shown: str) -> bool:
    match option:
        case "allow":
            return [codec for codec in wanted[0].split(",") if codec != "!all"] == shown.strip("()").split("|")
        case "match":
            return _same_sources(wanted, shown)
        case "contact":
            return wanted[0] == shown.partition("/")[2]
        case _:
            return _plain(wanted[0]) == _plain(shown)


def _same_sources(wanted: Sequence[str], shown: str) -> bool:
    """Whether these are the addresses; in the place of a host's name Asterisk shows what it found in the DNS,
    which may be an address that is told as well.
    """
    found = {ip_network(value, strict=False) for value in shown.split(",") if value}
    told = {network for value in wanted if (network := _network(value)) is not None}
    names = any(_network(value) is None for value in wanted)
    return bool(found) and told <= found if names else told == found


def _network(value: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value, strict=False)
    except ValueError:
        return None


def _plain(value: str) -> str:
    """A value in one form: truth values have two, numbers may have trailing zeros."""
    try:
        return str(float(value))
    except ValueError:
        return _TRUTH.get(value.casefold(), value)
