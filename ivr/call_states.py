"""The states of a call in our hands, all of them in this one table.

    START      who calls, and is it the first try
    CHALLENGE  "if you need help, press one": only a number that was marked as a prank again and again
    LANGUAGE   "for English, press two": only where the city asks
    MENU       greeting and categories
    CLAIM      ask the pool for an operator
    WAIT       all are busy: music, announcements, and the pool's push
    ROUTE      tell the dialplan whom to ring
    ROUTED     the dialplan has it
    FALLBACK   the dialplan goes on alone
    HUNG_UP    the caller is gone

Two rules: no event ends a call that its caller has not ended, and `POOL_LOST` and `HUNG_UP` may come in every state.
"""

from collections.abc import Mapping
from enum import StrEnum

from ivr.errors import IllegalEventError


class State(StrEnum):
    """Where a call stands."""

    START = "start"
    CHALLENGE = "challenge"
    LANGUAGE = "language"
    MENU = "menu"
    CLAIM = "claim"
    WAIT = "wait"
    ROUTE = "route"
    ROUTED = "routed"
    FALLBACK = "fallback"
    HUNG_UP = "hung_up"


class Event(StrEnum):
    """What happens to it."""

    DIVERTED = "diverted"  # many of this number's calls were marked as pranks
    LANGUAGE_WANTED = "language_wanted"
    CATEGORY_WANTED = "category_wanted"
    TRIED_BEFORE = "tried_before"  # the operator of the try before did not answer; the caller has chosen already
    CHOSEN = "chosen"
    SILENT = "silent"  # no key in time
    OTHER_KEY = "other_key"  # one that nothing lies on: somebody wants a human
    CLAIMED = "claimed"
    BUSY = "busy"
    NO_OPERATOR = "no_operator"  # nobody (else) on duty
    POOL_BLIND = "pool_blind"  # no watcher tells who is free
    WAITED_TOO_LONG = "waited_too_long"
    CLOSING = "closing"  # this server stops
    TOLD = "told"
    POOL_LOST = "pool_lost"
    HUNG_UP = "hung_up"


FINAL = frozenset({State.ROUTED, State.FALLBACK, State.HUNG_UP})

_ALWAYS = {Event.POOL_LOST: State.FALLBACK, Event.HUNG_UP: State.HUNG_UP}

TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.START: {
        Event.DIVERTED: State.CHALLENGE,
        Event.LANGUAGE_WANTED: State.LANGUAGE,
        Event.CATEGORY_WANTED: State.MENU,
        Event.TRIED_BEFORE: State.CLAIM,
        **_ALWAYS,
    },
    State.CHALLENGE: {
        Event.LANGUAGE_WANTED: State.LANGUAGE,
        Event.CATEGORY_WANTED: State.MENU,
        Event.SILENT: State.CLAIM,
        **_ALWAYS,
    },
    State.LANGUAGE: {
        Event.CHOSEN: State.MENU,
        Event.SILENT: State.CLAIM,
        Event.OTHER_KEY: State.CLAIM,
        **_ALWAYS,
    },
    State.MENU: {
        Event.CHOSEN: State.CLAIM,
        Event.SILENT: State.CLAIM,
        Event.OTHER_KEY: State.CLAIM,
        **_ALWAYS,
    },
    State.CLAIM: {
        Event.CLAIMED: State.ROUTE,
        Event.BUSY: State.WAIT,
        Event.NO_OPERATOR: State.FALLBACK,
        Event.POOL_BLIND: State.FALLBACK,
        **_ALWAYS,
    },
    State.WAIT: {
        Event.CLAIMED: State.ROUTE,
        Event.NO_OPERATOR: State.FALLBACK,
        Event.POOL_BLIND: State.FALLBACK,
        Event.WAITED_TOO_LONG: State.FALLBACK,
        Event.CLOSING: State.FALLBACK,
        **_ALWAYS,
    },
    State.ROUTE: {Event.TOLD: State.ROUTED, **_ALWAYS},
}


def after(state: State, event: Event) -> State:
    """The next state. Raises `IllegalEventError` for an event that cannot come there."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalEventError(f"{event} cannot come in {state}") from None
