"""An installation on a sound machine, to be spoilt in one point each, and what `check` says of it."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hardware.asterisk.layout import Layout
from hardware.detached import Detached
from siaga112.checking.run import examine
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict
from siaga112.demo.city import free_ports, write_city
from siaga112.settings import load
from tests.support.eventual import eventually
from tickets.database.store import Store


class Installation:
    """The demo city's configuration in a folder, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "siaga112.toml"
        self.ports = free_ports()
        write_city(self.config, self.ports)

    @property
    def state(self) -> Path:
        """Its state directory."""
        return self.folder / "state"

    def put(self, table: str, **values: object) -> None:
        """Write keys into a table, the first of its name, which is added when it is not there."""
        text = self.config.read_text("utf-8")
        lines = "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())
        for key in values:
            text = re.sub(rf"(?ms)^({re.escape(table)}\n(?:(?!\[).*?\n)*?){key} = .*?\n", r"\1", text, count=1)
        if f"{table}\n" not in text:
            text += f"\n{table}\n"
        self.config.write_text(text.replace(f"{table}\n", f"{table}\n{lines}", 1), "utf-8")

    def verdicts(self) -> list[Verdict]:
        """All that is said."""
        return list(examine(Surroundings(self.config, load(self.config, {}))))

    def faults(self) -> list[Verdict]:
        """What is wrong."""
        return [verdict for verdict in self.verdicts() if not verdict.ok]


Seed = Callable[[Installation], None]


_HOLDER = """
import signal, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("held", flush=True)
signal.pause()
"""


@contextmanager
def left_asterisk(where: Installation) -> Iterator[None]:
    """What a killed `up` leaves running: a process like its Asterisk, which has the AMI port."""
    layout = Layout.under(where.state)
    left = Detached(
        [sys.executable, "-c", _HOLDER, str(where.ports.ami), str(layout.config)],
        pid_file=layout.pid_file,
        output=layout.console_log,
    )
    left.start()
    try:
        eventually("its port", lambda: "held" in layout.console_log.read_text())
        yield
    finally:
        left.end(5)


def open_database(where: Installation) -> None:
    """A database of calls that everybody may read."""
    where.state.mkdir()
    with Store.open(f"sqlite:///{where.state / 'siaga112.db'}") as store:
        store.upgrade()
    (where.state / "siaga112.db").chmod(0o644)


def write_age(path: Path, seconds: float) -> None:
    """Date a file so many seconds into the future."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (time.time() + seconds,) * 2)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return f'"{value}"'
