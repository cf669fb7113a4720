"""The lines of a city that runs: what its servers say of trunks, operators and modems now."""

from collections.abc import Iterator
from datetime import UTC, datetime

from hardware.asterisk.ami import AmiError
from hardware.asterisk.trunks.state import TrunkCondition
from redis_queue.errors import QueueError
from redis_queue.probes import ProbeNotes
from redis_queue.states import OperatorState
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged
from siaga112.monitoring.schedule import probes
from siaga112.trunks.board import TrunkBoard
from sms_gateway.health_board import HealthBoard


def operators(where: Surroundings) -> Iterator[Verdict]:
    """Whether somebody is there who can take a call, and nobody is paused without having asked for it."""
    if not (where.running and where.settings.operators):
        return
    try:
        there = where.app.pool.snapshot()
    except QueueError as error:
        yield fault("operators", str(error), "look at redis above")
        return
    faults = [
        fault(
            "operators",
            f"{operator.extension} let it ring time after time and is paused",
            f"ask why, then siaga112 operators resume {operator.extension}",
        )
        for operator in there
        if operator.is_paused_unasked
    ]
    if all(operator.state is OperatorState.OFFLINE for operator in there):
        mend = "register a phone and dial *11 on it, or siaga112 operators login EXT"
        faults.append(fault("operators", "nobody is on duty", mend))
    yield from judged("operators", faults)


def trunks(where: Surroundings) -> Iterator[Verdict]:
    """Whether each trunk can carry calls."""
    if not (where.running and where.settings.trunks):
        return
    try:
        states = TrunkBoard(where.app).look(where.settings.trunks)
    except AmiError as error:
        yield fault("trunks", str(error), "look at the log of siaga112 up")
        return
    faults = [
        fault("trunks", f"{state.name} is {state.condition}: {state.reason}", f"siaga112 trunks test {state.name}")
        for state in states
        if state.condition is not TrunkCondition.UP
    ]
    yield from judged("trunks", faults)


def modems(where: Surroundings) -> Iterator[Verdict]:
    """Whether each modem is in its network, and what else is wrong with it."""
    if not (where.running and where.settings.modems):
        return
    board = HealthBoard(where.app.redis)
    faults = []
    try:
        for modem in where.settings.modems:
            view = board.read(modem.name)
            problems = [] if view.works else [f"{modem.name} is {view.state}: {view.reason}"]
            problems += [f"{modem.name}: {alarm}" for alarm in view.alarms if view.works]
            faults += [fault("modems", problem, f"siaga112 modems show {modem.name}") for problem in problems]
    except QueueError as error:
        faults.append(fault("modems", str(error), "look at redis above"))
    yield from judged("modems", faults)


def tests(where: Surroundings) -> Iterator[Verdict]:
    """Whether the calls and messages that the city makes by itself come through."""
    made = probes(where.settings) if where.running else {}
    if not made:
        return
    notes, now = ProbeNotes(where.app.redis), datetime.now(UTC)
    faults = []
    try:
        for name, every in made.items():
            note = notes.read(name)
            if note and (problem := note.trouble(every, now)):
                faults.append(fault("tests", f"test {name}: {problem}", "look at what is wrong above, then at the log"))
    except QueueError as error:
        faults.append(fault("tests", str(error), "look at redis above"))
    yield from judged("tests", faults)
