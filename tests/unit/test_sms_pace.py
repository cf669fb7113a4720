"""A SIM sends no faster than it may."""

from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.pace import WINDOW_S, Pace


def test_full_minute() -> None:
    """So many at once, then none until the first is a minute old."""
    pace = Pace(2)
    allowed = []
    for now in (0.0, 1.0, 2.0, 59.9, 60.0, 60.5, 61.0):
        allowed.append(pace.allows(now))
        if allowed[-1]:
            pace.note(now)

    assert [True, True, False, False, True, False, True] == allowed


@given(st.integers(1, 20), st.lists(st.floats(0, 30), max_size=100))
def test_no_minute_has_more(per_minute: int, pauses: list[float]) -> None:
    """However the moments lie, no window of a minute holds more than was allowed."""
    pace, now, sent = Pace(per_minute), 0.0, []
    for pause in pauses:
        now += pause
        if pace.allows(now):
            pace.note(now)
            sent.append(now)

    assert all(sum(at <= other < at + WINDOW_S for other in sent) <= per_minute for at in sent)
