"""The driver on our own simulated modem: messages, sending, health, over a pty and over TCP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.modem.driver import Modem
from hardware.modem.errors import Decision, LibraryPathError, RefusedError, StaleListingError
from hardware.modem.health import ModemHealth, ModemState, Registration
from hardware.modem.listing import MessageStatus
from hardware.modem.memories import MemoryUse
from hardware.modem.pdu import decode, encode_submit
from hardware.modem.simulator import SimulatedModem
from tests.support.modem_rig import Wake, connected
from tests.support.tcp_bridge import TcpBridge

LONG = "Kebakaran di Jalan Merdeka 12, api sudah besar 🚒 " * 5


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedModem]:
    """A modem that nobody has opened yet."""
    with SimulatedModem(tmp_path / "modem") as modem:
        yield modem


@pytest.fixture
def port(tmp_path: Path, simulated: SimulatedModem) -> str:
    """Where it is."""
    return str(tmp_path / "modem")


@pytest.fixture(params=["pty", "tcp"])
def modem(request: pytest.FixtureRequest, port: str) -> Iterator[Modem]:
    """A connected driver, by either way."""
    if request.param == "pty":
        with connected(port) as driver:
            yield driver
        return
    with TcpBridge(port) as bridge, connected(bridge.url) as driver:
        yield driver


def test_message_wakes_is_listed_and_goes_when_deleted(modem: Modem, simulated: SimulatedModem) -> None:
    """What arrives is there as the network gave it until it is deleted, and then it is gone."""
    simulated.receive("+628123456789", "LAPOR#kebakaran di pasar")

    (stored,) = modem.list_stored()
    assert (MessageStatus.REC_UNREAD, True) == (stored.status, stored.received)
    message = decode(stored.pdu_hex)
    assert (message.number, message.text) == ("+628123456789", "LAPOR#kebakaran di pasar")
    modem.delete(stored.memory, stored.index)
    assert modem.list_stored() == []


def test_arrival_is_told(port: str, simulated: SimulatedModem) -> None:
    """+CMTI wakes the poller at once."""
    wake = Wake()
    with connected(port, wake=wake):
        wake.clear()
        simulated.receive("+628123456789", "tolong")
        assert wake.awaited()


def test_long_text_comes_in_parts_that_join(modem: Modem, simulated: SimulatedModem) -> None:
    """A long text with emoji is several stored PDUs, all of them UCS-2 parts of one message."""
    parts = simulated.receive("+628123456789", LONG)

    messages = [decode(stored.pdu_hex) for stored in modem.list_stored()]
    assert [(part, parts) for part in range(1, parts + 1)] == [
        (message.concat.seq, message.concat.total) for message in messages if message.concat
    ]


def test_rotten_pdus_are_listed_and_can_be_deleted(modem: Modem, simulated: SimulatedModem) -> None:
    """PDU lines that are odd, empty or no hex hide no other message and can be got rid of."""
    rotten = ["0791", "07911", "zz not hex", "", "00" * 5, "FF" * 160]
    simulated.receive("+628111", "sebelum")
    for pdu in rotten:
        simulated.receive_pdu(pdu)
    simulated.receive("+628222", "sesudah")

    before, *bad, after = modem.list_stored()
    assert rotten == [stored.pdu_hex for stored in bad]
    for stored in bad:
        modem.delete(stored.memory, stored.index)
    assert [before.pdu_hex, after.pdu_hex] == [stored.pdu_hex for stored in modem.list_stored()]


def test_hundred_messages_take_few_commands(
    modem: Modem, simulated: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Draining 100 messages from three memories takes at most 1.1 commands for each."""
    for number in range(100):
        simulated.receive("+628123456789", f"pesan {number}")
    modem.list_stored()
    asked: list[str] = []
    link = modem._session._present()
    ask = link.ask
    monkeypatch.setattr(link, "ask", lambda command, *rest: asked.append(command) or ask(command, *rest))

    texts = []
    for stored in modem.list_stored():
        texts.append(decode(stored.pdu_hex).text)
        modem.delete(stored.memory, stored.index)
    assert [f"pesan {number}" for number in range(100)] == texts
    assert len(asked) <= 110, asked
    assert modem.list_stored() == []


def test_only_what_was_listed_can_be_deleted(modem: Modem, simulated: SimulatedModem) -> None:
    """An index that was not in the last listing may be another message: nothing is deleted."""
    simulated.receive("+628123456789", "satu")
    (stored,) = modem.list_stored()

    with pytest.raises(StaleListingError, match="list again"):
        modem.delete("SM", stored.index)
    with pytest.raises(StaleListingError, match="list again"):
        modem.delete(stored.memory, stored.index + 1)
    assert modem.list_stored()[0].pdu_hex == stored.pdu_hex


def test_sent_message_reaches_the_network(modem: Modem, simulated: SimulatedModem) -> None:
    """Each PDU goes out as it is and gives the reference that the modem put into it."""
    (encoded,) = encode_submit("+628123456789", "Terima kasih, laporan diterima.")

    references = [modem.send(encoded.hex, encoded.tpdu_length) for _ in range(3)]
    assert [1, 2, 3] == references
    expected = [("+628123456789", "Terima kasih, laporan diterima.", encoded.hex, number) for number in references]
    assert expected == [(sent.number, sent.text, sent.pdu, sent.reference) for sent in simulated.sent]


def test_delivery_report_comes_back_with_the_reference(modem: Modem) -> None:
    """A report that was asked for is listed like a message, and names the reference it is about."""
    (encoded,) = encode_submit("+628123456789", "Balasan", status_report=True)
    reference = modem.send(encoded.hex, encoded.tpdu_length)

    (stored,) = modem.list_stored()
    report = decode(stored.pdu_hex)
    assert (reference, "+628123456789") == (report.reference, report.number)
    assert 0 == report.status
    modem.delete(stored.memory, stored.index)
    assert modem.list_stored() == []


def test_refused_message_says_what_to_do(modem: Modem) -> None:
    """A PDU that the modem will never take is given up; the line stays usable."""
    with pytest.raises(RefusedError, match="AT\\+CMGS: \\+CMS ERROR: 304") as caught:
        modem.send("00" * 10, 9)

    assert caught.value.decision is Decision.GIVE_UP
    assert modem.imsi == "510101234567890"


def test_what_is_no_pdu_never_reaches_the_line(port: str, simulated: SimulatedModem) -> None:
    """Only an even number of hexadecimal digits is handed to the modem."""
    with connected(port) as modem:
        for pdu in ("", "0", "00 11", "zz", "0011\x1a", "0011\r"):
            with pytest.raises(ValueError, match="hexadecimal"):
                modem.send(pdu, 1)
    assert simulated.sent == ()


def test_health_tells_what_people_ask(modem: Modem, simulated: SimulatedModem) -> None:
    """Signal, network, operator, SIM and how full the memories are."""
    simulated.receive("+628123456789", "satu")

    memories = (MemoryUse("SM", 0, 50), MemoryUse("ME", 1, 255), MemoryUse("SR", 0, 100))
    expected = ModemHealth(
        "test",
        ModemState.UP,
        "",
        -73,
        Registration.HOME,
        "SIAGA SIM",
        imsi="510101234567890",
        number="+628110000112",
        memories=memories,
    )
    health = modem.health()
    assert expected == health
    assert (health.stored, health.capacity) == (1, 405)


def test_library_gives_identity_and_network(modem: Modem) -> None:
    """What python-gsmmodem-new is kept for works over our engine."""
    expected = ("Siaga", "Generic GSM", "1.0", "356938035643809", "SIAGA SIM", "+6281100000", 20)
    seen = (modem.manufacturer, modem.model, modem.revision, modem.imei)
    assert expected == (*seen, modem.networkName, modem.smsc, modem.signalStrength)


def test_paths_that_lose_messages_are_closed(port: str) -> None:
    """The library's own receiving and sending cannot be called by mistake."""
    modem = Modem("test", port, on_wake=lambda: None)
    for method in (
        *("listStoredSms", "processStoredSms", "readStoredSms", "deleteStoredSms", "deleteMultipleStoredSms"),
        *("sendSms", "sendUssd", "dial"),
    ):
        with pytest.raises(LibraryPathError, match="use "):
            getattr(modem, method)()


def test_look_between_listing_and_deleting(tmp_path: Path) -> None:
    """A look at the modem in between makes no index mean another memory's place."""
    with SimulatedModem(tmp_path / "m") as simulated, connected(str(tmp_path / "m")) as modem:
        with modem._session.transaction() as link:
            link.ask('AT+CPMS="SM","SM","SM"')
            simulated.receive("+628123456789", "di SIM, satu")
            simulated.receive("+628123456789", "di SIM, dua")
            link.ask('AT+CPMS="ME","ME","ME"')
            simulated.receive("+628123456789", "di modem, satu")
            simulated.receive("+628123456789", "di modem, dua")
        first, second, *_ = modem.list_stored()
        modem.delete(first.memory, first.index)
        modem.health()
        modem.delete(second.memory, second.index)
        assert ["ME", "ME"] == [one.memory for one in modem.list_stored()]
