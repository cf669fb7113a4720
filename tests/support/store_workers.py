"""What separate processes do to one store at the same time; each function runs in a process of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from typing import TypeVar

from tests.support.tickets import CONTEXT, NOON, SITE, part, report, sms
from tickets.calls.facts import CallFact
from tickets.calls.merging import record_fact
from tickets.database.store import Store
from tickets.errors import IllegalStatusChangeError
from tickets.messages.inbox import receive
from tickets.messages.outbox import claim_outgoing
from tickets.messages.parts import add_part
from tickets.ticketing import change_status, find, open_ticket
from tickets.vocabulary import CallFactKind, Status

Result = TypeVar("Result")


def at_once(work: Callable[[str, int], Result], url: str, processes: int) -> Sequence[Result]:
    """Run `work(url, number)` in so many processes, and give what each returned."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(work, url, number) for number in range(processes)]
        return [future.result() for future in futures]


def upgrade(url: str, _number: int) -> None:
    """Bring the schema up to date."""
    with Store.open(url) as store:
        store.upgrade()


def open_many(url: str, number: int) -> list[str]:
    """Open twenty tickets, each in a transaction; every fifth attempt is taken back."""
    numbers = []
    with Store.open(url) as store:
        for index in range(25):
            try:
                with store.transaction() as session:
                    ticket = open_ticket(session, SITE, report(f"{number}/{index}"))
                    if index % 5 == 4:
                        raise InterruptedError
                    numbers.append(ticket.number)
            except InterruptedError:
                continue
    return numbers


def receive_same(url: str, _number: int) -> int:
    """Receive the same forty messages as everybody; how many of them were new."""
    with Store.open(url) as store:
        new = 0
        for index in range(40):
            with store.transaction() as session:
                new += receive(session, sms(f"key-{index}")) is not None
        return new


def verify(url: str, number: int) -> bool:
    """Read ticket 1, then verify it; whether this process was the one that could."""
    with Store.open(url) as store, store.transaction() as session:
        ticket = find(session, "BWI-2026-000001")
        try:
            change_status(session, ticket, Status.VERIFIED, actor=f"operator:{number}", at=NOON)
        except IllegalStatusChangeError:
            return False
        return True


def record_facts(url: str, number: int) -> None:
    """Tell, in an order of one's own, what happened to twenty calls."""
    kinds = list(CallFactKind)[:5]
    turned = kinds[number:] + kinds[:number]
    with Store.open(url) as store:
        for call in range(20):
            for kind in turned:
                at = NOON + timedelta(seconds=kinds.index(kind))
                category = "kebakaran" if kind is CallFactKind.CHOSEN else None
                fact = CallFact(call_id=f"call-{call}", kind=kind, at=at, category=category)
                with store.transaction() as session:
                    record_fact(session, fact, CONTEXT)


def add_parts(url: str, number: int) -> int:
    """Add this process's own part of each of thirty messages of four parts; how many messages that completed."""
    with Store.open(url) as store:
        complete = 0
        for reference in range(30):
            own = part(number + 1, total=4, reference=reference, key=f"{reference}/{number}")
            with store.transaction() as session:
                complete += add_part(session, own) is not None
        return complete


def claim_all(url: str, _number: int) -> list[int]:
    """Claim outgoing messages until there are none; their ids."""
    claimed = []
    with Store.open(url) as store:
        while True:
            with store.transaction() as session:
                message = claim_outgoing(session, "telkomsel-1", NOON)
                if message is None:
                    return claimed
                claimed.append(message.id)
