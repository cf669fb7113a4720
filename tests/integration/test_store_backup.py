"""A backup is everything at one moment, and comes back row by row, into either kind of database."""

import sqlite3
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from siaga112.cli.root import cli
from siaga112.paths import StatePaths
from siaga112.supervisor.lock import sole_owner
from tests.support.checked import Installation
from tests.support.postgres import PostgresServer
from tests.support.tickets import SITE, report
from tickets.database.store import Store
from tickets.errors import BadBackupError
from tickets.ticketing import open_ticket


def add(store: Store, words: str) -> str:
    """One more ticket; its number."""
    with store.transaction() as session:
        return open_ticket(session, SITE, report(words)).number


def texts(store: Store) -> list[str]:
    """What the tickets say, newest first."""
    with store.reading() as session:
        return [str(row.text) for row in session.execute(text("SELECT text FROM tickets ORDER BY id DESC"))]


def test_everything_comes_back(store: Store, tmp_path: Path) -> None:
    """What was there at the backup is there after the restore, and nothing else; no number is given out again."""
    add(store, "one \N{FIRE} 'x'")
    add(store, "two")
    copied = store.backup(tmp_path / "b")
    add(store, "after the backup")

    restored = store.restore(tmp_path / "b")
    number = add(store, "three")

    assert copied == restored
    assert ["three", "two", "one \N{FIRE} 'x'"] == texts(store)
    assert number.endswith("000004")


def test_numbers_of_a_year_that_the_backup_does_not_know(store: Store, tmp_path: Path) -> None:
    """A backup from before the first ticket brings back none, and the next one is not the first again."""
    store.backup(tmp_path / "b")
    add(store, "after the backup")
    store.restore(tmp_path / "b")

    assert add(store, "next").endswith("000002")


def test_from_sqlite_to_postgresql(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """A city outgrows one machine and takes its tickets along."""
    with Store.open(f"sqlite:///{tmp_path / 'small.db'}") as small, Store.open(postgres_server.new_database()) as big:
        small.upgrade()
        big.upgrade()
        add(small, "one")
        small.backup(tmp_path / "b")

        big.restore(tmp_path / "b")
        add(big, "two")

        assert ["two", "one"] == texts(big)


def test_writers_go_on_during_a_backup(store: Store, tmp_path: Path) -> None:
    """Tickets come in meanwhile; each backup is whole: the numbers in it have no gap."""
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            add(store, "meanwhile")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = [dict(store.backup(tmp_path / f"b{n}").rows)["tickets"] for n in range(3)]
    finally:
        over.set()
        writer.join()

    assert counts == sorted(counts)
    assert len(texts(store)) >= counts[-1]


def test_file_that_is_there_is_kept(store: Store, tmp_path: Path) -> None:
    """No backup is overwritten."""
    (tmp_path / "b").write_text("mine")

    with pytest.raises(FileExistsError):
        store.backup(tmp_path / "b")

    assert "mine" == (tmp_path / "b").read_text()


def test_backup_is_for_its_owner_alone(store: Store, tmp_path: Path) -> None:
    """It holds callers' numbers."""
    store.backup(tmp_path / "b")

    assert 0o600 == (tmp_path / "b").stat().st_mode & 0o777


@pytest.mark.parametrize("what", ["text", "empty", "foreign"])
def test_what_is_no_backup_changes_nothing(store: Store, tmp_path: Path, what: str) -> None:
    """A file of another kind is refused, and every ticket is still there."""
    add(store, "one")
    file = tmp_path / "b"
    match what:
        case "text":
            file.write_text("no database")
        case "empty":
            file.touch()
        case _:
            with sqlite3.connect(file) as database:
                database.execute("CREATE TABLE t (x)")
            database.close()

    with pytest.raises(BadBackupError, match="no backup"):
        store.restore(file)

    assert ["one"] == texts(store)


def test_backup_of_a_newer_program(tmp_path: Path) -> None:
    """What this program does not know it cannot bring back whole."""
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}") as store:
        store.upgrade()
        add(store, "one")
        store.backup(tmp_path / "b")
        with sqlite3.connect(tmp_path / "b") as database:
            database.execute("UPDATE alembic_version SET version_num = 'newer-than-us'")
        database.close()

        with pytest.raises(BadBackupError, match="newer program"):
            store.restore(tmp_path / "b")


def test_commands(tmp_path: Path) -> None:
    """`db backup` and `db restore`; what was replaced is kept."""
    installation = Installation(tmp_path)
    installation.state.mkdir(mode=0o700)
    with Store.open(f"sqlite:///{installation.state / 'siaga112.db'}") as store:
        store.upgrade()
        add(store, "one")
        run = CliRunner()
        base = ["--config", str(installation.config), "db"]
        kept = run.invoke(cli, [*base, "backup", str(tmp_path / "b")])
        add(store, "two")
        back = run.invoke(cli, [*base, "restore", str(tmp_path / "b")])

        assert (0, 0) == (kept.exit_code, back.exit_code), kept.output + back.output
        assert ["one"] == texts(store)
        (before,) = installation.state.glob("before-restore-*")
        store.restore(before)
        assert ["two", "one"] == texts(store)


def test_restore_while_the_city_runs(tmp_path: Path) -> None:
    """It is refused in one line, and nothing is touched: what comes in meanwhile would be lost."""
    installation = Installation(tmp_path)
    installation.state.mkdir(mode=0o700)
    with Store.open(f"sqlite:///{installation.state / 'siaga112.db'}") as store:
        store.upgrade()
        store.backup(tmp_path / "b")
        add(store, "since the backup")
        with sole_owner(StatePaths(installation.state).make_run()):
            said = CliRunner().invoke(cli, ["--config", str(installation.config), "db", "restore", str(tmp_path / "b")])

        assert (1, "", 1) == (said.exit_code, said.stdout, len(said.stderr.splitlines()))
        assert f"the city in {installation.state} is running" in said.stderr
        assert ["since the backup"] == texts(store)
        assert [] == list(installation.state.glob("before-restore-*"))
