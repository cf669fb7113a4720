"""Begins a recording anew when an operator has led the caller on to somebody else.

Debian's Asterisk leaves out of a recording, for minutes, a voice whose RTP sequence numbers begin lower than those of
the voice before. A MixMonitor that is begun anew hears everybody. Where the dialplan rings somebody it does that
itself; of an operator who hangs up and leaves the caller with a colleague it only tells.
"""

import time

from hardware.asterisk.ami import AmiClient, AmiError, Message
from siaga112 import log

_FORGETTING_S = 0.06
"""Three speech packets: with the first after a recording's end a channel forgets how it translated. No event tells."""

_log = log.get(__name__)


class RecordingRenewal:
    """An AMI listener of its own, so that its pause keeps the operators' events not waiting."""

    def __init__(self) -> None:
        self._client: AmiClient | None = None

    def on_ready(self, client: AmiClient) -> None:
        """Act by it from here on; who was led on meanwhile is recorded as it went."""
        self._client = client

    def on_event(self, event: Message) -> None:
        """Begin anew when somebody was led on."""
        if event.get("UserEvent") != "Siaga112Led" or self._client is None:
            return
        call_id = event.get("CallID")
        try:
            _renew(self._client, call_id)
        except AmiError as error:
            _log.warning("recording.not_renewed", call_id=call_id, reason=str(error))

    def on_lost(self, error: AmiError) -> None:
        """Wait for the next connection."""
        self._client = None


def _renew(client: AmiClient, call_id: str) -> None:
    caller = ("Channel", call_id)
    file = client.action("Getvar", (caller, ("Variable", "SIAGA112_RECORDING"))).get("Value")
    if not file:
        return
    client.action("StopMixMonitor", (caller,))
    time.sleep(_FORGETTING_S)
    client.action("MixMonitor", (caller, ("File", file), ("Options", "ab")))
