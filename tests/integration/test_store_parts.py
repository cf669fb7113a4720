"""Parts of long messages, on each database: joined once, never mixed, never forgotten."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import permutations

import pytest

from tests.support.tickets import NOON, part
from tickets.database.store import Store
from tickets.messages.parts import JOIN_WINDOW, Part, add_part, take_incomplete, waiting_parts


def add(store: Store, *parts: Part) -> list[list[str] | None]:
    """Add each part in a transaction of its own; what each returned, as PDUs."""
    answers: list[list[str] | None] = []
    for one in parts:
        with store.transaction() as session:
            whole = add_part(session, one)
            answers.append(None if whole is None else [joined.pdu for joined in whole])
    return answers


def incomplete(taken: Iterable[tuple[Part, ...]]) -> list[list[str]]:
    """The PDUs of what was given out."""
    return [[one.pdu for one in parts] for parts in taken]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_last_to_come_completes(store: Store, order: tuple[int, ...]) -> None:
    """In any order, all parts come out by their numbers, each as it went in."""
    parts = {seq: part(seq, total=3) for seq in order}
    *first, last = order
    assert add(store, *(parts[seq] for seq in first)) == [None, None]

    with store.transaction() as session:
        assert (parts[1], parts[2], parts[3]) == add_part(session, parts[last])


def test_a_part_that_comes_again_has_no_effect(store: Store) -> None:
    """Before its message is complete and after."""
    assert add(store, part(1), part(1), part(2), part(2), part(1)) == [None, None, ["pdu-1", "pdu-2"], None, None]


def other(seq: int, minutes: float) -> Part:
    """A part of a message with the same reference, sent so much later."""
    return part(seq, key=f"other-{seq}", pdu=f"other-{seq}", sent_at=NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [11, 60, 300])
def test_a_reference_that_came_again_while_a_part_was_lost(store: Store, minutes: float) -> None:
    """The old message's first part is not joined with the new one's second, which came before the new one's first."""
    assert add(store, part(1), other(2, minutes), other(1, minutes)) == [None, None, ["other-1", "other-2"]]
    with store.reading() as session:
        assert 1 == waiting_parts(session)


@pytest.mark.parametrize("last", [1, 2])
def test_two_messages_of_one_reference_at_once(store: Store, last: int) -> None:
    """Where the parts of both wait, each goes to the one that was sent at its time."""
    first = 3 - last
    add(store, part(first), other(first, 9))
    assert add(store, part(last), other(last, 9)) == [["pdu-1", "pdu-2"], ["other-1", "other-2"]]


def test_a_rolled_back_part_may_come_again(store: Store) -> None:
    """A worker that died while it wrote the joined message finds all parts at the second try."""
    add(store, part(1))
    with pytest.raises(ZeroDivisionError), store.transaction() as session:
        add_part(session, part(2))
        raise ZeroDivisionError

    assert add(store, part(2)) == [["pdu-1", "pdu-2"]]


@pytest.mark.parametrize(
    "difference",
    [
        {"sim": "other"},
        {"originator": "+62899"},
        {"reference": 8},
        {"reference_bits": 16},
        {"total": 3},
        {"sent_at": NOON + JOIN_WINDOW * 1.01},
        {"sent_at": NOON - JOIN_WINDOW * 1.01},
    ],
)
def test_what_differs_does_not_belong_together(store: Store, difference: dict[str, object]) -> None:
    """Another SIM, sender, reference, width, total, or the same reference long after or before."""
    assert add(store, part(1), part(2, **difference)) == [None, None]


def test_a_late_delivery_still_fits(store: Store) -> None:
    """What the network took at the same time belongs together, though the modem was off for days in between."""
    late = part(2, received_at=NOON + JOIN_WINDOW * 20)

    assert add(store, part(1), late) == [None, ["pdu-1", "pdu-2"]]


def test_a_reference_that_is_used_again_begins_a_new_message(store: Store) -> None:
    """The first message lost its second part; the next with the same reference gets its own first part, not the old."""
    later = NOON + JOIN_WINDOW / 10
    answers = add(
        store,
        part(1, pdu="old 1"),
        part(1, at=later, pdu="new 1"),
        part(2, at=later, pdu="new 2"),
    )

    assert answers == [None, None, ["new 1", "new 2"]]
    with store.transaction() as session:
        taken = take_incomplete(session, received_before=later, now=later)
        assert incomplete(taken) == [["old 1"]]


def test_what_waits_in_vain_is_given_out_once(store: Store) -> None:
    """Each message by itself, only what came before the given time, and never again."""
    soon, later = NOON + JOIN_WINDOW / 100, NOON + JOIN_WINDOW * 2
    add(
        store,
        part(3, total=4, pdu="a3"),
        part(1, total=4, pdu="a1", at=soon),
        part(1, total=4, pdu="b1", at=later),
        part(1, originator="+62899", pdu="c1", key="c1"),
        part(1, originator="+62877", pdu="d1", key="d1", at=later + JOIN_WINDOW),
    )
    with store.transaction() as session:
        assert waiting_parts(session) == 5
        taken = take_incomplete(session, received_before=later + JOIN_WINDOW / 2, now=later)
        assert sorted(incomplete(taken)) == [["a1", "a3"], ["b1"], ["c1"]]
    with store.transaction() as session:
        assert take_incomplete(session, received_before=later + JOIN_WINDOW / 2, now=later) == []
        assert waiting_parts(session) == 1
