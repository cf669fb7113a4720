"""A PostgreSQL server of the tests' own: private directory, Unix socket only, gone when the tests are."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, create_engine, text

_START_DEADLINE_S = 20.0
_SUPERUSER = "siaga"

# The tests never need what they wrote to survive a crash of the machine.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=40", "shared_buffers=16MB")


def _newest(binary: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{binary}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else str(shutil.which(binary) or binary)


class PostgresServer:
    """One server; each test asks it for a database of its own. It refuses root, who therefore lends it an account."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="siaga-pg-", dir="/tmp"))
        self._data = self.directory / "data"
        self._log = self.directory / "log"
        self._owner = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        if self._owner is not None:
            os.chown(self.directory, self._owner.pw_uid, self._owner.pw_gid)

    def start(self) -> None:
        """Start it and return when it answers a query."""
        if not self._data.exists():
            self._initialize()
        options = [argument for setting in _FAST for argument in ("-c", setting)]
        network = ["-k", str(self.directory), "-c", "listen_addresses="]
        self._process = self._run([_newest("postgres"), "-D", str(self._data), *network, *options])
        deadline = time.monotonic() + _START_DEADLINE_S
        while not (self.directory / ".s.PGSQL.5432").exists() or not self._ready():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, "PostgreSQL does not answer"

    def stop(self) -> None:
        """Stop it at once; open connections break, as they do when a server is restarted under its clients."""
        assert self._process is not None, "the server is not running"
        self._process.send_signal(signal.SIGINT)
        self._process.wait()
        self._process = None

    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def remove(self) -> None:
        """Stop it if it runs, and delete all that it kept."""
        if self.running():
            self.stop()
        shutil.rmtree(self.directory)

    def new_database(self) -> str:
        """The URL of an empty database of its own."""
        name = f"test_{uuid4().hex}"
        self._administer(f"CREATE DATABASE {name}")
        return self._url(name)

    def _initialize(self) -> None:
        arguments = ["-D", str(self._data), "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        done = self._run([_newest("initdb"), *arguments])
        assert done.wait() == 0, self._log.read_text()

    def _administer(self, statement: str) -> None:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _url(self, database: str) -> str:
        url = URL.create("postgresql+psycopg", _SUPERUSER, database=database, query={"host": str(self.directory)})
        return url.render_as_string(hide_password=False)

    def _ready(self) -> bool:
        command = [_newest("pg_isready"), "-q", "-h", str(self.directory), "-U", _SUPERUSER]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        user = (self._owner.pw_uid, self._owner.pw_gid) if self._owner else (None, None)
        with self._log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                user=user[0],
                group=user[1],
                extra_groups=[] if self._owner else None,
            )
