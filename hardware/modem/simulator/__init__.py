"""A simulated GSM modem on a pseudo-terminal, for tests, demonstrations and drills."""

from hardware.modem.simulator.client import inject, inject_pdu, sent
from hardware.modem.simulator.errors import SimulatorError
from hardware.modem.simulator.modem import SimulatedModem
from hardware.modem.simulator.network import SentMessage
from hardware.modem.simulator.runner import run_simulator

__all__ = ["SentMessage", "SimulatedModem", "SimulatorError", "inject", "inject_pdu", "run_simulator", "sent"]
