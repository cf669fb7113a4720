"""kill -9 of anything at any moment: no message is lost, none becomes two tickets."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hardware.modem.pdu import encode_deliver
from hardware.modem.simulator import inject_pdu
from tests.support.sms_city import LIMIT_S, SmsCity, eventually

MESSAGES = 60
KILLS = 10
BETWEEN_KILLS_S = 1.0
VICTIMS = (("modems", "serve"), ("worker",), ("--set-proc-title", "no"), ("modems", "serve"), ("worker",))
LONG = "Air sungai meluap sampai jendela, tiga keluarga di atap rumah, perahu karet belum ada 🆘🚣 " * 3


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


def test_kill_anything(tmp_path: Path) -> None:
    """Short, long and emoji messages come over two modems, parts in any order, while our parts and `up` are killed."""
    chance = random.Random(112)  # noqa: S311
    texts = [f"Banjir nomor {number}" if number % 3 else f"Banjir nomor {number}: {LONG}" for number in range(MESSAGES)]
    with ExitStack() as stack:
        links = [stack.enter_context(modem_process(tmp_path / name)) for name in ("first", "second")]
        city = stack.enter_context(SmsCity(tmp_path, {link.name: str(link) for link in links}))
        done = threading.Event()
        injecting = threading.Thread(target=inject_all, args=(links, texts, chance, done))
        injecting.start()
        stack.callback(injecting.join)
        stack.callback(done.set)
        for round_ in range(KILLS):
            done.wait(BETWEEN_KILLS_S)
            if round_ == KILLS // 2:
                city.kill_up()
                city.start()
            else:
                kill(city, chance.choice(VICTIMS))
        injecting.join()
        tickets = city.await_texts(set(texts))
        eventually("nothing waits", lambda: not city.undone())
        listed = Counter(ticket["text"] for ticket in city.tickets())
        incoming = Counter(row["text"] for row in city.messages() if row["direction"] == "in")

    assert Counter(texts) == listed
    assert Counter(texts) == incoming
    assert MESSAGES == len(tickets)


def inject_all(links: list[Path], texts: list[str], chance: random.Random, done: threading.Event) -> None:
    """Each message from another citizen, over one of the modems, its parts in any order among the others'."""
    pause_s = KILLS * BETWEEN_KILLS_S / len(texts)
    for number, text in enumerate(texts):
        parts = encode_deliver(f"+62813{number:07}", text, datetime.now(UTC), reference=number)
        for part in chance.sample(parts, len(parts)):
            inject_pdu(links[number % 2], part.hex)
        done.wait(pause_s)


def kill(city: SmsCity, victim: tuple[str, ...]) -> None:
    """Kill a process of the city with -9, if it is there just now."""
    for pid in city.pids(*victim):
        os.kill(pid, signal.SIGKILL)
