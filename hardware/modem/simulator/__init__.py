"""A simulated GSM modem on pseudo-terminals, for tests, demonstrations and drills."""

from hardware.modem.simulator.client import clear_faults, inject, inject_pdu, order_fault, sent, status
from hardware.modem.simulator.errors import SimulatorError
from hardware.modem.simulator.faults import Fault, FaultKind
from hardware.modem.simulator.modem import SimulatedModem
from hardware.modem.simulator.network import SentMessage
from hardware.modem.simulator.personalities import PERSONALITIES, personality_of

__all__ = [
    "PERSONALITIES",
    "Fault",
    "FaultKind",
    "SentMessage",
    "SimulatedModem",
    "SimulatorError",
    "clear_faults",
    "inject",
    "inject_pdu",
    "order_fault",
    "personality_of",
    "sent",
    "status",
]
