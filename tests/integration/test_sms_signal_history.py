"""How strong a modem's signal was during the last day."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from sms_gateway.signal_history import EVERY, KEPT, SignalHistory, SignalSample

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def history(redis_client: Redis) -> SignalHistory:
    """An empty one."""
    return SignalHistory(redis_client)


def test_the_weakest_of_ten_minutes_counts(history: SignalHistory) -> None:
    """A short loss shows, however many good looks follow."""
    for minute, dbm in enumerate((-71, -103, -71, -69)):
        history.note("m", dbm, NOON + timedelta(minutes=minute))
    history.note("m", -75, NOON + EVERY)

    assert [SignalSample(NOON, -103), SignalSample(NOON + EVERY, -75)] == history.read("m", NOON + EVERY)


def test_a_day_is_kept(history: SignalHistory) -> None:
    """No more is kept, and no more is shown of a modem that is away."""
    for sample in range(KEPT + 20):
        history.note("m", -71, NOON + sample * EVERY)
    last = NOON + (KEPT + 19) * EVERY

    assert KEPT == len(history.read("m", last))
    assert KEPT - 10 == len(history.read("m", last + 10 * EVERY))
    assert [] == history.read("m", last + timedelta(days=2))


def test_each_modem_has_its_own(history: SignalHistory) -> None:
    """What one hears says nothing of the other."""
    history.note("m", -71, NOON)

    assert [] == history.read("n", NOON)
