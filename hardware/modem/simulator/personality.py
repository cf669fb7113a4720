"""What makes one simulated modem differ from another: who made it and how much it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Personality:
    """A model of modem. Capacities are in messages."""

    name: str
    manufacturer: str
    model: str
    revision: str
    sim_capacity: int
    equipment_capacity: int
    report_capacity: int


GENERIC = Personality(
    name="generic",
    manufacturer="Siaga",
    model="Generic GSM",
    revision="1.0",
    sim_capacity=50,
    equipment_capacity=255,
    report_capacity=100,
)
