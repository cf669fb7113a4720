"""What is not needed is not loaded: a caller waits for every import of a script that is started per call."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("door", "heavy"), [("tickets.calls.facts", "sqlalchemy"), ("tickets.database.store", "alembic")]
)
def test_a_door_loads_only_what_is_behind_it(door: str, heavy: str) -> None:
    """Telling a fact loads no SQLAlchemy, and opening a store no Alembic."""
    code = f"import sys, {door}; print({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
