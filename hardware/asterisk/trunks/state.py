"""How a trunk is, from what Asterisk says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hardware.asterisk.ami.client import AmiClient
from hardware.asterisk.ami.views import Contact, ContactStatus, channels, contacts, endpoint_states
from hardware.asterisk.context import trunk_endpoint
from hardware.asterisk.trunks.answers import meaning


class TrunkCondition(StrEnum):
    """Whether a trunk can carry calls."""

    UP = "up"
    DOWN = "down"
    REGISTERING = "registering"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class TrunkState:
    """How a trunk is.

    Attributes:
        reason: why it is not up, in words; empty when it is.
        round_trip_ms: of the last OPTIONS; None when there was no answer, or nobody asks.
        calls: channels on it now.
    """

    name: str
    condition: TrunkCondition
    reason: str
    round_trip_ms: float | None
    calls: int


def trunk_states(
    client: AmiClient, names: Sequence[str], refusals: Mapping[str, int] | None = None
) -> tuple[TrunkState, ...]:
    """How the trunks of these names are, in their order; raises AmiError.

    Args:
        refusals: by trunk, the SIP status code that its registration was last refused with, where it is known.
    """
    registrations = {
        message.get("ObjectName"): message.get("Status")
        for message in client.list_action("PJSIPShowRegistrationsOutbound")
        if message.event == "OutboundRegistrationDetail"
    }
    available = {state.endpoint: state.state.reachable for state in endpoint_states(client)}
    busy = [channel.endpoint for channel in channels(client)]
    return tuple(
        trunk_state(
            name,
            registrations.get(trunk_endpoint(name)),
            contacts(client, trunk_endpoint(name)),
            available=available.get(trunk_endpoint(name), False),
            calls=busy.count(trunk_endpoint(name)),
            refusal=(refusals or {}).get(name),
        )
        for name in names
    )


def trunk_state(
    name: str,
    registration: str | None,
    places: Sequence[Contact],
    *,
    available: bool,
    calls: int,
    refusal: int | None = None,
) -> TrunkState:
    """A trunk's condition from what Asterisk says of it.

    Args:
        registration: `Registered`, `Rejected`, `Unregistered`; None for a trunk that does not register.
        available: whether its device state lets Asterisk dial it.
        refusal: the SIP status code that its registration was last refused with; None: unknown.
    """
    times = [place.round_trip_ms for place in places if place.round_trip_ms is not None]
    statuses = [place.status for place in places]
    condition, reason = _condition(registration, statuses, refusal, available=available)
    return TrunkState(name, condition, reason, min(times, default=None), calls)


def _condition(
    registration: str | None, places: Sequence[ContactStatus], refusal: int | None, *, available: bool
) -> tuple[TrunkCondition, str]:
    if not places:
        return TrunkCondition.DOWN, "Asterisk has no such trunk; its configuration was not taken"
    if registration == "Rejected":
        # Asterisk says so of an operator that does not answer, too.
        why = "refused by the operator" if refusal is None else meaning(refusal)
        return TrunkCondition.REJECTED, f"the registration fails; {why}"
    if not available and ContactStatus.UNREACHABLE in places:
        return TrunkCondition.DOWN, "does not answer OPTIONS: look at host, transport and the firewall"
    if not available:
        return TrunkCondition.DOWN, "has not answered OPTIONS yet"
    if registration not in {None, "Registered"}:
        return TrunkCondition.REGISTERING, "not registered yet"
    return TrunkCondition.UP, ""
