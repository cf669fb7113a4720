"""The tables, made or brought up to date by the one part that writes them, as soon as the database is there."""

import threading

from siaga112 import log
from tickets.database.store import Store
from tickets.errors import StoreUnavailableError

RETRY_S = 2.0

_log = log.get(__name__)


class Schema:
    """Entering tries once, which may take its time; while the database is away a thread goes on trying.

    Raises `UnknownSchemaError` at entering when a newer program made the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._there = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker-schema")

    def __enter__(self) -> "Schema":
        if not self._is_made():
            self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def require(self) -> None:
        """Raise `StoreUnavailableError` until the tables are there: without them every message would seem faulty."""
        if not self._there.is_set():
            raise StoreUnavailableError("the database has not been there yet: its tables are to be made first")

    def _run(self) -> None:
        while not self._stopping.wait(RETRY_S):
            try:
                if self._is_made():
                    return
            except Exception:  # noqa: BLE001 - somebody may mend it; until then everything waits in the streams
                _log.exception("schema.not_made")

    def _is_made(self) -> bool:
        try:
            self._store.upgrade()
        except StoreUnavailableError as error:
            _log.warning("schema.waits", reason=str(error))
            return False
        self._there.set()
        return True
