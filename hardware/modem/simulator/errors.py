"""Errors of the simulator's users: a wrong link, no simulator behind it, a message that cannot be encoded."""

from __future__ import annotations


class SimulatorError(Exception):
    """One line that says what is wrong and what would be right."""
