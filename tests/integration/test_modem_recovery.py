"""What happens to a line: it falls silent, is late, is cut, comes back, starts anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.modem.driver import Modem
from hardware.modem.errors import ModemSilentError, PortLostError, StaleListingError
from hardware.modem.health import ModemState
from hardware.modem.pdu import decode
from hardware.modem.simulator import SimulatedModem
from hardware.modem.transport import deadlines
from hardware.modem.transport.deadlines import Deadline
from hardware.modem.transport.session import Session
from tests.support.foreign_modem import ForeignModem, Manners
from tests.support.modem_rig import Wake, connected
from tests.support.tcp_bridge import TcpBridge

HASTY = Deadline(0.1, 0.1)


def test_late_answer_is_not_taken_for_the_next(tmp_path: Path) -> None:
    """A listing that comes after it was given up is thrown away; each later command has its own answer."""
    with SimulatedModem(tmp_path / "modem", delay_s=0.2) as simulated:
        simulated.receive("+628123456789", "terlambat")
        session = Session(str(tmp_path / "modem"), 115200, lambda urc: None)
        session.open()
        with session.transaction() as link, pytest.raises(ModemSilentError):
            link.ask("AT+CMGL=4", HASTY)

        for command, answer in [("AT+CSQ", "+CSQ: 20,99"), ("AT+CIMI", "510101234567890"), ("AT+CPAS", "+CPAS: 0")]:
            assert (answer,) == session.ask(command).lines[-1:]
        session.close()


def test_nothing_is_asked_in_a_transaction_that_was_cut(tmp_path: Path) -> None:
    """After a time-out the rest of the transaction fails too, so that no index is used in the wrong memory."""
    with SimulatedModem(tmp_path / "modem", delay_s=0.3):
        session = Session(str(tmp_path / "modem"), 115200, lambda urc: None)
        session.open()
        with session.transaction() as link:
            with pytest.raises(ModemSilentError):
                link.ask('AT+CPMS="SM"', HASTY)
            with pytest.raises(ModemSilentError, match="nobody awaited"):
                link.ask("AT+CMGD=1")
        session.close()


def test_unplugged_modem_is_found_again(tmp_path: Path) -> None:
    """The port goes away and comes back: typed errors in between, then everything works without a restart."""
    link = tmp_path / "modem"
    unplugged = SimulatedModem(link)
    unplugged.start()
    with connected(str(link)) as modem:
        unplugged.stop()
        with pytest.raises(PortLostError):
            modem.list_stored()
        health = modem.health()
        assert (ModemState.DOWN, True) == (health.state, str(link) in health.reason)

        with SimulatedModem(link) as again:
            again.receive("+628123456789", "kembali")
            assert ["kembali"] == [decode(stored.pdu_hex).text for stored in modem.list_stored()]
            assert modem.health().state is ModemState.UP


def test_cut_connection_is_made_again(tmp_path: Path) -> None:
    """A port server that drops the connection costs one error at most."""
    with (
        SimulatedModem(tmp_path / "modem") as simulated,
        TcpBridge(str(tmp_path / "modem")) as bridge,
        connected(bridge.url) as modem,
    ):
        bridge.hang_up()
        simulated.receive("+628123456789", "putus")
        texts = _until_listed(modem)
        assert texts == ["putus"]


def _until_listed(modem: Modem) -> list[str | None]:
    for _ in range(3):
        try:
            return [decode(stored.pdu_hex).text for stored in modem.list_stored()]
        except (PortLostError, ModemSilentError):
            continue
    return []


def test_listing_is_void_after_the_modem_started_anew() -> None:
    """After a restart an index may be another message: it is not deleted until it was listed again."""
    wake = Wake()
    with ForeignModem() as foreign, connected(foreign.port, wake=wake) as modem:
        foreign.store("SM", 1, "0791AA")
        (stored,) = modem.list_stored()
        wake.clear()
        foreign.say(b"\r\nRDY\r\n")
        assert wake.awaited()

        with pytest.raises(StaleListingError):
            modem.delete(stored.memory, stored.index)
        assert foreign.places("SM") == [1]
        modem.list_stored()
        modem.delete(stored.memory, stored.index)
        assert foreign.places("SM") == []


def test_delete_whose_answer_was_lost_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The place may be free by now and taken by a new message: that one is not deleted unread."""
    monkeypatch.setitem(deadlines._BY_NAME, "AT+CMGD", HASTY)
    with ForeignModem(mute={"AT+CMGD=1"}) as foreign, connected(foreign.port) as modem:
        foreign.store("SM", 1, "0791AA")
        (stored,) = modem.list_stored()
        with pytest.raises(ModemSilentError):
            modem.delete(stored.memory, stored.index)
        foreign.store("SM", 1, "0791BB")

        with pytest.raises(StaleListingError):
            modem.delete(stored.memory, stored.index)
        assert ["0791BB"] == [one.pdu_hex for one in modem.list_stored()]


def test_silence_at_a_refinement_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A modem that hangs when asked for its memories is read without choosing one."""
    monkeypatch.setattr(deadlines, "QUERY", Deadline(1.0, 1.0))
    with ForeignModem(mute={"AT+CPMS=?"}) as foreign, connected(foreign.port) as modem:
        foreign.store("SM", 1, "0791AA")
        assert ["0791AA"] == [one.pdu_hex for one in modem.list_stored()]


def test_settings_are_asserted_after_a_restart() -> None:
    """A modem that says it started is told again how to speak and what to tell."""
    wake = Wake()
    with ForeignModem() as foreign, connected(foreign.port, wake=wake) as modem:
        foreign.commands.clear()
        wake.clear()
        foreign.say(b"\r\n+CPIN: READY\r\n")
        assert wake.awaited()
        modem.list_stored()

        assert {"ATE0", "AT+CMGF=0", "AT+CNMI=2,1,0,2,0"} <= set(foreign.commands)


def test_a_memory_that_the_modem_names_is_listed_alone() -> None:
    """What it tells of is looked for where it says; a look without a word is one into every memory."""
    wake = Wake()
    with ForeignModem(Manners(memories=("SM", "ME"))) as foreign:
        foreign.store("SM", 1, "0791BB")
        with connected(foreign.port, wake=wake) as modem:
            wake.clear()
            foreign.store("ME", 1, "0791AA")
            assert wake.awaited()
            named = [one.pdu_hex for one in modem.list_stored(told_only=True)]
            everything = {one.pdu_hex for one in modem.list_stored(told_only=True)}

    assert (["0791AA"], {"0791AA", "0791BB"}) == (named, everything)


def test_port_of_another_program_is_not_shared(tmp_path: Path) -> None:
    """A second driver on the same port is refused in one line, and the first goes on."""
    port = str(tmp_path / "modem")
    with SimulatedModem(tmp_path / "modem"), connected(port) as modem:
        second = Modem("second", port, on_wake=lambda: None)
        with pytest.raises(PortLostError, match="lock"):
            second.connect()
        assert modem.health().state is ModemState.UP


@pytest.mark.parametrize("port", ["/nowhere/ttyUSB0", "socket://127.0.0.1:1", "gopher://x"])
def test_port_that_is_not_there(port: str) -> None:
    """A wrong port is one error that names it, and a health of down."""
    modem = Modem("lost", port, on_wake=lambda: None)
    with pytest.raises(PortLostError, match=port):
        modem.connect()
    assert modem.health().state is ModemState.DOWN


def test_closed_modem_stays_closed(tmp_path: Path) -> None:
    """After close nothing opens the port again behind the caller's back."""
    with SimulatedModem(tmp_path / "modem"), connected(str(tmp_path / "modem")) as modem:
        modem.close()
        with pytest.raises(PortLostError, match="closed"):
            modem.list_stored()
