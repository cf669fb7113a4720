"""The demo city's configuration."""

from pathlib import Path

from siaga112.demo.city import free_ports, throw_away_city, write_city
from siaga112.settings import load

NINE = (
    "kebakaran",
    "kecelakaan",
    "binatang",
    "bencana",
    "kamtibmas",
    "kerusuhan",
    "medis",
    "infrastruktur",
    "lainnya",
)


def test_it_is_sound_and_has_the_nine_categories(tmp_path: Path) -> None:
    """What `make run` starts with loads without a complaint, on the digits of the public surface."""
    write_city(tmp_path / "siaga112.toml")
    settings = load(tmp_path / "siaga112.toml", {})

    assert NINE == tuple(settings.category_by_digit(digit).code for digit in range(1, 10))  # type: ignore[union-attr]
    assert settings.site.state_dir.is_relative_to(tmp_path)


def test_secrets_are_its_own(tmp_path: Path) -> None:
    """No two cities share a phone's password, and nobody else can read the file."""
    secrets = set()
    for name in ("a.toml", "b.toml"):
        write_city(tmp_path / name)
        secrets |= {operator.secret.get_secret_value() for operator in load(tmp_path / name, {}).operators}

        assert 0o600 == (tmp_path / name).stat().st_mode & 0o777
    assert 4 == len(secrets)


def test_new_city_forgets_the_old_ones_tickets(tmp_path: Path) -> None:
    """A second demo begins with nothing but the prompts."""
    throw_away_city(tmp_path)
    state = tmp_path / "state"
    (state / "prompts" / "id").mkdir(parents=True)
    (state / "redis").mkdir()
    (state / "siaga112.db").write_text("old")
    throw_away_city(tmp_path)

    assert ["prompts"] == [entry.name for entry in state.iterdir()]


def test_ports_are_apart() -> None:
    """A city gets ports that do not overlap."""
    ports = free_ports()

    assert 4 == len({ports.sip, ports.ami, ports.agi, ports.web} - set(range(ports.rtp, ports.rtp + 40)))
