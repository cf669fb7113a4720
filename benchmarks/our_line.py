"""Our modem line as a process of its own, for the benchmark: MODEM-LINK FOLDER. Its Redis writes through to the disk.

It ends by SIGTERM, and prints how many messages are in the stream.
"""

import signal
import sys
import threading
from pathlib import Path

from redis_queue.connection import connect
from tests.support.redis_server import RedisServer
from tests.support.sms_line import Bench
from tickets.database.store import Store


def main(link: str, folder: Path) -> None:
    """Serve the modem until told to end."""
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    server = RedisServer()
    server.start()
    try:
        with Store.open(f"sqlite:///{folder / 'siaga112.db'}") as store:
            store.upgrade()
            bench = Bench(connect(server.url), store)
            with bench.line(link):
                asked.wait()
            print("in the stream:", len(bench.in_stream()), flush=True)
    finally:
        server.remove()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
