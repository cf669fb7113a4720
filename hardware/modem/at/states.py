"""The engine's states, as a table: what may happen when, and what follows. Anything else is a fault of the caller."""

from __future__ import annotations

from enum import Enum, auto


class State(Enum):
    """Where the engine is between the host and the modem."""

    IDLE = auto()  # nothing asked, nothing owed
    ANSWER = auto()  # a command is out, its final result is awaited
    PROMPT = auto()  # a command is out that the modem answers with a prompt, or refuses
    BODY = auto()  # the modem has prompted, the host owes the body
    DIRTY = auto()  # what comes next may belong to something that was given up


class Step(Enum):
    """What happens to the engine."""

    SEND = auto()
    SEND_FOR_PROMPT = auto()
    PROMPTED = auto()
    SEND_BODY = auto()
    FINISHED = auto()  # a final result came
    EXPIRED = auto()  # the host gave up waiting
    DESYNC = auto()  # a line that can only belong to another command: answers and commands are out of step
    SETTLED = auto()  # the host saw the line fall quiet


TRANSITIONS: dict[State, dict[Step, State]] = {
    State.IDLE: {
        Step.SEND: State.ANSWER,
        Step.SEND_FOR_PROMPT: State.PROMPT,
        Step.DESYNC: State.DIRTY,
        Step.EXPIRED: State.DIRTY,
        Step.SETTLED: State.IDLE,
    },
    State.ANSWER: {Step.FINISHED: State.IDLE, Step.EXPIRED: State.DIRTY, Step.DESYNC: State.DIRTY},
    State.PROMPT: {
        Step.PROMPTED: State.BODY,
        Step.FINISHED: State.IDLE,
        Step.EXPIRED: State.DIRTY,
        Step.DESYNC: State.DIRTY,
    },
    State.BODY: {
        Step.SEND_BODY: State.ANSWER,
        Step.FINISHED: State.IDLE,
        Step.EXPIRED: State.DIRTY,
        Step.DESYNC: State.DIRTY,
    },
    State.DIRTY: {Step.DESYNC: State.DIRTY, Step.EXPIRED: State.DIRTY, Step.SETTLED: State.IDLE},
}
