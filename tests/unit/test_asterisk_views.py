"""AMI's messages as types."""

import pytest

from hardware.asterisk.ami.protocol import Message
from hardware.asterisk.ami.views import (
    Channel,
    Contact,
    ContactStatus,
    DeviceState,
    EndpointState,
    endpoint_of,
)


def message(**headers: str) -> Message:
    """A message with these headers."""
    return Message(tuple(headers.items()))


@pytest.mark.parametrize(
    ("channel", "endpoint"),
    [("PJSIP/1001-00000001", "1001"), ("PJSIP/trunk-telkom-a-0000001f", "trunk-telkom-a"), ("Local", ""), ("", "")],
)
def test_endpoint_of_a_channel(channel: str, endpoint: str) -> None:
    """A name may hold dashes; the last part is the channel's own."""
    assert endpoint == endpoint_of(channel)


@pytest.mark.parametrize(
    ("device", "state", "expected"),
    [
        ("PJSIP/1001", "BUSY", EndpointState("1001", DeviceState.BUSY)),
        ("PJSIP/1001", "SOMETHING NEW", EndpointState("1001", DeviceState.UNKNOWN)),
        ("Queue:siaga112_avail", "INUSE", None),
        ("PJSIP/", "INUSE", None),
    ],
)
def test_endpoint_state(device: str, state: str, expected: EndpointState | None) -> None:
    """Only PJSIP endpoints count; a state that is not known is said to be so."""
    assert expected == EndpointState.from_message(message(Event="DeviceStateChange", Device=device, State=state))


def test_reachable_states() -> None:
    """A phone that is busy is there, one that is unavailable or unknown is not."""
    gone = {state for state in DeviceState if not state.reachable}

    assert {DeviceState.UNKNOWN, DeviceState.INVALID, DeviceState.UNAVAILABLE} == gone


@pytest.mark.parametrize(
    ("status_header", "microseconds", "round_trip"),
    [("ContactStatus", "1100", 1.1), ("Status", "N/A", None), ("Status", "0", None), ("Status", "", None)],
)
def test_contact(status_header: str, microseconds: str, round_trip: float | None) -> None:
    """The event and the list call the status by different names; a time that is none is None."""
    headers = {
        "EndpointName": "1001",
        "URI": "sip:1001@192.0.2.1",
        status_header: "Reachable",
        "RoundtripUsec": microseconds,
    }

    assert Contact("1001", "sip:1001@192.0.2.1", ContactStatus.REACHABLE, round_trip) == Contact.from_message(
        message(**headers)
    )


@pytest.mark.parametrize(("duration", "seconds"), [("01:02:03", 3723), ("00:00:00", 0), ("", 0), ("1:x:2", 0)])
def test_channel(duration: str, seconds: int) -> None:
    """A channel's age is read; a clock that cannot be is 0."""
    channel = Channel.from_message(message(Channel="PJSIP/1001-1", Uniqueid="2.1", Linkedid="2.0", Duration=duration))

    assert ("1001", "2.1", "2.0", seconds) == (channel.endpoint, channel.unique_id, channel.linked_id, channel.seconds)
