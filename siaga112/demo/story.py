"""The story of the demo: a call to 112 and an SMS, each from a citizen to a ticket.

Nothing in it is pretended but the people: Asterisk, Redis, the database and the program are the real ones, the phones
speak SIP and the modem speaks AT commands.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from hardware.modem.simulator import inject, sent
from hardware.softphone import Phone, answering
from siaga112.demo.narrator import Narrator
from siaga112.demo.running import CityError, RunningCity
from siaga112.settings import Settings

CALLER = "081234567890"
SENDER = "+6281298765432"
KEY = "1"
COMPLAINT = "LAPOR#kebakaran#Warung terbakar di depan Pasar Rogojampi, api besar, tolong cepat"
CALLER_TONE_HZ = 440
OPERATOR_TONE_HZ = 660
TALK_S = 3.0
"""Long enough not to be taken for a phone that answered and was gone, whose caller is led on to the next."""

WAIT_S = 20.0
LOOK_EVERY_S = 0.1

Found = TypeVar("Found")


class Story:
    """Tells the demo in a city that runs."""

    def __init__(self, city: RunningCity, settings: Settings, narrator: Narrator) -> None:
        self._city = city
        self._settings = settings
        self._say = narrator

    def call(self) -> dict[str, Any]:
        """A citizen dials 112, presses a key and talks with an operator; returns the ticket."""
        exchange = ("127.0.0.1", self._settings.asterisk.sip_port)
        operator = self._settings.operators[0]
        self._say.heading("A call to 112")
        with (
            Phone(
                operator.extension,
                ("127.0.0.3", 0),
                password=operator.secret.get_secret_value(),
                registrar=exchange,
                manners=answering(after=1.0),
            ) as desk,
            Phone("carrier", ("127.0.0.2", 0)) as carrier,
        ):
            desk.register()
            self._say.step(f"{operator.name}'s phone has registered")
            self._await(f"operator {operator.extension} on duty", self._on_duty)
            self._say.step("Asterisk reaches it: the operator is on duty")
            call = carrier.call(f"sip:{self._settings.site.number}@127.0.0.1:{exchange[1]}", number=CALLER)
            call.wait_answered()
            self._say.step(f"{CALLER} calls {self._settings.site.number} by the trunk; the menu answers")
            call.wait_audio()
            self._say.step("the caller hears the menu")
            call.press(KEY)
            category = self._settings.category_by_digit(int(KEY))
            self._say.step(f"the caller presses {KEY}: {category.label('id') if category else 'nothing'}")
            ringing = desk.incoming(WAIT_S)
            self._say.step(f"the operator's phone rings and shows “{ringing.remote_name}”, {ringing.remote_number}")
            ringing.wait_answered(WAIT_S)
            call.play_tone(CALLER_TONE_HZ)
            ringing.play_tone(OPERATOR_TONE_HZ)
            ringing.wait_tone(CALLER_TONE_HZ)
            call.wait_tone(OPERATOR_TONE_HZ)
            self._say.step("the operator answers; each hears the other")
            self._await("their talk", lambda: ringing.heard_seconds >= TALK_S)
            ringing.hangup()
            call.wait_ended()
            self._say.step("they hang up")
            done = self._await("the call's record", self._call_record)
        return self._ticket(done["ticket"])

    def sms(self) -> tuple[dict[str, Any], str]:
        """A citizen texts the city's modem; returns the ticket and the reply."""
        link = self._modem_link()
        self._say.heading("An SMS")
        inject(link, SENDER, COMPLAINT)
        self._say.step(f"the modem receives from {SENDER}: {COMPLAINT}")
        ticket = self._await("a ticket from the SMS", lambda: self._first("tickets", "list", "--channel", "sms"))
        self._say.step(f"it has become ticket {ticket['number']}")
        reply = self._await("the reply", lambda: next((one.text for one in sent(link)), None))
        self._say.step(f"the modem sends to {SENDER}: {reply}")
        self._await("the reply's record", lambda: self._first("messages", "list", "--direction", "out"))
        return self._ticket(ticket["number"]), reply

    def _on_duty(self) -> bool:
        extension = self._settings.operators[0].extension
        rows = self._city.listing("operators", "list")
        return any(row["extension"] == extension and row["state"] == "available" for row in rows)

    def _call_record(self) -> dict[str, Any] | None:
        call = self._first("calls", "list")
        return call if call and call["ended_at"] and call["ticket"] else None

    def _first(self, *command: str) -> dict[str, Any] | None:
        return next(iter(self._city.listing(*command)), None)

    def _ticket(self, number: str) -> dict[str, Any]:
        return next(row for row in self._city.listing("tickets", "list") if row["number"] == number)

    def _modem_link(self) -> Path:
        return self._settings.site.state_dir / "modems" / self._settings.modems[0].name

    def _await(self, what: str, look: Callable[[], Found | None]) -> Found:
        until = time.monotonic() + WAIT_S
        while not (found := look()):
            if time.monotonic() > until:
                raise CityError(f"{what} did not come within {WAIT_S:.0f} s; see {self._city.log}")
            time.sleep(LOOK_EVERY_S)
        return found
