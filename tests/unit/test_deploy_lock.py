"""What of requirements.lock is installed on an emergency line."""

import re
from pathlib import Path

import pytest

from tests.support.deployment import script

ROOT = Path(__file__).parents[2]

SETUP = "[options]\ninstall_requires =\n    Alpha\n    beta[fast]\n[options.extras_require]\ndev =\n    tester\n"
LOCK = """\
# by uv
alpha==1 \\
    --hash=sha256:aa
    # via city (setup.cfg)
beta[fast]==2 \\
    --hash=sha256:bb
    # via city (setup.cfg)
gamma==3 \\
    --hash=sha256:cc
    # via
    #   beta
    #   tester
setuptools==4 \\
    --hash=sha256:dd
    # via city (setup.cfg)
tester==5 \\
    --hash=sha256:ee
    # via city (setup.cfg)
wheel==6 \\
    --hash=sha256:ff
    # via city (setup.cfg)
"""

runtime_lock = script("runtime_lock.py")["runtime_lock"]


def pinned(lock: str) -> list[str]:
    """The packages of a lock."""
    return re.findall(r"(?m)^([a-z0-9-]+)", lock)


def test_what_running_needs() -> None:
    """What is required and what that requires in turn, each with its hashes, and no test tool."""
    kept = runtime_lock(SETUP, LOCK)

    assert ["alpha", "beta", "gamma", "setuptools", "wheel"] == pinned(kept)
    assert 5 == kept.count("--hash=sha256:")


def test_a_lock_that_lacks_something() -> None:
    """What setup.cfg wants and the lock does not have stops the installation."""
    with pytest.raises(LookupError, match=r"requirements\.lock has no delta: make lock"):
        runtime_lock(SETUP.replace("Alpha", "Alpha\n    delta"), LOCK)


def test_the_real_lock() -> None:
    """Of this program's own lock the tools of its development are left out."""
    kept = pinned(runtime_lock((ROOT / "setup.cfg").read_text(), (ROOT / "requirements.lock").read_text()))

    assert {"redis", "sqlalchemy", "uvicorn"} <= set(kept)
    assert [] == sorted({"pytest", "mypy", "ruff", "hypothesis", "import-linter", "uv"} & set(kept))
