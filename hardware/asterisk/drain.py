"""Knowing when the last call is over while Asterisk stops: it then refuses every question, but events still come."""

import threading

from hardware.asterisk.ami import AmiClient, AmiError, Message
from hardware.asterisk.ami.views import channels


class CallsLeft:
    """An AMI listener that follows which channels are up."""

    wants = frozenset({"Newchannel", "Hangup"})

    def __init__(self) -> None:
        self.known = threading.Event()
        self.over = threading.Event()
        self._up: set[str] = set()

    @property
    def channels(self) -> int:
        """How many channels are up: a caller's and, where somebody talks with them, another's."""
        return len(self._up)

    def on_ready(self, client: AmiClient) -> None:
        """Look at all channels."""
        self._up = {channel.unique_id for channel in channels(client)}
        self.known.set()
        self._judge()

    def on_event(self, event: Message) -> None:
        """Follow what comes and goes."""
        match event.event:
            case "Newchannel":
                self._up.add(event.get("Uniqueid"))
            case "Hangup":
                self._up.discard(event.get("Uniqueid"))
        self._judge()

    def on_lost(self, error: AmiError) -> None:
        """AMI is closed after the last call."""
        self.over.set()

    def _judge(self) -> None:
        if self._up:
            self.over.clear()
        else:
            self.over.set()
