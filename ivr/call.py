"""A call as the flow sees it: what is known when it comes, what its caller chose, where it is sent."""

from dataclasses import dataclass
from functools import cache

from ivr.menu.menu import MOST_URGENT, Choice
from siaga112 import phone

# Caller names on a phone's display; the dialplan filters again.
_LABEL_LENGTH = 40


def node_of(call_id: str) -> str:
    """The Asterisk that has the call: where there are several each puts its name, which may have dashes of its own
    (`systemname`), and a dash before a Uniqueid; "" where there is one.
    """
    return call_id.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the caller pressed; empty for what was not chosen. Who could not choose is the most urgent."""

    language: str
    category: str = ""
    priority: int = MOST_URGENT
    label: str = ""


def chosen_from(choice: Choice, language: str) -> Chosen:
    """A category in the caller's language. The label is what the operator's phone shows: in the site's own language."""
    return Chosen(language, choice.category, choice.priority, label_from(choice.name("")))


@cache  # of the menu's few names
def label_from(text: str) -> str:
    """`text` as a caller name: letters, digits and spaces of ASCII only, which every phone and dialplan can show."""
    shown = "".join(character if character.isascii() and character.isalnum() else " " for character in text)
    return " ".join(shown.split())[:_LABEL_LENGTH].rstrip()


@dataclass(frozen=True, slots=True)
class FailedOperator:
    """The operator that the dialplan could not reach in the try before."""

    extension: str
    dial_status: str  # DIALSTATUS of Dial()


@dataclass(frozen=True, slots=True)
class Call:
    """A call when its script begins."""

    call_id: str
    caller: str | None  # E.164 where it is one; None: withheld
    trunk: str
    did: str
    node: str  # the machine whose Asterisk has it
    chosen: Chosen | None = None  # at a later try: what was chosen at the first
    failed: FailedOperator | None = None  # at a later try: whom the dialplan could not reach
    tried: tuple[str, ...] = ()  # extensions, the failed one included
    arrived_ms: int | None = None  # at a later try: Unix time when the call came
    fell_back: bool = False  # at a later try: the dialplan went on alone, and asks before it rings again

    @property
    def own_number(self) -> str:
        """The caller's number if it tells this caller from others, else ""."""
        return self.caller if self.caller is not None and phone.tells_caller(self.caller) else ""


@dataclass(frozen=True, slots=True)
class Route:
    """Whom the dialplan shall ring."""

    operator: str
    ring_seconds: int
    tried: tuple[str, ...]

    @property
    def endpoint(self) -> str:
        """What Dial gets."""
        return f"PJSIP/{self.operator}"
