"""Writing a file as a whole or not at all, readable by us alone."""

import os
from pathlib import Path


def write_private(target: Path, text: str) -> None:
    """Replace `target` by a file of mode 0600 with this text; a crash leaves the old one or the new one."""
    fresh = target.with_name(f".{target.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  the mode is set by os.open
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
