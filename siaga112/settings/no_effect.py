"""Keys that may be written already and that nothing reads yet."""

from collections.abc import Iterator

from siaga112.settings.base import Table
from siaga112.settings.models import Settings
from siaga112.settings.schema import sections

WITHOUT_EFFECT = (
    ("asterisk", "config_dir"),
    ("agencies", "sms"),
    ("agencies", "whatsapp"),
    ("agencies", "webhook"),
    ("routing", "answer_target_seconds"),
    ("lapor", "url"),
    ("lapor", "token"),
)
"""Table and key. Whoever begins to read one takes it out."""


def without_effect(settings: Settings) -> Iterator[tuple[str, str]]:
    """Those of them that the configuration sets to something else than their default."""
    for section, key in WITHOUT_EFFECT:
        default = sections()[section].keys[key].field.default
        if any(getattr(table, key) != default for table in _tables(settings, section)):
            yield section, key


def _tables(settings: Settings, section: str) -> tuple[Table, ...]:
    found: Table | tuple[Table, ...] = getattr(settings, section)
    return found if isinstance(found, tuple) else (found,)
