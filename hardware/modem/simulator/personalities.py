"""The personalities by name: the families that the driver's table knows, and two habits that any family may have."""

from __future__ import annotations

from hardware.modem.simulator.errors import SimulatorError
from hardware.modem.simulator.personality import GENERIC, Chatter, Personality, Said

HUAWEI = Personality(
    name="huawei",
    manufacturer="huawei",
    model="E173",
    first_index=0,
    unknown="COMMAND NOT SUPPORT",
    chatter=Chatter("^RSSI: 19", stopped_by="AT^CURC=0"),
    tells_full=True,
    starts_anew_on=frozenset({"AT^RESET"}),
    packed_ussd=True,
    knows=frozenset({"^CURC", "^PORTSEL"}),
)
ZTE = Personality(
    name="zte",
    manufacturer="ZTE INCORPORATED",
    model="MF190",
    chatter=Chatter("+ZUSIMR:2", stopped_by="AT+CPMS?", limit=60),
)
QUECTEL = Personality(
    name="quectel",
    manufacturer="Quectel",
    model="EC25",
    boot=(
        Said(0.1, "RDY"),
        Said(0.2, "+CFUN: 1"),
        Said(0.2, "+CPIN: READY"),
        Said(0.3, "+QUSIM: 1"),
        Said(1.2, "+QIND: SMS DONE"),
        Said(1.3, "+QIND: PB DONE"),
    ),
    ready_after_s=1.2,
    tells_on=2,
    told_here_by='AT+QURCCFG="URCPORT","USBAT"',
    knows=frozenset({"+QURCCFG"}),
)
SIMCOM = Personality(
    name="simcom",
    manufacturer="SIMCOM_Ltd",
    model="SIMCOM_SIM800L",
    memories=("SM", "ME"),
    boot=(
        Said(0.1, "RDY"),
        Said(0.2, "+CFUN: 1"),
        Said(0.3, "+CPIN: READY"),
        Said(0.8, "Call Ready"),
        Said(1.2, "SMS Ready"),
    ),
    ready_after_s=1.2,
    not_ready="ERROR",
)
TELIT = Personality(
    name="telit",
    manufacturer="Telit",
    model="LE910-EUG",
    ready_after_s=1.2,
    not_ready="+CMS ERROR: 330",
    starts_anew_on=frozenset({"AT#REBOOT"}),
    knows=frozenset({"#QSS"}),
)
WAVECOM = Personality(
    name="wavecom",
    manufacturer=" WAVECOM MODEM",
    model=" MULTIBAND  900E  1800",
    memories=("SM", "SR"),
    bare=frozenset({"AT+CPIN?"}),
    boot=(Said(0.1, "+WIND: 1"), Said(0.3, "+WIND: 7"), Said(1.2, "+WIND: 4")),
    ready_after_s=1.2,
    not_ready="+CMS ERROR: 515",
    functions=frozenset({"0", "1"}),
    starts_anew_on=frozenset({"AT+CFUN=1", "AT+CFUN=1,1"}),
)
NUMERIC = Personality(name="numeric", manufacturer="Siaga", model="Generic GSM, profile ATV0", numeric=True)
ECHOING = Personality(
    name="echoing", manufacturer="Siaga", model="Generic GSM, ATE0 unheard", mute=frozenset({"ATE0", "ATZ"})
)

PERSONALITIES = {one.name: one for one in (GENERIC, HUAWEI, ZTE, QUECTEL, SIMCOM, TELIT, WAVECOM, NUMERIC, ECHOING)}


def personality_of(name: str) -> Personality:
    """Give the personality of that name. Raises SimulatorError, which lists them all."""
    try:
        return PERSONALITIES[name]
    except KeyError:
        raise SimulatorError(f"{name!r} is no personality: {', '.join(PERSONALITIES)}") from None
