"""The driver on a modem that is not ours, knows little and has bad manners."""

from __future__ import annotations

import pytest

from hardware.modem.errors import Decision, ModemSilentError, RefusedError
from hardware.modem.health import ModemState
from hardware.modem.pdu import encode_submit
from hardware.modem.transport import link as link_module
from hardware.modem.transport.deadlines import Deadline
from tests.support.foreign_modem import ForeignModem, Manners
from tests.support.modem_rig import Wake, connected

HELLO = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
BAD = "0791ZZ"

BASIC = Manners().knows

MANNERS = {
    "plain": Manners(),
    "echoes": Manners(echo=True),
    "slow": Manners(delay_s=0.05),
    "one byte at a time": Manners(one_byte=True),
    "echoes byte by byte": Manners(echo=True, one_byte=True),
    "bare line feeds": Manners(line_end=b"\n"),
    "no alpha field": Manners(alpha=""),
    "named alpha field": Manners(alpha=',"Budi, Pak"'),
    "stores in ME": Manners(memories=("ME",)),
    "stores in MT": Manners(memories=("MT",)),
    "two memories": Manners(memories=("ME", "SM")),
    "no choice of memory": Manners(knows=BASIC - {"+CPMS"}),
    "no indications": Manners(knows=BASIC - {"+CNMI"}),
    "no registration, no PIN": Manners(knows=BASIC - {"+CREG", "+CPIN", "+CSQ"}),
    "no reset": Manners(knows=BASIC - {"ATZ"}),
    "refuses to list": Manners(refuses_listing=True),
    "says what it boots": Manners(boot_text=b"\r\nRDY\r\n\r\nCall Ready\r\n\xfe\xff\r\nOK\r\n"),
}


@pytest.mark.parametrize("manners", MANNERS.values(), ids=MANNERS.keys())
def test_every_message_comes_in_and_goes_out(manners: Manners) -> None:
    """Whatever the manners: stored messages come out once and go when deleted, one is sent whole, the state is up."""
    (reply,) = encode_submit("+628123456789", "Laporan diterima")
    with ForeignModem(manners) as foreign, connected(foreign.port) as modem:
        for memory in manners.memories:
            for index, pdu in ((3, HELLO), (7, HELLO[:-2] + "05"), (9, BAD)):
                foreign.store(memory, index, pdu)
        seen = []
        for _ in range(2):  # two memories with the same at the same place show it one after the other
            for stored in modem.list_stored():
                seen.append(stored.pdu_hex)
                modem.delete(stored.memory, stored.index)
        assert sorted([HELLO, HELLO[:-2] + "05", BAD] * len(manners.memories)) == sorted(seen)
        assert [[] for _ in manners.memories] == [foreign.places(memory) for memory in manners.memories]

        assert modem.send(reply.hex, reply.tpdu_length) == 1
        assert [reply.hex] == foreign.bodies
        health = modem.health()
        assert (ModemState.UP, "") == (health.state, health.reason)


def test_arrival_wakes_where_it_can_be_told() -> None:
    """+CNMI is set even when the library's set-up stopped half-way."""
    wake = Wake()
    with ForeignModem(Manners(echo=True)) as foreign, connected(foreign.port, wake=wake) as modem:
        wake.clear()
        foreign.store("SM", 1, HELLO)
        assert wake.awaited()
        assert [HELLO] == [stored.pdu_hex for stored in modem.list_stored()]


def test_message_handed_over_unstored_is_kept_until_deleted() -> None:
    """A +CMT that nobody asked for is listed like a stored message."""
    wake = Wake()
    with ForeignModem() as foreign, connected(foreign.port, wake=wake) as modem:
        wake.clear()
        foreign.say(b"\r\n+CMT: ,24\r\n" + HELLO.encode() + b"\r\n")
        assert wake.awaited()
        (routed,) = modem.list_stored()
        assert routed.pdu_hex == HELLO
        assert modem.list_stored() == [routed]
        modem.delete(routed.memory, routed.index)
        assert modem.list_stored() == []


def test_missing_prompt_leaves_the_modem_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt that never comes is left by ESC: nothing was sent, and the next message goes out."""
    monkeypatch.setattr(link_module, "PROMPT", Deadline(0.3, 0.3))
    (encoded,) = encode_submit("+628123456789", "Laporan diterima")
    with ForeignModem() as foreign, connected(foreign.port) as modem:
        foreign.prompts = False
        with pytest.raises(ModemSilentError):
            modem.send(encoded.hex, encoded.tpdu_length)
        foreign.prompts = True
        assert modem.send(encoded.hex, encoded.tpdu_length) == 1
        assert [encoded.hex] == foreign.bodies


def test_listing_that_nothing_can_replace_is_an_error() -> None:
    """A modem that neither lists nor counts is told to the caller, who tries again."""
    manners = Manners(refuses_listing=True, knows=BASIC - {"+CPMS"})
    with ForeignModem(manners) as foreign, connected(foreign.port) as modem:
        with pytest.raises(RefusedError, match="AT\\+CMGL in the memory: ERROR") as caught:
            modem.list_stored()
        assert caught.value.decision is Decision.RETRY
