"""Begins a recording anew when an operator has led the caller on to somebody else.

Debian's Asterisk leaves out of a recording, for minutes, a voice whose RTP sequence numbers begin lower than those of
the voice before. A MixMonitor that is begun anew hears everybody. Where the dialplan rings somebody it does that
itself; of an operator who hangs up and leaves the caller with a colleague it only tells.
"""

import time
from collections.abc import Callable

from hardware.asterisk.ami import AmiClient, AmiError, AmiRefusedError, Message
from siaga112 import log

_FORGETTING_S = 0.06
"""Three speech packets: with the first after a recording's end a channel forgets how it translated. No event tells."""

_log = log.get(__name__)


class RecordingRenewal:
    """An AMI listener beside the switchboard's, whose events do not wait for the pause of this one."""

    wants = frozenset({"UserEvent"})

    def __init__(self) -> None:
        self._client: AmiClient | None = None
        self._ended: dict[str, str] = {}  # files by calls: ended, and not begun again yet

    def on_ready(self, client: AmiClient) -> None:
        """Act by it from here on, first where the last connection broke off."""
        self._client = client
        for call_id in list(self._ended):
            self._try(self._begin, client, call_id)

    def on_event(self, event: Message) -> None:
        """Begin anew when somebody was led on."""
        client, call_id = self._client, event.get("CallID")
        if event.get("UserEvent") == "Siaga112Led" and client is not None:
            self._try(self._renew, client, call_id)

    def on_lost(self, error: AmiError) -> None:
        """Wait for the next connection."""
        self._client = None

    def _try(self, action: Callable[[AmiClient, str], None], client: AmiClient, call_id: str) -> None:
        try:
            action(client, call_id)
        except AmiRefusedError as error:
            self._ended.pop(call_id, None)
            _log.warning("recording.not_renewed", call_id=call_id, reason=str(error))
        except AmiError as error:
            _log.warning("recording.renewal_waits", call_id=call_id, reason=str(error))

    def _renew(self, client: AmiClient, call_id: str) -> None:
        caller = ("Channel", call_id)
        file = client.action("Getvar", (caller, ("Variable", "SIAGA112_RECORDING"))).get("Value")
        if file:
            self._ended[call_id] = file
            client.action("StopMixMonitor", (caller,))
            time.sleep(_FORGETTING_S)
            self._begin(client, call_id)

    def _begin(self, client: AmiClient, call_id: str) -> None:
        client.action("MixMonitor", (("Channel", call_id), ("File", self._ended[call_id]), ("Options", "ab")))
        del self._ended[call_id]
