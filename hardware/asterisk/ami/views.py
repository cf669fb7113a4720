"""What AMI tells, in types: who can be reached, which calls are up."""

from dataclasses import dataclass
from enum import StrEnum

from hardware.asterisk.ami.client import AmiClient
from hardware.asterisk.ami.errors import AmiRefusedError
from hardware.asterisk.ami.protocol import Message


class DeviceState(StrEnum):
    """Asterisk's device states, in the words of DeviceStateChange (`devicestate.h`)."""

    UNKNOWN = "UNKNOWN"
    NOT_INUSE = "NOT_INUSE"
    INUSE = "INUSE"
    BUSY = "BUSY"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"
    RINGING = "RINGING"
    RINGINUSE = "RINGINUSE"
    ONHOLD = "ONHOLD"

    @property
    def reachable(self) -> bool:
        """Whether a phone is there, free or not."""
        return self not in {DeviceState.UNKNOWN, DeviceState.INVALID, DeviceState.UNAVAILABLE}

    @property
    def in_use(self) -> bool:
        """Whether a phone has a call, on any of its lines, or rings."""
        return self.reachable and self is not DeviceState.NOT_INUSE


@dataclass(frozen=True, slots=True)
class EndpointState:
    """A phone's or trunk's state: `endpoint` is what follows `PJSIP/`."""

    endpoint: str
    state: DeviceState

    @classmethod
    def from_message(cls, message: Message) -> "EndpointState | None":
        """From DeviceStateChange, the event or an entry of the list; None for what is no PJSIP endpoint."""
        technology, _, endpoint = message.get("Device").partition("/")
        if technology != "PJSIP" or not endpoint:
            return None
        return cls(endpoint, _device_state(message.get("State")))


class ContactStatus(StrEnum):
    """What qualify found, in the words of ContactStatus and ContactStatusDetail."""

    REACHABLE = "Reachable"
    UNREACHABLE = "Unreachable"
    NON_QUALIFIED = "NonQualified"
    REMOVED = "Removed"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an endpoint is: registered or configured.

    Attributes:
        round_trip_ms: of the last OPTIONS; None when there was no answer.
    """

    endpoint: str
    uri: str
    status: ContactStatus
    round_trip_ms: float | None

    @classmethod
    def from_message(cls, message: Message) -> "Contact":
        """From a ContactStatus event or a ContactStatusDetail entry."""
        status = message.get("ContactStatus") or message.get("Status")
        return cls(
            endpoint=message.get("EndpointName"),
            uri=message.get("URI"),
            status=_contact_status(status),
            round_trip_ms=_milliseconds(message.get("RoundtripUsec")),
        )


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel that is up: a caller's or a phone's leg.

    Attributes:
        linked_id: Uniqueid of the call's first channel: for ours the caller's, so the call's id.
        endpoint: the operator's extension or `trunk-NAME`.
        state: `Ring`, `Ringing`, `Up`, … (ChannelStateDesc).
        bridge_id: empty while it talks to nobody.
        seconds: since it was made.
    """

    name: str
    unique_id: str
    linked_id: str
    endpoint: str
    state: str
    caller: str
    context: str
    application: str
    bridge_id: str
    seconds: int

    @classmethod
    def from_message(cls, message: Message) -> "Channel":
        """From a CoreShowChannel entry, or any channel event."""
        name = message.get("Channel")
        return cls(
            name=name,
            unique_id=message.get("Uniqueid"),
            linked_id=message.get("Linkedid"),
            endpoint=endpoint_of(name),
            state=message.get("ChannelStateDesc"),
            caller=message.get("CallerIDNum"),
            context=message.get("Context"),
            application=message.get("Application"),
            bridge_id=message.get("BridgeId"),
            seconds=_seconds(message.get("Duration")),
        )


def endpoint_of(channel: str) -> str:
    """The endpoint of a channel's name: `PJSIP/trunk-telkom-a-0000001f` is of `trunk-telkom-a`."""
    return channel.partition("/")[2].rpartition("-")[0]


def endpoint_states(client: AmiClient) -> tuple[EndpointState, ...]:
    """The state of every phone and trunk that Asterisk knows one of; raises AmiError."""
    found = (EndpointState.from_message(message) for message in client.list_action("DeviceStateList"))
    return tuple(state for state in found if state is not None)


def contacts(client: AmiClient, endpoint: str) -> tuple[Contact, ...]:
    """Where an endpoint is, registered and configured places alike; none for an endpoint that Asterisk does not have.

    PJSIPShowContacts would leave out the configured ones.
    """
    try:
        details = client.list_action("PJSIPShowEndpoint", (("Endpoint", endpoint),))
    except AmiRefusedError:
        return ()
    return tuple(Contact.from_message(message) for message in details if message.event == "ContactStatusDetail")


def channels(client: AmiClient) -> tuple[Channel, ...]:
    """Every channel that is up; raises AmiError."""
    return tuple(Channel.from_message(message) for message in client.list_action("CoreShowChannels"))


def _device_state(text: str) -> DeviceState:
    return DeviceState(text) if text in DeviceState.__members__ else DeviceState.UNKNOWN


def _contact_status(text: str) -> ContactStatus:
    known = {status.value: status for status in ContactStatus}
    return known.get(text, ContactStatus.UNKNOWN)


def _milliseconds(microseconds: str) -> float | None:
    return int(microseconds) / 1000 if microseconds.isascii() and microseconds.isdigit() and int(microseconds) else None


def _seconds(clock: str) -> int:
    """`hh:mm:ss`."""
    parts = clock.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return 0
    hours, minutes, seconds = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds
