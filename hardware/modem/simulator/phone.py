"""The simulated modem's whole state: card, memories, settings, and its place in the network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from hardware.modem.simulator.faults import Faults
from hardware.modem.simulator.imei import DEFAULT_IMEI
from hardware.modem.simulator.memory import Memory
from hardware.modem.simulator.network import Network
from hardware.modem.simulator.personality import Personality
from hardware.modem.simulator.replies import CmsError, VerbatimError
from hardware.modem.simulator.settings import Settings
from hardware.modem.simulator.sim_card import SimCard

RECEIVING_MEMORIES = ("SM", "ME")  # what <mem2> and <mem3> may be
SIM_PIN_REQUIRED = 311  # TS 27.005 3.2.5

CENTRE = "+6281100000"


class Phone:
    """Everything that command handlers read and change. `now` gives the time, with its offset.

    `ussd` is what the network says to each USSD code; `codes` is what the modem will say by itself next.
    """

    def __init__(
        self,
        personality: Personality,
        card: SimCard,
        now: Callable[[], datetime],
        ussd: Mapping[str, str] = MappingProxyType({}),
        imei: str = DEFAULT_IMEI,
    ) -> None:
        self.personality = personality
        self.card = card
        self.now = now
        self.ussd = dict(ussd)
        self.imei = imei
        self.faults = Faults()
        self.codes: deque[str] = deque()
        self.tells_on = personality.tells_on
        self.chatters = personality.chatter is not None
        self._ready_from = now()
        self.starts = 0
        self.radio = True
        self.covered = True
        self.signal = 20  # <rssi>, TS 27.007 8.5
        self.centre = CENTRE
        capacities = {
            "SM": personality.sim_capacity,
            "ME": personality.equipment_capacity,
            "SR": personality.report_capacity,
        }
        self.memories = {name: Memory(name, capacities[name], personality.first_index) for name in personality.memories}
        self.network = Network(now, card.number)
        self.forget()

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
        return self.radio and self.covered and self.card.ready

    @property
    def receiving_memories(self) -> tuple[str, ...]:
        """What <mem2> and <mem3> may be."""
        return tuple(name for name in RECEIVING_MEMORIES if name in self.memories)

    @property
    def loaded(self) -> bool:
        """Whether the messages on the card can be used yet; after a start that takes a while."""
        return self.now() >= self._ready_from

    def require_loaded(self) -> None:
        """Raise the error that a message command gets while the card is being read."""
        if not self.loaded:
            raise VerbatimError(self.personality.not_ready)

    def require_messages(self) -> None:
        """Raise the error that a message command gets while the card is locked, or being read."""
        if not self.card.ready:
            raise CmsError(SIM_PIN_REQUIRED)
        self.require_loaded()

    def forget(self) -> None:
        """Put every setting back to what the stored profile says (V.250 6.1.1)."""
        memory = self.receiving_memories[-1]  # ME where there is one
        self.settings = Settings(verbose=not self.personality.numeric, reading=memory, writing=memory, receiving=memory)

    def restart(self) -> None:
        """Forget what power-off forgets; messages stay."""
        self.starts += 1
        self.forget()
        self.radio = True
        self.chatters = self.personality.chatter is not None
        self.card.power_cycle()
        self._ready_from = self.now() + timedelta(seconds=self.personality.ready_after_s)
