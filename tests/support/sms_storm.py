"""Messages that pour in over several modems, and processes that are killed meanwhile."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hardware.modem.pdu import encode_deliver
from hardware.modem.simulator import inject_pdu
from tests.support.eventual import LIMIT_S, eventually
from tests.support.ports import free_block
from tests.support.sms_city import SmsCity

LONG = "Air sungai meluap sampai jendela, tiga keluarga di atap rumah, perahu karet belum ada 🆘🚣 " * 3
MIXED = 5
"""So many messages' parts come in any order among one another."""

REDIS = "redis-server"
UP = "up"

ENDS = {
    "modems": ("modems", "serve"),
    "worker": ("worker",),
    "web": ("web",),
    "agi": ("agi",),
    "switchboard": ("switchboard",),
    REDIS: ("--set-proc-title", "no"),
}
"""How the command line of each process ends."""

TELEPHONE = """
[asterisk]
sip_port = {port}
ami_port = {ami}
agi_port = {agi}
rtp_ports = [{rtp}, {last}]

[ivr]
prompts_dir = "sounds"

[[operators]]
extension = "1001"
secret = "secret-1001"
"""


def telephone(folder: Path) -> str:
    """What a configuration needs besides, so that the parts for calls run too; nobody calls."""
    (folder / "sounds").mkdir()
    port = free_block(44)
    return TELEPHONE.format(port=port, ami=port + 1, agi=port + 2, rtp=port + 4, last=port + 43)


@contextmanager
def modem_process(link: Path) -> Iterator[Path]:
    """`siaga112 modems simulate` as a process of its own, which no kill of ours reaches."""
    process = subprocess.Popen([sys.executable, "-m", "siaga112", "modems", "simulate", str(link)])
    try:
        eventually(f"the modem at {link}", lambda: link.exists() and link.with_name(link.name + ".ctl").exists())
        yield link
    finally:
        process.terminate()
        process.wait(LIMIT_S)


class Storm(threading.Thread):
    """Lets `count` messages arrive over `seconds`, each from another citizen, over the modems in turn.

    Every third is a long one with emoji; parts overtake one another, those of other messages too.
    """

    def __init__(self, links: Sequence[Path], count: int, seconds: float, chance: random.Random) -> None:
        super().__init__(name="storm")
        self.texts = [f"Banjir nomor {number}" + ("" if number % 3 else f": {LONG}") for number in range(count)]
        self._links = links
        self._chance = chance
        self._pause_s = seconds / count * MIXED
        self._ended = threading.Event()

    def __enter__(self) -> "Storm":
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Inject them."""
        numbered = list(enumerate(self.texts))
        for begin in range(0, len(numbered), MIXED):
            for link, pdu in self._mixed(numbered[begin : begin + MIXED]):
                inject_pdu(link, pdu)
            if self._ended.wait(self._pause_s):
                return

    def _mixed(self, some: Sequence[tuple[int, str]]) -> list[tuple[Path, str]]:
        pdus = [
            (self._links[number % len(self._links)], part.hex)
            for number, text in some
            for part in encode_deliver(f"+62813{number:07}", text, datetime.now(UTC), reference=number % 256)
        ]
        return self._chance.sample(pdus, len(pdus))


def kill(city: SmsCity, victim: str, number: int = signal.SIGKILL) -> None:
    """Kill one of the city's processes, if it is there just now; `up` is started again, as systemd would."""
    if victim == UP:
        city.kill_up()
        city.start()
        return
    for pid in city.pids(*ENDS[victim]):
        os.kill(pid, number)
