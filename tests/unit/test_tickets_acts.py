"""What operators did by their phones, as entries of the stream of calls."""

import pytest

from tests.support.tickets import after
from tickets.calls.acts import CalledBack, act_from, is_act
from tickets.calls.facts import CallFact
from tickets.errors import BadCallFactError
from tickets.vocabulary import CallFactKind, Mark

REACHED = CalledBack(operator="1001", number="+6281", answered=True, at=after(2))
MISSED = CalledBack(operator="1001", number="+6281", answered=False, at=after(2))


@pytest.mark.parametrize("act", [REACHED, MISSED])
def test_an_act_travels(act: CalledBack) -> None:
    """As flat fields, told from a fact, and the same again."""
    assert is_act(act.to_fields())
    assert act == act_from(act.to_fields())


def test_a_fact_is_no_act() -> None:
    """Both are in one stream."""
    assert not is_act(CallFact(call_id="1.1", kind=CallFactKind.MARKED, at=after(0), mark=Mark.PRANK).to_fields())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"act": "dance"}, "dance"),
        ({"answered": "funny"}, "funny"),
        ({"answered": None}, "answered"),
        ({"number": None}, "number"),
        ({"at": "yesterday"}, "yesterday"),
        ({"at": "2026-03-01T12:00:00"}, "offset"),
        ({"operator": None}, "operator"),
    ],
)
def test_what_is_wrong_with_it_is_said(changes: dict[str, str | None], said: str) -> None:
    """An entry that stays wrong is set aside with its reason."""
    fields = {name: value for name, value in (REACHED.to_fields() | changes).items() if value is not None}
    with pytest.raises(BadCallFactError, match=said):
        act_from(fields)


def test_an_answer_is_yes_or_no() -> None:
    """Anything else is no word about a call-back."""
    with pytest.raises(BadCallFactError, match="perhaps"):
        act_from(REACHED.to_fields() | {"answered": "perhaps"})
