"""SMS to a whole running city: each message a ticket, each sender a reply, whatever modem it came by."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.modem.pdu import decode, encode_deliver
from hardware.modem.simulator import sent
from tests.support.sms_city import SmsCity, eventually
from tests.support.stranger_modem import Habits, StrangerModem
from tickets.vocabulary import Direction

COMPLAINT = "LAPOR#kebakaran#Warung terbakar di depan Pasar Rogojampi, api besar, tolong cepat"


def pdus(sender: str, text: str) -> list[str]:
    """What a modem stores of a message."""
    return [part.hex for part in encode_deliver(sender, text, datetime.now(UTC), reference=len(text) % 256)]


def test_simulated_modem(tmp_path: Path) -> None:
    """A message injected into the simulated modem is a ticket, and its sender gets the number."""
    with SmsCity(tmp_path, {"telkomsel-1": "simulator"}) as city:
        injected = city.command(
            "modems", "inject", str(city.link("telkomsel-1")), "--from", "+6281298765432", "--text", COMPLAINT
        )
        city.await_texts({COMPLAINT})
        (ticket,) = city.up.listing("tickets", "list", "--channel", "sms")
        (reply,) = eventually("the reply", lambda: sent(city.link("telkomsel-1")))
        delivered = eventually(
            "the delivery report",
            lambda: [row for row in city.messages(direction=Direction.OUT) if row["state"] == "delivered"],
        )
        (incoming,) = city.up.listing("messages", "list", "--direction", "in")
        (modem,) = city.up.listing("modems", "list")

    assert 0 == injected.returncode, injected.stderr
    assert {
        "channel": "sms",
        "kind": "emergency",
        "category": "kebakaran",
        "priority": 1,
        "status": "new",
        "agencies": ["damkar"],
        "reporter": "+6281298765432",
        "text": COMPLAINT,
        "language": "id",
        "call_id": None,
    } == {key: ticket[key] for key in ticket if key in {
        "channel", "kind", "category", "priority", "status", "agencies", "reporter", "text", "language", "call_id"
    }}  # fmt: skip
    assert ("+6281298765432", True, True) == (
        reply.number,
        ticket["number"] in str(reply.text),
        len(str(reply.text)) <= 160,
    )
    assert [(ticket["number"], "+6281298765432", reply.text)] == [
        (row["ticket"], row["to"], row["text"]) for row in delivered
    ]
    assert ("handled", ticket["number"], "telkomsel-1") == (incoming["state"], incoming["ticket"], incoming["modem"])
    assert {incoming["id"], delivered[0]["id"]} == set(ticket["message_ids"])
    assert ("telkomsel-1", "up", "") == (modem["name"], modem["state"], modem["reason"])
