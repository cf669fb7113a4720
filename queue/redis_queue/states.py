"""The life of an operator, as a table.

Lua changes the states (`lua/pool_operators.lua`), so that each change is atomic; this table says which changes may be.
An operator without a call *rests*: available when on duty, reachable and not paused, or in use when the phone is;
paused when on duty, reachable and paused; offline else. What a call does to an operator depends on the cause alone,
save that its end leads to where the operator rests: whoever logged out or paused during a call is offline or paused
after it. Who was paused for not answering, and for nothing else, is claimed all the same when there is nobody else; and
so is, at the end of a call, who asked during it to go.
"""

from collections.abc import Mapping
from enum import StrEnum


class OperatorState(StrEnum):
    """What an operator is doing."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    RESERVED = "reserved"  # a call has the claim, the phone does not ring yet
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    IN_USE = "in_use"  # the phone has a call that the pool knows nothing of: a second line, one that the operator made


OFF_DUTY = "off_duty"
"""The reason of who is offline for never having logged in, or for having logged out."""


class Cause(StrEnum):
    """Why an operator's state changed."""

    LOGIN = "login"
    LOGOUT = "logout"
    PAUSE = "pause"
    RESUME = "resume"
    IN_USE = "in_use"
    NOT_IN_USE = "not_in_use"
    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    ROSTER = "roster"  # the configuration changed
    CLAIMED = "claimed"  # by a call that asked
    ASSIGNED = "assigned"  # to a call that waited
    RINGING = "ringing"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    CHANUNAVAIL = "chanunavail"
    CONGESTION = "congestion"
    PASSED_OVER = "passed_over"  # the call asks for somebody else
    LEFT_LINE = "left_line"  # the call asks for nobody any more
    TAKEN_OVER = "taken_over"  # another operator has the call
    ENDED = "ended"
    LEASE_OVER = "lease_over"  # nobody renewed it: its script or its channel is gone
    WRAP_UP_OVER = "wrap_up_over"
    BAR_OVER = "bar_over"  # a phone that could not be rung may be tried again


_S = OperatorState
_C = Cause
_REST = frozenset({_S.OFFLINE, _S.AVAILABLE, _S.PAUSED, _S.IN_USE})
_NOT_RUNG = _REST - {_S.AVAILABLE}
_TALKING = frozenset({_S.TALKING})
_RESERVED = frozenset({_S.RESERVED})

_WISHES = dict.fromkeys((_C.LOGIN, _C.LOGOUT, _C.PAUSE, _C.RESUME, _C.REACHABLE, _C.UNREACHABLE, _C.ROSTER), _REST)
_NEVER_ANSWERED = {
    _C.ANSWERED: _TALKING,
    **dict.fromkeys((_C.NO_ANSWER, _C.PASSED_OVER, _C.LEFT_LINE, _C.TAKEN_OVER, _C.ENDED, _C.LEASE_OVER), _REST),
    **dict.fromkeys((_C.BUSY, _C.CHANUNAVAIL, _C.CONGESTION), _NOT_RUNG),
}
_FREE = {_C.CLAIMED: _RESERVED, _C.ASSIGNED: _RESERVED, _C.ANSWERED: _TALKING}

TRANSITIONS: Mapping[OperatorState, Mapping[Cause, frozenset[OperatorState]]] = {
    # Claimed out of these two, when nobody else is there: who was paused for not answering, or asked to go in a call.
    _S.OFFLINE: {**_WISHES, **_FREE, _C.BAR_OVER: _REST},
    _S.PAUSED: {**_WISHES, **_FREE},
    _S.AVAILABLE: {**_WISHES, **_FREE, _C.IN_USE: frozenset({_S.IN_USE})},
    _S.IN_USE: {**_WISHES, _C.NOT_IN_USE: _REST, _C.ANSWERED: _TALKING},
    _S.RESERVED: {**_NEVER_ANSWERED, _C.RINGING: frozenset({_S.RINGING})},
    _S.RINGING: _NEVER_ANSWERED,
    _S.TALKING: {
        _C.ENDED: _REST | {_S.WRAP_UP},
        _C.ANSWERED: _TALKING,  # another call: the end of the one before was not seen
        _C.TAKEN_OVER: _REST | {_S.WRAP_UP},
        _C.LEASE_OVER: _REST,
        _C.CHANUNAVAIL: _NOT_RUNG,  # answered and gone at once: the caller is led on
    },
    _S.WRAP_UP: {**_WISHES, **_FREE, _C.WRAP_UP_OVER: _REST},
}


def is_legal(before: OperatorState, cause: Cause, after: OperatorState) -> bool:
    """Whether the table has this change."""
    return after in TRANSITIONS[before].get(cause, frozenset())
