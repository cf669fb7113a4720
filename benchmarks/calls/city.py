"""A city for measurements: one trunk, many operators whose phones are one SIPp; as ours and as plain Asterisk."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.calls.sipp import CARRIER_HOST, PHONES_HOST, PORT
from hardware.asterisk.process import ManagedAsterisk
from ivr.prompts.catalogue import all_prompts
from siaga112.app import App
from siaga112.demo.running import RunningCity
from siaga112.settings import load
from tests.support.asterisk_server import write_tone
from tests.support.ports import free_block

SPEECH_PORTS = 2000
GREETING_S = 1.5
PHONES_LIMIT_S = 20.0

CITY = """
[site]
name = "Kota Uji"
code = "UJI"
state_dir = "state"
languages = ["id"]

[asterisk]
sip_port = {sip}
ami_port = {ami}
agi_port = {agi}
rtp_ports = [{rtp[0]}, {rtp[1]}]
drain_seconds = 1

[web]
port = {web}

[ivr]
prompts_dir = "sounds"

[recording]
enabled = false

[routing]
wrap_up_seconds = 0

[[trunks]]
name = "carrier"
host = "{network}.{carrier}"
dtmf = "auto"
qualify_seconds = 0
max_calls = 1000
"""

OPERATOR = """
[[operators]]
extension = "{extension}"
contact = "sip:{extension}@{network}.{phones}:{port}"
auto_login = true
"""

NATIVE = """
[siaga112-incoming]
exten => _X.,1,Answer()
 same => n,Goto(native-menu,s,1)

[native-menu]
{menu}
 same => n,Queue(native,,,,30)
 same => n,Hangup()
"""

READ = "exten => s,1,Read(CATEGORY,{greeting},1,,1,3)"
BACKGROUND = """exten => s,1,Background({greeting})
 same => n,WaitExten(3)
exten => _X,1,Set(CATEGORY=${{EXTEN}})"""
"""The two ways in which Asterisk itself asks for a key."""

NATIVE_QUEUE = """
[native]
strategy = rrmemory
timeout = 15
retry = 1
ringinuse = no
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a city that can be measured is."""

    config: Path
    network: str
    app: App
    asterisk: ManagedAsterisk

    @property
    def folder(self) -> Path:
        """Its files."""
        return self.config.parent

    @property
    def sip(self) -> str:
        """Where Asterisk takes calls."""
        return f"127.0.0.1:{self.app.settings.asterisk.sip_port}"


@contextmanager
def place(operators: int, *, redis_url: str = "") -> Iterator[Place]:
    """Write a city down; nothing runs yet. Without a `redis_url` it has a Redis of its own."""
    with tempfile.TemporaryDirectory(prefix="siaga-calls-") as name:
        folder = Path(name)
        network = f"127.{random.randint(1, 254)}.{random.randint(0, 255)}"  # noqa: S311
        port = free_block(SPEECH_PORTS + 4)
        ports = [port + SPEECH_PORTS + number for number in range(4)]
        text = CITY.format(
            **dict(zip(("sip", "ami", "agi", "web"), ports, strict=True)),
            rtp=(port, port + SPEECH_PORTS - 1),
            network=network,
            carrier=CARRIER_HOST,
        )
        for extension in range(2001, 2001 + operators):
            text += OPERATOR.format(extension=extension, network=network, phones=PHONES_HOST, port=PORT)
        config = folder / "siaga112.toml"
        config.write_text(f'[redis]\nurl = "{redis_url}"\n{text}')
        (folder / "sounds").mkdir()
        app = App(load(config, {}))
        for prompt in all_prompts(app.settings):
            write_tone(folder / "sounds" / prompt.language / f"{prompt.name}.wav", 1500, GREETING_S)
        asterisk = ManagedAsterisk(app.settings, app.paths.prompts)
        try:
            yield Place(config, network, app, asterisk)
        finally:
            app.redis.close()
            app.store.close()


def await_phones(where: Place) -> None:
    """Wait until Asterisk knows every phone to be there; raises TimeoutError."""
    until = time.monotonic() + PHONES_LIMIT_S
    wanted = len(where.app.settings.operators)
    while where.asterisk.command("pjsip show contacts").count(" Avail ") < wanted:
        if time.monotonic() > until:
            raise TimeoutError(f"not all phones are there within {PHONES_LIMIT_S:.0f} s")
        time.sleep(0.5)


@contextmanager
def ours(where: Place) -> Iterator[None]:
    """The whole program, as `siaga112 up` runs it."""
    with RunningCity(where.config):
        yield


@contextmanager
def native(where: Place, menu: str = BACKGROUND) -> Iterator[None]:
    """The same Asterisk with the menu in its dialplan and its own queue; nothing of ours runs."""
    where.asterisk.ensure()
    try:
        where.asterisk.command("module load app_read.so")
        greeting = where.folder / "sounds" / "id" / "greeting"
        use_dialplan(where, NATIVE.format(menu=menu.format(greeting=greeting)))
        members = "".join(f"member => PJSIP/{one.extension}\n" for one in where.app.settings.operators)
        queues = where.asterisk.layout.etc / "queues.conf"
        queues.write_text(queues.read_text() + NATIVE_QUEUE + members)
        where.asterisk.command("module reload app_queue.so")
        yield
    finally:
        where.asterisk.kill()


def use_dialplan(where: Place, text: str) -> None:
    """Have calls come to this context `siaga112-incoming` in the place of the one that is there."""
    dialplan = where.asterisk.layout.etc / "extensions.conf"
    kept = dialplan.read_text().replace("[siaga112-incoming]", "[siaga112-incoming-before]")
    dialplan.write_text(kept + text)
    where.asterisk.command("dialplan reload")


Arm = Callable[[Place], AbstractContextManager[None]]

ARMS: dict[str, Arm] = {
    "Siaga 112": ours,
    "Read + app_queue": partial(native, menu=READ),
    "Background + app_queue": native,
}
