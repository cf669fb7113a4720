"""Which family a modem is of, asked before anything that families differ in."""

from __future__ import annotations

from hardware.modem.families import Family, family_of
from hardware.modem.transport.link import Link
from hardware.modem.transport.optional import ask_optional


def identify(link: Link) -> Family:
    """Ask who made it, and send what its family must have before anything else."""
    manufacturer, model = (" ".join(ask_optional(link, command).lines) for command in ("AT+CGMI", "AT+CGMM"))
    family = family_of(manufacturer, model)
    for command in family.early:
        ask_optional(link, command)
    return family
