"""The driver's table: what modems of one maker need done differently, and who found that out.

A habit stands here only if the driver must do something about it; each has a personality of the simulator that shows
it. The source beside each is where it was read: a manual that was known by quotations or excerpts alone is said to be.

What concerns every maker is dealt with where it happens: refusals such as COMMAND NOT SUPPORT in `at/results.py`, codes
in `at/urc.py`, a stored profile with ATV0 in `transport/resync.py`, an ATE0 that is never answered in `setup.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadedQuery:
    """A command that tells whether messages can be used, and what it says when they can and when they cannot yet."""

    command: str
    yes: re.Pattern[str]
    no: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Family:
    """One maker's modems, known by what AT+CGMI and AT+CGMM answer.

    `early` is sent before anything else, `here` brings the codes to our port; a refusal of either is no fault. `bare`
    are queries that may be answered without OK. `radio_off` are tried in turn, so are the lines of `reset`.
    """

    name: str
    known_by: re.Pattern[str]
    early: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    loaded: LoadedQuery | None = None
    bare: frozenset[str] = frozenset()
    radio_off: tuple[str, ...] = ("AT+CFUN=4", "AT+CFUN=0")  # TS 27.007 8.2: no radio, else least functionality
    radio_on: str = "AT+CFUN=1"
    reset: tuple[str, ...] = ("AT+CFUN=1,1",)
    packed_ussd: bool = False


def _words(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


GENERIC = Family(name="generic", known_by=_words("$^"))

_FAMILIES = (
    Family(
        name="huawei",
        known_by=_words("huawei"),
        # ^RSSI, ^BOOT and ^DSFLOWRPT come several times a second, also in the middle of answers; ^CURC=0 stops them. It
        # may stop ^SMMEMFULL too: how full the memories are is counted all the same. (gammu atgen.c ATGEN_PostConnect;
        # ModemManager plugins/huawei, mm-plugin-huawei.c "custom init"; https://github.com/gammu/gammu/issues/294)
        early=("AT^CURC=0",),
        # Which of a stick's ports is told of messages (ModemManager mm-broadband-modem-huawei.c, ^PORTSEL). 0 is PCUI,
        # the port that /dev/serial/by-id shows as if02; as the modem port it is polled anyway.
        here=("AT^PORTSEL=0",),
        # ModemManager mm-broadband-modem-huawei.c, modem_reset; else as chan_dongle does (at_command.c, AT+CFUN=1,1).
        reset=("AT^RESET", "AT+CFUN=1,1"),
        # USSD strings are septets in hex both ways, whatever +CSCS says; in plain text the code is an ERROR.
        # (https://github.com/gammu/gammu/issues/294, gammu F_ENCODED_USSD: "against GSM specs, but Huawei seems to use
        # this"; https://github.com/wdoekes/asterisk-chan-dongle/issues/29)
        packed_ussd=True,
    ),
    Family(
        name="zte",
        known_by=_words("zte", r"\bMF[0-9]{3}"),  # sticks of theirs name the chip's maker in +CGMI
        # +ZUSIMR:2 floods the line until the device's buffer is full and it crashes; asking for the memories stops it.
        # (ModemManager plugins/zte, mm-plugin-zte.c custom_at_probe and mm-broadband-modem-zte.c after_sim_unlock)
        early=("AT+CPMS?",),
    ),
    Family(
        name="quectel",
        known_by=_words("quectel"),
        # Codes are told on one port alone, by the factory's choice not always the one that answers commands.
        # (https://github.com/zabsalahid/serialport-gsm/issues/12, issues/14, where owners tell it; the values are of
        # AT+QURCCFG in the EC25&EC21 AT Commands Manual, known by others' quotations alone.)
        here=('AT+QURCCFG="urcport","usbat"',),
        # Messages can be used after +QIND: SMS DONE only (the table of URCs in the EC2x&EG9x AT Commands Manual, known
        # by others' quotations alone): `at/urc.py`.
    ),
    Family(
        name="simcom",
        known_by=_words("simcom"),
        # AT+CMGF is an ERROR until SMS Ready, some seconds after +CPIN: READY: waited for in `loading.py`.
        # (https://github.com/Seeed-Studio/GPRS_SIM900/issues/39)
        reset=("AT+CFUN=1,1", "AT+CRESET"),  # ModemManager plugins/simtech, mm-broadband-modem-simtech.c
    ),
    Family(
        name="telit",
        known_by=_words("telit"),
        # Unlocked (2) is not yet loaded (3: "SMS and phonebook access are possible"): AT#QSS on page 182 of the AT
        # Commands Reference Guide 80617ST10991A Rev. 4, for ME310G1, ME910G1 and ML865G1; that page alone was read, and
        # other models are taken to agree. Old ones say 1, "SIM inserted", and never more (page 169 of the GM862 Product
        # Description 1vv0300604): it tells nothing here.
        loaded=LoadedQuery(
            "AT#QSS?",
            yes=re.compile(r"#QSS\s*:\s*[0-9]\s*,\s*3\b"),
            no=re.compile(r"#QSS\s*:\s*[0-9]\s*,\s*[02]\b"),
        ),
        reset=("AT#REBOOT", "AT+CFUN=1,1"),  # ModemManager plugins/telit, mm-broadband-modem-telit.c
    ),
    Family(
        name="wavecom",
        known_by=_words("wavecom"),
        # The answer to AT+CPIN? ends without OK (the M1306 of https://github.com/faucamp/python-gsmmodem/issues/19; an
        # excerpt of the WAVECOM GSM Modem user manual G900, 2.3, has it so too).
        bare=frozenset({"AT+CPIN?"}),
        # It knows functionality 0 and 1 alone (the same M1306), and +CFUN=1 without a second value restarts it
        # (ModemManager plugins/wavecom, mm-broadband-modem-wavecom.c modem_power_up). Until +WIND: 4 it answers 515.
        # (https://github.com/gammu/gammu/issues/93)
        radio_on="AT+CFUN=1,0",
    ),
)


def family_of(manufacturer: str, model: str) -> Family:
    """Give the family of a modem by its answers to AT+CGMI and AT+CGMM; the generic one when no table knows it."""
    return next((one for one in _FAMILIES if one.known_by.search(f"{manufacturer} {model}")), GENERIC)
