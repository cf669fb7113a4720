"""How long to wait before something that ended is started again."""

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_AFTER_S = 30.0
"""What lived so long begins again with the shortest pause."""


class Backoff:
    """Each pause is twice the last, up to ``longest_s``."""

    def __init__(self, longest_s: float = LONGEST_PAUSE_S) -> None:
        self._longest_s = longest_s
        self._pause_s = FIRST_PAUSE_S

    def after(self, lived_s: float) -> float:
        """The pause after something that lived for ``lived_s`` seconds."""
        self._pause_s = FIRST_PAUSE_S if lived_s > STEADY_AFTER_S else min(self._pause_s * 2, self._longest_s)
        return self._pause_s
