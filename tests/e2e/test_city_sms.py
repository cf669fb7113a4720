"""SMS to a whole running city: each message a ticket, each sender a reply, whatever modem it came by."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from hardware.modem.pdu import decode, encode_deliver
from hardware.modem.simulator import inject_pdu, sent
from tests.support.eventual import LIMIT_S, eventually
from tests.support.sms_city import SmsCity
from tests.support.stranger_modem import Habits, StrangerModem
from tickets.vocabulary import Direction

COMPLAINT = "LAPOR#kebakaran#Warung terbakar di depan Pasar Rogojampi, api besar, tolong cepat"
LONG = "Dua motor dan satu truk, korban banyak, macet total dari dua arah. 🚑 Mohon ambulans segera. " * 4


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
        inject_pdu(city.link("telkomsel-1"), "0791ZZ")
        (dead,) = eventually("the dead message", lambda: city.up.listing("messages", "dead"))
        retried = city.command("messages", "retry", str(dead["id"]))

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
    assert ("0791ZZ", "not-hex: character 5 is 'Z'", "dead") == (dead["pdu"], dead["reason"], dead["state"])
    assert (1, f"Error: message {dead['id']} still cannot be read: {dead['reason']}\n") == (
        retried.returncode,
        retried.stderr,
    )


STRANGERS = {
    "plain": Habits(),
    "slow": Habits(delay_s=0.05, obeys_ate0=False),
    "no-notification": Habits(tells=False),
    "bare": Habits(blank_lines=False, prompt="> ", without=frozenset({"+CNMI"})),
    "index-from-0": Habits(first_index=0, header='+CMGL: {index},"REC UNREAD",,{length}', reports="+CDS"),
    "no-choice": Habits(without=frozenset({"+CPMS"}), prompt="\r\n>", reports="+CDSI"),
    "agrees-to-all": Habits(unknown="OK", end="\n"),
    "knows-nothing": Habits(
        unknown="+CME ERROR: 4",
        says={"AT+CSQ": "+CSQ: 99,99\nOK", "AT+CPIN?": "ERROR", "AT+CREG?": "ERROR", "AT+CIMI": "ERROR"},
        reference="",
    ),
}
REPORTING = {name for name, habits in STRANGERS.items() if habits.reports}


def sender_of(number: int, message: int = 0) -> str:
    """A citizen's number."""
    return f"+62812{number:03}{message:04}"


def test_modems_of_others(tmp_path: Path) -> None:
    """Modems that are not ours: what lay in them and what comes later are tickets, gone from the modem, and answered.

    One of them is on a TCP port. All run at once, so that one's slowness may not be another's.
    """
    with ExitStack() as stack:
        modems = {name: stack.enter_context(StrangerModem(habits)) for name, habits in STRANGERS.items()}
        modems["network"] = stack.enter_context(StrangerModem(Habits(), tcp=True))
        for number, (name, modem) in enumerate(modems.items()):
            modem.arrive(*pdus(sender_of(number, 1), f"Kebakaran, sudah lama di {name}"))
            modem.due_while_sending = pdus(sender_of(number, 2), f"Banjir, datang saat {name} membalas")
        city = stack.enter_context(SmsCity(tmp_path, {name: modem.port for name, modem in modems.items()}))
        for number, (name, modem) in enumerate(modems.items()):
            modem.arrive(*pdus(sender_of(number, 3), f"Kecelakaan di jalan raya, {name}. " + LONG))
        expected = {
            text
            for name in modems
            for text in (
                f"Kebakaran, sudah lama di {name}",
                f"Banjir, datang saat {name} membalas",
                f"Kecelakaan di jalan raya, {name}. " + LONG,
            )
        }
        tickets = city.await_texts(expected)
        emptied = {name: modem.wait_empty(LIMIT_S) for name, modem in modems.items()}
        answered = {name: modem.wait_bodies(3, LIMIT_S) for name, modem in modems.items()}
        sent = {
            name: sorted(decode(body, sent=True).number or "" for body in modem.bodies)
            for name, modem in modems.items()
        }
        eventually("no reply waits", lambda: not waiting_replies(city))
        outcomes = {(row["modem"], row["state"]) for row in city.messages(direction=Direction.OUT)}

    assert sorted(expected) == sorted(ticket["text"] for ticket in tickets)
    assert dict.fromkeys(modems, True) == emptied
    assert dict.fromkeys(modems, True) == answered
    assert {name: [sender_of(number, message) for message in (1, 2, 3)] for number, name in enumerate(modems)} == sent
    assert {(name, "delivered" if name in REPORTING else "sent") for name in modems} == outcomes


def waiting_replies(city: SmsCity) -> list[str]:
    """States that are not the last ones."""
    rows = city.messages(direction=Direction.OUT)
    return [
        row["state"]
        for row in rows
        if row["state"] in {"queued", "sending"} or (row["modem"] in REPORTING and row["state"] == "sent")
    ]


def test_full_modem(tmp_path: Path) -> None:
    """150 messages that lay in a slow modem when we started are 150 tickets, in the order of nothing, none twice."""
    texts = {f"Pohon tumbang nomor {number}" for number in range(150)}
    with StrangerModem(Habits(delay_s=0.02)) as modem:
        modem.arrive(*[pdu for number, text in enumerate(sorted(texts)) for pdu in pdus(sender_of(9, number), text)])
        with SmsCity(tmp_path, {"full": modem.port}) as city:
            tickets = city.await_texts(texts)
            assert modem.wait_empty(LIMIT_S)

    assert sorted(texts) == sorted(ticket["text"] for ticket in tickets)
