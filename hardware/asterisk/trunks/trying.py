"""Placing a call by one trunk, and waiting for what is learned."""

import threading
import time

from hardware.asterisk.ami.client import AmiClient
from hardware.asterisk.ami.errors import AmiDisconnectedError, AmiError, AmiTimeoutError
from hardware.asterisk.ami.protocol import Message
from hardware.asterisk.process import ManagedAsterisk
from hardware.asterisk.trunks.trial import LIMIT_S, TALK_S, Trial, learned, trial_context

_READY_S = 3.0


def try_call(asterisk: ManagedAsterisk, trunk: str, number: str) -> Trial:
    """Call a number, written as this trunk's operator wants it; what was learned once it is over.

    Raises:
        AmiError: Asterisk tells nothing.
        CommandFailedError: its console does not answer.
    """
    heard = _Heard()
    with AmiClient(asterisk.ami, heard) as client:
        if not client.wait_ready(_READY_S):
            raise AmiDisconnectedError("Asterisk does not answer: does `siaga112 up` run?")
        place = f"Local/{number}@{trial_context(trunk)}/n"
        asterisk.command(f"channel originate {place} application MusicOnHold siaga112,{TALK_S}")
        return heard.wait(trunk)


class _Heard:
    """An AMI listener that keeps what it hears."""

    wants = frozenset({"DialBegin", "Hangup", "UserEvent"})

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[Message] = []
        self._lost: AmiError | None = None

    def on_ready(self, client: AmiClient) -> None:
        """Nothing is to be caught up with."""

    def on_event(self, event: Message) -> None:
        """Keep it."""
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def on_lost(self, error: AmiError) -> None:
        """The end of the call will not be told."""
        with self._changed:
            self._lost = error
            self._changed.notify_all()

    def wait(self, trunk: str) -> Trial:
        """What was learned; raises AmiError when Asterisk is lost, or says nothing."""
        deadline = time.monotonic() + LIMIT_S
        with self._changed:
            while (found := learned(self._events, trunk)) is None:
                if self._lost is not None:
                    raise self._lost
                if not self._changed.wait(deadline - time.monotonic()):
                    raise AmiTimeoutError(f"Asterisk told no end of the call within {LIMIT_S:g} s")
            return found
