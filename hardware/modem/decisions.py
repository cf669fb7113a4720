"""What a refused message means: try again, try another modem, or give it up (TS 27.005 3.2.5 and what it points to)."""

from __future__ import annotations

from hardware.modem.at.results import Final, Kind
from hardware.modem.errors import Decision

_GIVE_UP = frozenset(
    {
        # RP cause, TS 24.011 8.2.5.4: no such number, unknown subscriber, not implemented, wrong in form
        *(1, 28, 30, 69, 81, 95, 96, 97, 98, 99),
        # TP-FCS, TS 23.040 9.2.3.22: the centre cannot do this kind of message, or not to this recipient
        *(*range(128, 160), 176, 195, 196, 197, 198, 199),
        # TS 27.005: the PDU or a parameter of it is wrong
        *(304, 305),
    }
)

_OTHER_MODEM = frozenset(
    {
        # RP cause: barred, call barred, rejected (what a SIM without credit gets), facility rejected, not subscribed
        *(8, 10, 21, 29, 50),
        # TP-FCS: no subscription with the centre
        193,
        # TS 27.005: the modem or its SIM: failed, not allowed, not supported, missing, locked, full, no centre's number
        *(300, 302, 303, 310, 311, 312, 313, 315, 316, 317, 318, 320, 322, 330),
    }
)


def decide(final: Final) -> Decision:
    """Give what to do after a message was refused with `final`. What no table knows may pass: it is tried again."""
    if final.kind is Kind.CME:
        return Decision.OTHER_MODEM
    if final.code in _GIVE_UP:
        return Decision.GIVE_UP
    return Decision.OTHER_MODEM if final.code in _OTHER_MODEM else Decision.RETRY
