"""What is installed elsewhere is what is here: every package, every data file, and it works."""

import os
import subprocess
import sys
import tomllib
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_SHIPPED = {"tests", "benchmarks"}
DATA = {".toml", ".lua", ".j2", ".mako", ".txt", ".typed"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what version control would give, so that nothing is left in the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in [*rooms(), "queue", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"]:
        subprocess.run(["cp", "-r", str(ROOT / name), str(source)], check=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def rooms() -> list[str]:
    """The packages at the root."""
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in NOT_SHIPPED)


def own_files() -> set[str]:
    """Every module and data file, by its path in a wheel."""
    places = [(ROOT, name) for name in rooms()] + [(ROOT / "queue", "redis_queue")]
    return {
        str(file.relative_to(base))
        for base, name in places
        for file in (base / name).rglob("*")
        if file.suffix in DATA | {".py"} and "__pycache__" not in file.parts
    }


def test_queue_is_no_package() -> None:
    """At the root of a Python project it would be taken for the standard library's `queue`."""
    assert not (ROOT / "queue" / "__init__.py").exists()


def test_every_package_is_named() -> None:
    """`setup.cfg` names each package, and none that is not there."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    named = set(setup["options"]["packages"].split())

    assert {str(Path(file).parent).replace("/", ".") for file in own_files() if file.endswith("__init__.py")} == named


def test_wheel_holds_every_file(wheel: Path) -> None:
    """No template, script or text is left behind."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert own_files() == packed


def test_unit_tests_pass_on_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    """What was packed works without the source beside it."""
    installed = tmp_path / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    beside = [
        str(ROOT / name) for name in ("tests", "deploy", "docs", "pyproject.toml", "setup.cfg", "requirements.lock")
    ]
    subprocess.run(["cp", "-r", *beside, str(tmp_path)], check=True)
    environment = os.environ | {"PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import siaga112, redis_queue; print(siaga112.__file__, redis_queue.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    assert all(file.startswith(str(installed)) for file in found.split())

    tests = [sys.executable, "-m", "pytest", "-q", "-o", f"pythonpath={installed} {tmp_path}", "tests/unit"]
    done = subprocess.run(tests, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)

    assert 0 == done.returncode, done.stdout[-3000:]


def test_lock_names_every_dependency() -> None:
    """What `setup.cfg` asks for is in the lock file, with a hash."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = setup["options"]["install_requires"].split() + setup["options.extras_require"]["dev"].split()
    lock = (ROOT / "requirements.lock").read_text()
    missing = [name for name in wanted if f"\n{name.split('[')[0]}==" not in lock.replace("[binary]", "")]

    assert [] == missing
    assert lock.count("==") <= lock.count("--hash=")


def test_tools_and_metadata_read_the_same_python() -> None:
    """The oldest Python is said once for all tools."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]

    assert ">=3.11" == setup["options"]["python_requires"]
    assert "py311" == tools["ruff"]["target-version"]
