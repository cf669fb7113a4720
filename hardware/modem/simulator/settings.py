"""What commands set and ATZ or a restart puts back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Indications:
    """+CNMI (TS 27.005 3.4.1). A modem says nothing until it is asked to."""

    mode: int = 0
    mt: int = 0
    bm: int = 0
    ds: int = 0
    bfr: int = 0


@dataclass(slots=True)
class Settings:
    """The volatile state of the modem, as it is after power-on."""

    echo: bool = True
    verbose: bool = True  # ATV, V.250 6.2.6
    cmee: int = 0
    text_mode: bool = False
    indications: Indications = field(default_factory=Indications)
    reading: str = "ME"  # <mem1> of +CPMS
    writing: str = "ME"  # <mem2>
    receiving: str = "ME"  # <mem3>
    registration_detail: dict[str, int] = field(default_factory=dict)  # <n> of +CREG and +CGREG
    operator_format: int = 0  # <format> of +COPS
    tells_ussd: bool = False  # <n> of +CUSD
    kept: dict[str, str] = field(default_factory=dict)  # settings that are only remembered
