"""Facts of calls as they come from the switchboard, and the way into a store."""

from typing import Any

from tests.support.tickets import CONTEXT, after
from tickets.calls.facts import CallFact
from tickets.calls.merging import CallContext, record_fact
from tickets.database.store import Store
from tickets.vocabulary import CallFactKind as Kind

CALLER = "+6281234567801"
OTHER = "+6281234567802"


def fact(kind: Kind, seconds: float, call_id: str = "1.1", **seen: Any) -> CallFact:
    """A fact of a call, so many seconds after noon."""
    return CallFact(call_id=call_id, kind=kind, at=after(seconds), **seen)


def abandoned(call_id: str, start: float = 0, caller: str | None = CALLER) -> list[CallFact]:
    """A caller who hung up after 20 s."""
    return [fact(Kind.ARRIVED, start, call_id, caller=caller), fact(Kind.ENDED, start + 20, call_id, caller=caller)]


def answered(call_id: str, start: float = 0, caller: str | None = CALLER, operator: str = "1001") -> list[CallFact]:
    """A call that an operator took after 10 s and that lasted a minute."""
    return [
        fact(Kind.ARRIVED, start, call_id, caller=caller),
        fact(Kind.ANSWERED, start + 10, call_id, operator=operator),
        fact(Kind.ENDED, start + 70, call_id, caller=caller),
    ]


def lost(call_id: str, start: float = 0, caller: str | None = CALLER) -> list[CallFact]:
    """A call that an operator took and that was cut because its machine died."""
    *up, _ = answered(call_id, start, caller)
    return [*up, fact(Kind.LOST, start + 40, call_id)]


def tell(store: Store, *facts: CallFact, context: CallContext = CONTEXT) -> None:
    """Record each fact in a transaction of its own."""
    for one in facts:
        with store.transaction() as session:
            record_fact(session, one, context)
