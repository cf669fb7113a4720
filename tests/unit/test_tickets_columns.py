"""What goes into a column comes out of it, or is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect

from tickets.database.columns import NAME_LENGTH, ForeignName, UtcDateTime, storable

SQLITE = dialect()
anything = st.text(st.characters(codec=None, exclude_categories=()))
plain = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(anything)
def test_any_text_can_be_stored(text: str) -> None:
    """Whatever an SMS held is valid UTF-8 without NUL afterwards, and storing it again changes nothing."""
    stored = storable(text)

    assert "\0" not in stored
    assert stored == storable(stored.encode().decode())


@given(plain)
def test_good_text_is_stored_to_the_letter(text: str) -> None:
    """Nothing that a database can keep is altered."""
    assert text == storable(text)


def test_halves_of_an_emoji_are_joined() -> None:
    """A surrogate pair that came as two characters is the one that was meant."""
    assert storable("\ud83d\ude92") == "\N{FIRE ENGINE}"


def test_a_name_is_cut() -> None:
    """A caller ID of a megabyte cannot break an index."""
    assert ForeignName().process_bind_param("9" * 1_000_000, SQLITE) == "9" * NAME_LENGTH


def test_a_time_without_offset_is_refused() -> None:
    """No guess about whose clock it was."""
    with pytest.raises(ValueError, match="without an offset"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 1), SQLITE)


def test_a_time_is_stored_as_utc() -> None:
    """Noon in Jakarta is five in the morning."""
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=7)))
    bound = UtcDateTime().process_bind_param(noon, SQLITE)

    assert bound is not None
    assert (bound.hour, bound.tzinfo) == (5, UTC)
