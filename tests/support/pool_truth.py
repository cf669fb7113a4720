"""What the pool says, held against what is true in the model: nobody talks unknown, rests elsewhere, waits in vain."""

from datetime import timedelta
from itertools import combinations

from redis_queue.operators import OperatorStatus
from redis_queue.pool import OperatorPool
from redis_queue.states import OperatorState
from tests.support.pool import TIMES
from tests.support.pool_keys import WITH_CALL
from tests.support.pool_model import Model, wanted_by


def check_talks(model: Model, snapshot: list[OperatorStatus]) -> None:
    """What is really talked is what the pool says, but for calls that died with their machine: they have leases."""
    talking = {each.extension: each.call_id for each in snapshot if each.state is OperatorState.TALKING}
    real = {extension: call_id for extension, call_id in talking.items() if call_id not in model.ghosts}

    assert {e: person.talks for e, person in model.people.items() if person.talks} == real


def check_rest(model: Model, snapshot: list[OperatorStatus], now: int) -> None:
    """Who has no call is where duty, phone and pause lead; a bar and a wrap-up end in time."""
    for each in snapshot:
        person = model.people[each.extension]
        if each.state is OperatorState.WRAP_UP:
            assert person.serves is OperatorState.AVAILABLE
        elif each.state not in WITH_CALL and each.state is not person.rests:
            assert OperatorState.OFFLINE is each.state
            assert now < person.barred_until or not model.alive


def check_line(model: Model, pool: OperatorPool, now: int) -> None:
    """After a look at the clock no caller waits whom a free operator may take."""
    snapshot = pool.snapshot()
    for caller in pool.waiting() if model.alive else ():
        assert set() == model.takers(wanted_by(caller, now), snapshot), f"{caller.call_id} waits"


def check_turns(pool: OperatorPool) -> None:
    """Callers stand by urgency; of the same urgency by arrival, but that who is put behind is overtaken for a time."""
    line = pool.waiting()
    latest = timedelta(milliseconds=TIMES.behind_ms)

    for before, after in combinations(line, 2):
        assert before.priority <= after.priority, f"{after.call_id} is more urgent"
        if before.priority == after.priority:
            assert before.arrived - after.arrived <= latest, f"{after.call_id} is overtaken for too long"
