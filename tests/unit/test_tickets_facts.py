"""Call facts survive their journey as flat fields, and nothing else passes for one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.calls.facts import DECODERS, CallFact
from tickets.errors import BadCallFactError
from tickets.vocabulary import CallFactKind, Outcome

offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=offsets)
texts = st.none() | st.text(max_size=20)
facts = st.builds(
    CallFact,
    call_id=st.text(min_size=1, max_size=20),
    kind=st.sampled_from(CallFactKind),
    at=times,
    caller=texts,
    trunk=texts,
    did=texts,
    node=texts,
    language=texts,
    category=texts,
    operator=texts,
    fallback=st.none() | st.booleans(),
    answered=st.none() | st.booleans(),
    started_at=st.none() | times,
    answered_at=st.none() | times,
    outcome=st.none() | st.sampled_from(Outcome),
)

SMALLEST = {"call_id": "1772341200.7", "kind": "arrived", "at": "2026-03-01T05:00:00+00:00"}


@given(facts)
def test_a_fact_comes_back_as_it_went(fact: CallFact) -> None:
    """`from_fields` undoes `to_fields`, whatever strangers wrote into the fields."""
    assert fact == CallFact.from_fields(fact.to_fields())


@given(facts)
def test_the_digest_survives_the_journey(fact: CallFact) -> None:
    """A fact that comes a second time is known by its digest."""
    assert fact.digest() == CallFact.from_fields(fact.to_fields()).digest()


@given(st.dictionaries(st.sampled_from(sorted(DECODERS)) | st.text(max_size=5), st.text(max_size=12)))
def test_any_fields_are_a_fact_or_a_refusal(fields: dict[str, str]) -> None:
    """Garbage in the stream gives the one error that says: set this aside."""
    try:
        fact = CallFact.from_fields(SMALLEST | fields)
    except BadCallFactError as refusal:
        assert str(refusal)
    else:
        assert CallFact.from_fields(fact.to_fields()) == fact


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"colour": "red"}, "unknown fields: 'colour'"),
        ({"call_id": ""}, "missing fields: call_id"),
        ({"kind": "vanished"}, "kind: 'vanished' cannot be read"),
        ({"at": "yesterday"}, "at: 'yesterday' cannot be read"),
        ({"at": "2026-03-01T05:00:00"}, "at: a time needs its offset"),
        ({"at": ""}, "missing fields: at"),
        ({"at": "0001-01-01T00:00:00+07:00"}, "at: .* is no time of a call"),
        ({"at": "9999-12-31T23:59:59-07:00"}, "at: .* is no time of a call"),
        ({"fallback": "yes"}, "fallback: 'yes' cannot be read"),
        ({"outcome": "fine"}, "outcome: 'fine' cannot be read"),
    ],
)
def test_a_refusal_says_what_is_wrong(changes: dict[str, str], complaint: str) -> None:
    """One line with the field and its value."""
    with pytest.raises(BadCallFactError, match=complaint):
        CallFact.from_fields(SMALLEST | changes)


def test_a_fact_belongs_to_a_call() -> None:
    """A fact without a call cannot be made, by whatever way."""
    with pytest.raises(BadCallFactError, match="call_id: missing"):
        CallFact(call_id="", kind=CallFactKind.ARRIVED, at=datetime(2026, 3, 1, tzinfo=UTC))


def test_missing_fields_are_named() -> None:
    """All of them at once."""
    with pytest.raises(BadCallFactError, match="missing fields: at, call_id, kind"):
        CallFact.from_fields({})


def test_empty_means_not_seen() -> None:
    """An empty channel variable and an absent one are the same fact."""
    seen = CallFact(call_id="1", kind=CallFactKind.ARRIVED, at=datetime(2026, 3, 1, tzinfo=UTC), caller="")

    assert seen.caller is None


def test_times_are_kept_in_utc() -> None:
    """Two processes in different time zones tell of the same moment with the same fact."""
    western = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=7)))
    eastern = datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=9)))
    here, there = (CallFact(call_id="1", kind=CallFactKind.ENDED, at=at).digest() for at in (western, eastern))

    assert here == there
