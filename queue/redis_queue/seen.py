"""What the watcher of an Asterisk saw, in order, on its way to the operator pool."""

from collections.abc import Iterable


class Seen:
    """Rows for `OperatorPool.saw`: many go in one round trip, since each write costs Redis one to the disk."""

    def __init__(self) -> None:
        self.rows: list[tuple[str | bool | int, ...]] = []

    def phone(self, extension: str, reachable: bool, *, in_use: bool, node: str) -> None:
        """The node reaches the phone, or does not; the phone has a call there, or rings."""
        self.rows.append(("phone", extension, node, reachable, in_use))

    def ringing(self, extension: str, call_id: str) -> None:
        """The claimed operator's phone rings."""
        self.rows.append(("ringing", extension, call_id))

    def answered(self, extension: str, call_id: str, *, number: str = "", wrap_up_s: float = 0.0) -> None:
        """The operator talks with the caller, of this number; whoever did before has so long for writing it down."""
        self.rows.append(("answered", extension, call_id, number, round(wrap_up_s * 1000)))

    def occupied(self, extension: str, call_id: str) -> None:
        """The operator's phone is in a call that is no caller's own."""
        self.rows.append(("occupied", extension, call_id))

    def ended(self, call_id: str, wrap_up_s: float = 0.0) -> None:
        """The call is over."""
        self.rows.append(("ended", call_id, round(wrap_up_s * 1000)))

    def left(self, call_id: str) -> None:
        """The call wants no operator of the pool any more."""
        self.rows.append(("left", call_id))

    def up(self, call_ids: Iterable[str]) -> None:
        """These calls are up."""
        self.rows.extend(("up", call_id) for call_id in call_ids)

    def alive(self, call_id: str) -> None:
        """The caller gave a sign of life."""
        self.rows.append(("alive", call_id))
