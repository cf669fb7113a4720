"""What AMI events mean: for the operator pool, and as facts of a call. Pure: messages in, operations out.

    event                       meaning
    Newchannel                  a call comes in by a trunk
    DeviceStateChange           an operator's phone is there, or is not; it has a call, or has not
    DialBegin                   an operator's phone is rung for a call
    UserEvent Siaga112Answered  somebody talks with the caller
    UserEvent Siaga112Fallback  the dialplan goes on alone: somebody is told, and what the pool held is free
    UserEvent Siaga112Ended     the call is over
    UserEvent Siaga112Led       a caller was led on to somebody, who is there
    AttendedTransfer            the same, by a phone that asked by a second call of its own
    UserEvent Siaga112Busy      an operator's phone is in a call that is no caller's, or beside another operator
    UserEvent Siaga112Free      not any more
    UserEvent Siaga112CalledBack  somebody was called back, and answered or did not
    ChannelTalkingStart         a caller made a sound
    DTMFEnd                     a caller pressed a key
    CoreShowChannels            all of this at once, after a reconnect and from time to time

Callers choose some of the values. An endpoint counts only as an operator of the roster, the rest is text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from hardware.asterisk.ami import Message
from hardware.asterisk.ami.views import EndpointState, endpoint_of
from hardware.asterisk.context import TRUNK_PREFIX
from ivr.call import node_of
from ivr.operations import (
    Alive,
    Answered,
    Began,
    Ended,
    FailedOpen,
    Freed,
    Left,
    Missing,
    Occupied,
    Operation,
    Reached,
    Renew,
    Ringing,
    SetPhone,
    Tell,
    Unanswered,
)
from redis_queue.fail_opens import FailOpenReason
from redis_queue.operators import OperatorStatus
from redis_queue.states import OperatorState
from tickets.calls.acts import CalledBack
from tickets.calls.facts import CallFact
from tickets.vocabulary import CallFactKind, Outcome

# AST_STATE_* of a channel (asterisk/channelstate.h).
CHANNEL_RINGING = "5"
CHANNEL_UP = "6"

TRUNK_CHANNEL = f"PJSIP/{TRUNK_PREFIX}"

_CHANNEL = re.compile(r"PJSIP/(?P<endpoint>.+)-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Watch:
    """Reads one Asterisk's events. `extensions`: the operators; `node`: the site's, "" where there is one machine."""

    extensions: frozenset[str]
    node: str

    def event(self, message: Message, at: datetime) -> tuple[Operation, ...]:
        """What an event means; nothing for one that is none of ours. `at`: when it came."""
        name, meanings = message.event, _MEANINGS
        if name == "UserEvent":
            message, meanings = _own_headers(message), _OWN_MEANINGS
            name = message.get("UserEvent")
        meaning = meanings.get(name)
        return tuple(meaning(self, message, at)) if meaning is not None else ()

    def snapshot(
        self, channels: Iterable[Message], held: Sequence[OperatorStatus], known: Set[str]
    ) -> tuple[Operation, ...]:
        """What the rows of CoreShowChannels mean beside what the pool holds and the calls that are `known` to be up.

        Both must have been taken before the channels: then a call of theirs that has no channel is over.
        """
        rows = list(channels)
        alive = dict.fromkeys(call_id for row in rows for call_id in (row.get("Linkedid"), row.get("Uniqueid")))
        mine = {status.call_id for status in held if status.call_id is not None and self._is_here(status.call_id)}
        # What operators dialled themselves is in the pool, too; no caller is lost with it.
        freed, missing = sorted(mine - alive.keys()), sorted(known - alive.keys())
        talking = {(status.extension, status.call_id) for status in held if status.state is OperatorState.TALKING}
        incoming = {row.get("Uniqueid") for row in rows if _is_incoming(row)}
        # A leg of what another phone dialled is no caller's.
        legs = [leg for row in rows if (leg := self._leg(row)) is not None and leg.call_id in incoming]
        calls = [_began(row) for row in rows if _is_incoming(row) and row.get("Uniqueid") not in known]
        renew = Renew(tuple(sorted(mine & alive.keys())))
        return (*calls, *_news_of(legs, talking, incoming), renew, *map(Ended, freed), *map(Missing, missing))

    def lost(self, missing: Iterable[str], at: datetime) -> tuple[Operation, ...]:
        """Of calls that are missing for so long that no end will come: nobody saw one, as when Asterisk was killed."""
        facts = (CallFact(call_id=call_id, kind=CallFactKind.LOST, at=at) for call_id in sorted(missing))
        return tuple(map(Tell, facts))

    # -- what each means

    def _new_channel(self, message: Message, _at: datetime) -> list[Operation]:
        return [_began(message)] if _is_incoming(message) else []

    def _device_state(self, message: Message, _at: datetime) -> list[Operation]:
        device = EndpointState.from_message(message)
        if device is None or device.endpoint not in self.extensions:
            return []
        return [SetPhone(device.endpoint, device.state.reachable, device.state.in_use)]

    def _dial_begin(self, message: Message, _at: datetime) -> list[Operation]:
        extension, call_id = self._operator(message.get("DestChannel")), message.get("Uniqueid")
        return [Ringing(extension, call_id)] if extension and call_id else []

    def _answered(self, message: Message, at: datetime) -> list[Operation]:
        call_id, endpoint = message.get("CallID"), message.get("Operator")
        if not call_id:
            return []
        operator = endpoint if endpoint in self.extensions else None  # else an outside number, by a trunk
        fact = CallFact(
            call_id=call_id,
            kind=CallFactKind.ANSWERED,
            at=at,
            operator=operator,
            fallback=_flag(message, "Fallback"),
        )
        return [*([Answered(operator, call_id)] if operator else []), Tell(fact)]

    def _fallback(self, message: Message, _at: datetime) -> list[Operation]:
        call_id = message.get("CallID")
        return [FailedOpen(call_id, _reason(message.get("Reason"))), Left(call_id)] if call_id else []

    def _ended(self, message: Message, at: datetime) -> list[Operation]:
        call_id = message.get("CallID")
        if not call_id:
            return []
        answered = _flag(message, "Answered")
        operator = message.get("Operator")
        fact = CallFact(
            call_id=call_id,
            kind=CallFactKind.ENDED,
            at=at,
            caller=message.get("Caller"),
            trunk=message.get("Trunk"),
            language=message.get("Language"),
            category=message.get("Category"),
            operator=operator if answered and operator in self.extensions else None,
            fallback=_flag(message, "Fallback"),
            answered=answered,
        )
        unanswered = [] if answered else [Unanswered(call_id, at)]
        return [Ended(call_id), Tell(fact), *unanswered]

    def _led(self, message: Message, at: datetime) -> list[Operation]:
        return self._led_on(message.get("CallID"), message.get("Operator"), message.get("To"), at)

    def _attended_transfer(self, message: Message, at: datetime) -> list[Operation]:
        # Empty where the operator asked by key: of those the dialplan tells (Siaga112Led).
        target = message.get("SecondTransfererExten")
        if message.get("Result") != "Success" or not target:
            return []
        operator = self._operator(message.get("OrigTransfererChannel"))
        return self._led_on(message.get("OrigTransfererLinkedid"), operator, target, at)

    def _led_on(self, call_id: str, operator: str, target: str, at: datetime) -> list[Operation]:
        if not call_id:
            return []
        inside = target in self.extensions
        fact = CallFact(
            call_id=call_id,
            kind=CallFactKind.TRANSFERRED,
            at=at,
            operator=target if inside else None,
            actor=f"operator:{operator}",
            detail=target,
            outcome=None if inside else Outcome.TRANSFERRED,
        )
        return [Answered(target, call_id) if inside else Freed(call_id, wraps_up=True), Tell(fact)]

    def _busy(self, message: Message, _at: datetime) -> list[Operation]:
        extension, call_id = message.get("Operator"), message.get("CallID")
        return [Occupied(extension, call_id)] if extension in self.extensions and call_id else []

    def _free(self, message: Message, _at: datetime) -> list[Operation]:
        call_id = message.get("CallID")
        return [Freed(call_id, wraps_up=False)] if call_id else []

    def _called_back(self, message: Message, at: datetime) -> list[Operation]:
        operator, number = message.get("Operator"), message.get("Number")
        if operator not in self.extensions or not number:
            return []
        act = CalledBack(operator=operator, number=number, answered=_flag(message, "Answered"), at=at)
        return [*([Reached(operator)] if act.answered else []), Tell(act)]

    def _alive(self, message: Message, _at: datetime) -> list[Operation]:
        heard = message.event != "DTMFEnd" or message.get("Direction") == "Received"
        return [Alive(message.get("Uniqueid"))] if heard and _is_incoming(message) else []

    def _leg(self, row: Message) -> Ringing | Answered | None:
        """An operator's channel in somebody's call."""
        extension, call_id = self._operator(row.get("Channel")), row.get("Linkedid")
        if not extension or not call_id or call_id == row.get("Uniqueid"):
            return None
        if row.get("ChannelState") == CHANNEL_UP:
            return Answered(extension, call_id)
        return Ringing(extension, call_id) if row.get("ChannelState") == CHANNEL_RINGING else None

    def _operator(self, channel: str) -> str:
        found = _CHANNEL.fullmatch(channel)
        return found["endpoint"] if found is not None and found["endpoint"] in self.extensions else ""

    def _is_here(self, call_id: str) -> bool:
        """Whether the call is this machine's, whose channels we see."""
        return not self.node or node_of(call_id) == self.node


def _news_of(
    legs: Iterable[Ringing | Answered], talking: Set[tuple[str, str | None]], incoming: Set[str]
) -> Iterator[Operation]:
    """Who went out of a call that goes on with others; and legs that the pool does not know of.

    Who asks another operator for a caller has both in the call; until it is led on, the caller is the asker's.
    """
    known = {(leg.extension, leg.call_id) for leg in legs} & talking
    theirs = {call_id for _, call_id in known}
    for _, call_id in sorted(talking - known, key=str):
        if call_id is not None and call_id in incoming:
            yield Freed(call_id, wraps_up=True)
    yield from (leg for leg in legs if not isinstance(leg, Answered) or leg.call_id not in theirs)


def _own_headers(message: Message) -> Message:
    """A UserEvent from its name on: before that stand the channel's own headers, one of them `Language`."""
    names = [name for name, _ in message.headers]
    return Message(message.headers[names.index("UserEvent") :] if "UserEvent" in names else ())


def _is_incoming(channel: Message) -> bool:
    """Whether it is a caller's channel: by a trunk, and not dialled for another call."""
    return channel.get("Channel").startswith(TRUNK_CHANNEL) and channel.get("Uniqueid") == channel.get("Linkedid")


def _reason(text: str) -> FailOpenReason:
    return FailOpenReason(text) if text in list(FailOpenReason) else FailOpenReason.OTHER


def _began(channel: Message) -> Began:
    trunk = endpoint_of(channel.get("Channel")).removeprefix(TRUNK_PREFIX)
    return Began(channel.get("Uniqueid"), channel.get("CallerIDNum"), trunk)


def _flag(message: Message, name: str) -> bool:
    return message.get(name) == "1"


_Meanings = Mapping[str, Callable[[Watch, Message, datetime], list[Operation]]]

_MEANINGS: _Meanings = {
    "Newchannel": Watch._new_channel,
    "DeviceStateChange": Watch._device_state,
    "DialBegin": Watch._dial_begin,
    "AttendedTransfer": Watch._attended_transfer,
    "ChannelTalkingStart": Watch._alive,
    "DTMFEnd": Watch._alive,
}

_OWN_MEANINGS: _Meanings = {
    "Siaga112Answered": Watch._answered,
    "Siaga112Fallback": Watch._fallback,
    "Siaga112Ended": Watch._ended,
    "Siaga112Led": Watch._led,
    "Siaga112Busy": Watch._busy,
    "Siaga112Free": Watch._free,
    "Siaga112CalledBack": Watch._called_back,
}

EVENTS = frozenset({*_MEANINGS, "UserEvent"})
"""What a `Watch` wants to be told."""
