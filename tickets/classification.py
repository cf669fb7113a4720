"""What a category means for a ticket: its label, its priority, its agencies."""

from dataclasses import dataclass, replace

# The category for "something else", where the city has one.
OTHER = "lainnya"


@dataclass(frozen=True, slots=True)
class Classification:
    """A category as tickets need it; `label` is Indonesian, as a person reads it."""

    category: str
    label: str
    priority: int
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All categories of a city, in the order of its menu; one at least."""

    entries: tuple[Classification, ...]

    def __post_init__(self) -> None:
        if not self.entries:
            raise ValueError("a city needs one category at least")

    def find(self, category: str | None) -> Classification | None:
        """The category with this code, or None when there is none."""
        return next((entry for entry in self.entries if entry.category == category), None)

    def unclassified(self) -> Classification:
        """For who chose nothing: `lainnya`, else the last category; priority 1, since they may be worst off."""
        entry = self.find(OTHER) or self.entries[-1]
        return replace(entry, label="kategori belum dipilih", priority=1)
