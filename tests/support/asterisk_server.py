"""A real Asterisk with our configuration, on free ports and in a folder of its own, and what AMI told meanwhile."""

import math
import struct
import threading
import time
import wave
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from hardware.asterisk.ami import AmiClient, AmiError, Message
from hardware.asterisk.ami.views import ContactStatus, channels, contacts
from hardware.asterisk.cdr import CdrRecord, read_new
from hardware.asterisk.process import ManagedAsterisk
from hardware.asterisk.render import AMI_EVENTS
from hardware.softphone import RINGING, Manners, OutgoingCall, Phone
from siaga112.settings import Settings
from tests.support.ports import free_block, free_port, free_range

CARRIER = "127.0.0.2"
BACKUP = "127.0.0.3"
PHONES = {"1001": "127.0.0.11", "1002": "127.0.0.12", "1003": "127.0.0.13"}
"""1001 and 1002 register, 1003 is at a fixed address."""

MUSIC_HZ = 440


CHANNEL_LIFE = ("Newchannel", "Hangup")


class Events:
    """Everything that AMI said, in order; an AMI listener."""

    wants = frozenset(AMI_EVENTS)

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.seen: list[Message] = []
        self.ready = 0
        self.lost = 0

    def on_ready(self, client: AmiClient) -> None:
        """Count the full looks that were asked for."""
        with self.changed:
            self.ready += 1
            self.changed.notify_all()

    def on_event(self, event: Message) -> None:
        """Keep the event."""
        with self.changed:
            self.seen.append(event)
            self.changed.notify_all()

    def on_lost(self, error: AmiError) -> None:
        """Count the losses."""
        with self.changed:
            self.lost += 1
            self.changed.notify_all()

    def wait(self, name: str, timeout: float = 10.0, **headers: str) -> Message:
        """The first event, or user event, of this name with these headers; AssertionError when none comes."""
        with self.changed:
            self.changed.wait_for(lambda: self.find(name, **headers) is not None, timeout)
            found = self.find(name, **headers)
            assert found is not None, f"no {name} {headers} among {[event.event for event in self.seen]}"
            return found

    def open_channels(self) -> set[str]:
        """Channels that we have seen begin and not yet end."""
        told = {name: {event.get("Uniqueid") for event in self.seen if event.event == name} for name in CHANNEL_LIFE}
        return told["Newchannel"] - told["Hangup"]

    def wait_until(self, look: Callable[[], bool], timeout: float = 10.0) -> bool:
        """Look after each event, and ten times a second, until it is true; False when it has not become so."""
        deadline = time.monotonic() + timeout
        while not look():
            if time.monotonic() > deadline:
                return False
            with self.changed:
                self.changed.wait(0.1)
        return True

    def find(self, name: str, **headers: str) -> Message | None:
        """The same as `wait`, without waiting."""
        return next(
            (
                event
                for event in self.seen
                if name in (event.event, event.get("UserEvent"))
                and all(event.get(key) == value for key, value in headers.items())
            ),
            None,
        )


class AsteriskServer:
    """One managed Asterisk with two trunks and three operators; `tables` changes its settings."""

    def __init__(self, directory: Path, tables: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.directory = directory
        self.carrier_port = free_port(CARRIER)
        self.backup_port = free_port(BACKUP)
        self.fixed_port = free_port(PHONES["1003"])
        self.prompts = directory / "prompts"
        write_tone(self.prompts / "moh" / "music.wav", MUSIC_HZ, seconds=4)
        self.events = Events()
        self.client: AmiClient | None = None
        self.configure(self._tables(tables or {}))

    def configure(self, tables: dict[str, Any]) -> None:
        """Take these settings; before it is started."""
        self.tables = tables
        self.settings = Settings.model_validate(tables)
        self.asterisk = ManagedAsterisk(self.settings, self.prompts)

    def start(self) -> Self:
        """Start it; AMI events are kept from here on."""
        self.asterisk.ensure()
        self.client = AmiClient(self.asterisk.ami, self.events)
        self.client.start()
        assert self.client.wait_ready(5), "AMI is not ready"
        return self

    def close(self) -> None:
        """End it at once."""
        if self.client is not None:
            self.client.close()
        self.asterisk.kill()

    @property
    def sip(self) -> tuple[str, int]:
        """Where it takes SIP."""
        return "127.0.0.1", self.settings.asterisk.sip_port

    @property
    def agi_port(self) -> int:
        """Where it looks for the FastAGI server."""
        return self.settings.asterisk.agi_port

    @property
    def log(self) -> str:
        """Its warnings and errors, one a line."""
        text = (self.asterisk.layout.log / "messages.log").read_text()
        return "\n".join(line for line in text.splitlines() if " WARNING[" in line or " ERROR[" in line)

    def carrier(self) -> Phone:
        """The trunk's other end."""
        return Phone("carrier", (CARRIER, self.carrier_port))

    def backup(self, manners: Manners = RINGING) -> Phone:
        """The second trunk's other end."""
        return Phone("backup", (BACKUP, self.backup_port), manners=manners)

    def phone(self, extension: str, manners: Manners = RINGING) -> Phone:
        """An operator's phone, reachable for Asterisk when this returns."""
        fixed = extension == "1003"
        address = (PHONES[extension], self.fixed_port if fixed else 0)
        phone = Phone(
            extension, address, password="" if fixed else f"secret-{extension}", registrar=self.sip, manners=manners
        )
        if fixed:
            self.qualify(extension)
        else:
            phone.register()
        self.wait_state(f"PJSIP/{extension}", "NOT_INUSE")
        return phone

    def dial(
        self, phone: Phone, dialled: str = "112", *, number: str = "+628123456789", display_name: str = ""
    ) -> OutgoingCall:
        """A call to this Asterisk."""
        uri = f"sip:{dialled}@{self.sip[0]}:{self.sip[1]}"
        return phone.call(uri, number=number, display_name=display_name)

    def await_trunk(self, name: str) -> None:
        """Have Asterisk find a trunk's other end.

        Between two tests nobody is there. Asterisk that looks by itself in that moment holds the trunk for dead two
        seconds later: where a test calls outside, `rarely_looked_for`.
        """
        self.qualify(f"trunk-{name}")
        self.wait_state(f"PJSIP/trunk-{name}", "NOT_INUSE")

    def qualify(self, endpoint: str) -> None:
        """Have Asterisk ask an endpoint now whether it is there, and not when its turn comes."""
        assert self.client is not None
        self.client.action("PJSIPQualify", (("Endpoint", endpoint),))

    def places(self, endpoint: str) -> list[ContactStatus]:
        """What Asterisk found where an endpoint is."""
        assert self.client is not None
        return [contact.status for contact in contacts(self.client, endpoint)]

    def wait_talk(self) -> None:
        """Wait until two are joined."""
        assert self.client is not None
        client = self.client
        assert self.events.wait_until(lambda: any(channel.bridge_id for channel in channels(client))), "nobody talks"

    def wait_idle(self) -> None:
        """Wait until no call is left, and until we have heard of each call's end."""
        assert self.client is not None
        client = self.client
        assert self.events.wait_until(lambda: not self.events.open_channels()), self.events.open_channels()
        assert self.events.wait_until(lambda: not channels(client)), f"calls are left: {channels(client)}"

    def forget_fixed_phone(self) -> None:
        """Wait until the phone at a fixed address is known to be gone: else it is rung in vain for seconds more."""
        if self._state("PJSIP/1003") != "UNAVAILABLE":
            self.qualify("1003")
            self.wait_state("PJSIP/1003", "UNAVAILABLE")

    def recorded_calls(self) -> list[CdrRecord]:
        """All calls that Asterisk wrote down."""
        return read_new(self.asterisk.layout.cdr, 0)[0]

    def call_record(self, call_id: str) -> CdrRecord:
        """What Asterisk wrote down about a call that is over."""

        def written() -> list[CdrRecord]:
            return [record for record in self.recorded_calls() if record.call_id == call_id]

        assert self.events.wait_until(lambda: bool(written())), f"no record of {call_id}"
        (record,) = written()
        return record

    def wait_state(self, device: str, state: str, timeout: float = 15.0) -> None:
        """Wait until Asterisk gives a device this state."""
        reached = self.events.wait_until(lambda: self._state(device) == state, timeout)
        assert reached, f"{device} is {self._state(device)}, not {state}"

    def _state(self, device: str) -> str:
        assert self.client is not None
        listed = self.client.list_action("DeviceStateList")
        return next((entry.get("State") for entry in listed if entry.get("Device") == device), "")

    def _tables(self, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        # The AGI port is taken again and again: not one that the kernel may give to some client meanwhile.
        sip_port = free_block(4)
        tables: dict[str, Any] = {
            "site": {"state_dir": self.directory},
            "asterisk": {
                "sip_port": sip_port,
                "ami_port": sip_port + 2,
                "agi_port": sip_port + 3,
                "rtp_ports": free_range(),
            },
            "routing": {"ring_seconds": 5},
            "trunks": [
                {"name": "carrier", "host": f"{CARRIER}:{self.carrier_port}", "match": [CARRIER], "priority": 1},
                {"name": "backup", "host": f"{BACKUP}:{self.backup_port}", "match": [BACKUP], "priority": 2},
            ],
            "operators": [
                {"extension": "1001", "secret": "secret-1001"},
                {"extension": "1002", "secret": "secret-1002"},
                {"extension": "1003", "contact": f"sip:1003@{PHONES['1003']}:{self.fixed_port}"},
            ],
        }
        for name, values in changes.items():
            tables[name] = tables.get(name, {}) | values
        return tables


def rarely_looked_for(trunks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same trunks, whose other ends Asterisk looks for when a test asks it to."""
    return [{**trunk, "qualify_seconds": 3600} for trunk in trunks]


def write_tone(path: Path, frequency_hz: int, seconds: float) -> None:
    """A sine, 16 bits at 8 kHz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = [int(8000 * math.sin(2 * math.pi * frequency_hz * n / 8000)) for n in range(int(8000 * seconds))]
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
