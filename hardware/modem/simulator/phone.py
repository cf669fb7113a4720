"""The simulated modem's whole state: card, memories, settings, and its place in the network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hardware.modem.simulator.memory import Memory
from hardware.modem.simulator.network import Network
from hardware.modem.simulator.personality import Personality
from hardware.modem.simulator.replies import CmsError
from hardware.modem.simulator.settings import Settings
from hardware.modem.simulator.sim_card import SimCard

RECEIVING_MEMORIES = ("SM", "ME")  # what <mem2> and <mem3> may be
SIM_PIN_REQUIRED = 311  # TS 27.005 3.2.5

CENTRE = "+6281100000"


class Phone:
    """Everything that command handlers read and change. `now` gives the time, with its offset."""

    def __init__(self, personality: Personality, card: SimCard, now: Callable[[], datetime]) -> None:
        self.personality = personality
        self.card = card
        self.now = now
        self.settings = Settings()
        self.radio = True
        self.signal = 20  # <rssi>, TS 27.007 8.5
        self.centre = CENTRE
        self.memories = {
            "SM": Memory("SM", personality.sim_capacity),
            "ME": Memory("ME", personality.equipment_capacity),
            "SR": Memory("SR", personality.report_capacity),
        }
        self.network = Network(now)

    @property
    def reading(self) -> Memory:
        """<mem1>: where messages are listed, read and deleted."""
        return self.memories[self.settings.reading]

    @property
    def writing(self) -> Memory:
        """<mem2>: where AT+CMGW writes."""
        return self.memories[self.settings.writing]

    @property
    def receiving(self) -> Memory:
        """<mem3>: where messages from the network go."""
        return self.memories[self.settings.receiving]

    @property
    def registered(self) -> bool:
        """Whether the network knows it."""
        return self.radio and self.card.ready

    def require_messages(self) -> None:
        """Raise the error that a message command gets while the card is locked."""
        if not self.card.ready:
            raise CmsError(SIM_PIN_REQUIRED)

    def restart(self) -> None:
        """Forget what power-off forgets; messages stay."""
        self.settings = Settings()
        self.radio = True
        self.card.power_cycle()
