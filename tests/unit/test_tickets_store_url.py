"""Which databases a store takes, and what it says about others."""

import pytest

from tickets.database.store import Store, parse_url
from tickets.errors import BadStoreUrlError


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:////var/lib/siaga112/siaga112.db", "sqlite+pysqlite"),
        ("sqlite+pysqlite:///siaga112.db", "sqlite+pysqlite"),
        ("postgresql://siaga@db/siaga112", "postgresql+psycopg"),
        ("postgresql+psycopg://siaga@db/siaga112", "postgresql+psycopg"),
    ],
)
def test_supported_databases(url: str, driver: str) -> None:
    """SQLite in a file, PostgreSQL by psycopg 3."""
    assert driver == parse_url(url).drivername


@pytest.mark.parametrize(
    "url",
    [
        "",
        "siaga112.db",
        "mysql://siaga:rahasia@db/siaga112",
        "postgresql+psycopg2://siaga:rahasia@db/siaga112",
        "sqlite+aiosqlite:///siaga112.db",
        "sqlite://",
        "sqlite:///:memory:",
        "://siaga:rahasia@db",
        "postgresql://siaga:rahasia@db:five/siaga112",
    ],
)
def test_a_refusal_is_one_line_without_secrets(url: str) -> None:
    """The line says what would be right and does not repeat the password."""
    with pytest.raises(BadStoreUrlError) as refusal:
        parse_url(url)

    line = str(refusal.value)
    assert "\n" not in line
    assert "expected sqlite:///FILE" in line
    assert "rahasia" not in line


@pytest.mark.parametrize(
    "url", ["postgresql://siaga:rahasia@db/siaga112?sslmod=rahasia", "sqlite:///a?timeout=rahasia"]
)
def test_options_that_nobody_knows(url: str) -> None:
    """They are refused at once: at the connection they would look like a database that is away."""
    with pytest.raises(BadStoreUrlError) as refusal:
        Store.open(url)

    assert "behind the question mark" in str(refusal.value)
    assert "rahasia" not in str(refusal.value)
