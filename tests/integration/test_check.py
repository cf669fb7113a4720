"""`check` finds each fault by itself, says its mend, and finds nothing on a sound machine."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from siaga112.checking import files
from siaga112.cli.root import cli
from siaga112.paths import StatePaths
from siaga112.supervisor.lock import digest, sole_owner
from tests.support.asterisk_server import write_tone
from tests.support.checked import Installation, Seed, open_database
from tickets.database.store import Store


def test_sound_machine_has_no_fault(installation: Installation) -> None:
    """Nothing is wrong with what `init` writes on a machine that was set up; every verdict has a name."""
    verdicts = installation.verdicts()

    assert [] == [verdict for verdict in verdicts if not verdict.ok]
    assert {"configuration", "disk", "clock", "ports", "redis", "database", "asterisk", "modules"} <= {
        verdict.name for verdict in verdicts
    }


def certificate(folder: Path, days: int, begins: int = -100) -> tuple[Path, Path]:
    """A self-signed certificate that ends in so many days, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "112.example.id")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / f"cert{days}.pem", folder / f"key{days}.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    no_password = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, no_password))
    secret.chmod(0o600)
    return pem, secret


def tls(days: int, begins: int = -100) -> Seed:
    """A certificate of that life."""

    def seed(where: Installation) -> None:
        pem, key = certificate(where.folder, days, begins)
        where.put("[asterisk]", certificate=pem, private_key=key)

    return seed


def foreign_key(where: Installation) -> None:
    """A key that belongs to another certificate."""
    pem, _ = certificate(where.folder, 200)
    _, key = certificate(where.folder, 300)
    where.put("[asterisk]", certificate=pem, private_key=key)


def open_key(where: Installation) -> None:
    """A private key that everybody may read."""
    pem, key = certificate(where.folder, 200)
    key.chmod(0o644)
    where.put("[asterisk]", certificate=pem, private_key=key)


def no_certificate(where: Installation) -> None:
    """A file that is something else."""
    (where.folder / "c.pem").write_text("no certificate")
    where.put("[asterisk]", certificate=where.folder / "c.pem")


def open_config(where: Installation) -> None:
    """A configuration that everybody may read, with secrets in it."""
    where.config.chmod(0o644)


def old_schema(where: Installation) -> None:
    """A database of an earlier version of the program."""
    where.state.mkdir(mode=0o700)
    path = where.state / "siaga112.db"
    with Store.open(f"sqlite:///{path}") as store:
        store.upgrade()
    path.chmod(0o600)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = 'v0001'")
    database.close()


def state_is_a_file(where: Installation) -> None:
    """Something else lies where the state should be."""
    where.state.write_text("")


def old_asterisk(where: Installation) -> None:
    """A program that calls itself Asterisk 13."""
    program = where.folder / "asterisk"
    program.write_text("#!/bin/sh\necho Asterisk 13.38.3\n")
    program.chmod(0o755)
    where.put("[asterisk]", binary=program)


def loud_prompt(where: Installation) -> None:
    """A recording that Asterisk cannot play."""
    folder = where.folder / "own" / "id"
    folder.mkdir(parents=True)
    (folder / "welcome.wav").write_bytes(b"RIFF")
    where.put("[ivr]", prompts_dir=folder.parent)


def lost_prompt(where: Installation) -> None:
    """Prompts were built, and some are gone."""
    write_tone(where.state / "prompts" / "built" / "moh" / "music.wav", 440, 0.1)


def menu(text: str) -> Seed:
    """A menu file of this content."""

    def seed(where: Installation) -> None:
        (where.folder / "menu.toml").write_text(text)
        where.put("[ivr]", menu="menu.toml")

    return seed


def no_serial_port(where: Installation) -> None:
    """A plain file as a modem's port."""
    (where.folder / "ttyUSB0").write_text("")
    where.put("[[modems]]", port=where.folder / "ttyUSB0")


def of(table: str, **values: object) -> Seed:
    """Other values in the configuration."""
    return lambda where: where.put(table, **values)


SEEDS: list[tuple[str, Seed, str, str]] = [
    ("weak secret", of("[[operators]]", secret="1234"), "can be guessed", "openssl rand"),
    ("example secret", of("[[operators]]", secret="change-me"), "can be guessed", "openssl rand"),
    ("nobody can ring it", of("[[operators]]", secret=""), "nobody can ring it", "secret of a phone"),
    ("state directory", state_is_a_file, "is a file", "[site] state_dir"),
    ("configuration is open", open_config, "can be read by others", "chmod 600"),
    ("database is open", open_database, "can be read by others", "chmod 600"),
    ("key is open", open_key, "can be read by others", "chmod 600"),
    ("name is not found", of("[twilio]", api_base="https://twilio.invalid"), "is not found", "resolver"),
    ("certificate is over", tls(-1), "ended on", "new certificate"),
    ("certificate is near its end", tls(10), "ends on", "new certificate"),
    ("certificate of tomorrow", tls(90, begins=1), "valid from", "set the clock"),
    ("key of another", foreign_key, "is not the private key", "private_key"),
    ("no certificate", no_certificate, "is no certificate", "new certificate"),
    ("out of reach", of("[[trunks]]", host="203.0.113.10"), "not from carrier at 203.0.113.10", '"0.0.0.0"'),
    ("schema is old", old_schema, "schema is v0001", "siaga112 db upgrade"),
    ("no such Asterisk version", old_asterisk, "Asterisk 20.x or 22.x is needed", "make setup"),
    ("prompt that cannot be played", loud_prompt, "welcome.wav", "record it anew"),
    ("prompt is lost", lost_prompt, "has no sound", "siaga112 prompts build"),
    ("menu that cannot be used", menu("menus = 1"), "menu.toml: menus: 1 is no table", "write [[menus]]"),
    ("menu without keys", menu('[[menus]]\nname = "utama"'), "menus[utama]: is a dead end", "give it items"),
    ("modem is not plugged in", of("[[modems]]", port="/dev/serial/by-id/none"), "is not there", "plug the modem in"),
    ("no serial port", no_serial_port, "is no serial port", "/dev/serial/by-id"),
    ("Redis is away", of("[redis]", url="redis://127.0.0.1:1/0"), "127.0.0.1:1", "[redis] url"),
    ("AMI does not let us in", of("[asterisk]", managed=False), "does not let us in", "ami_"),
]


@pytest.mark.parametrize(("seed", "problem", "mend"), [entry[1:] for entry in SEEDS], ids=[name for name, *_ in SEEDS])
def test_fault_is_found(installation: Installation, seed: Seed, problem: str, mend: str) -> None:
    """One fault at a time: it is said, and how to mend it."""
    seed(installation)

    said = [(verdict.problem, verdict.mend) for verdict in installation.faults()]

    assert [True] == [problem in one and mend in other for one, other in said][:1], said


def test_file_of_root_that_the_service_reads(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation's configuration is root's, and readable by the group that the state belongs to, by no others."""
    monkeypatch.setattr(files, "ROOT", os.getuid())
    installation.state.mkdir(mode=0o700)
    installation.config.chmod(0o640)
    kept = installation.faults()
    installation.config.chmod(0o644)
    (found,) = installation.faults()

    assert [] == kept
    assert "can be read by others" in found.problem


def test_repeated_secret(installation: Installation) -> None:
    """Two phones with one password."""
    text = installation.config.read_text()
    first, second = (line for line in text.splitlines() if line.startswith("secret = ") and len(line) > 12)
    installation.config.write_text(text.replace(second, first))

    assert ["another operator's too" in verdict.problem for verdict in installation.faults()] == [True, True]


def test_configuration_that_changed_under_a_running_city(installation: Installation) -> None:
    """What runs is what was read at its start: that the file says something else now is told."""
    command = ["--config", str(installation.config), "check", "--json"]
    run = StatePaths(installation.state).make_run()
    with sole_owner(run, digest(installation.config)):
        before = CliRunner().invoke(cli, command).stderr
        installation.put("[site]", name="Kota Lain")
        after = CliRunner().invoke(cli, command).stderr
    with sole_owner(run):
        unknown = CliRunner().invoke(cli, command).stderr

    said = f"{installation.config} has changed since `up` began, which goes on with what it was then\n"
    assert ["", said, ""] == [before, after, unknown]


def test_state_dir_below_a_file(installation: Installation) -> None:
    """No path that is wrong shows as the system's number for it."""
    installation.put("[site]", state_dir=installation.config / "state")

    assert [] == [found for found in installation.faults() if "Errno" in found.problem]


def test_command(installation: Installation) -> None:
    """A line for each verdict, the fault with its mend, exit status 1; with --json objects."""
    installation.config.chmod(0o644)

    shown = CliRunner().invoke(cli, ["--config", str(installation.config), "check"])
    told = CliRunner().invoke(cli, ["--config", str(installation.config), "check", "--json"])

    assert (1, 1) == (shown.exit_code, told.exit_code)
    assert f"wrong permissions: {installation.config} can be read by others" in shown.output
    assert '"mend": "chmod 600' in told.output
