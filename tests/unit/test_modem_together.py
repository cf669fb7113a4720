"""Several deletions on a line: which, and how long the line may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.modem.together import LINE_LIMIT, deletions, time_for


@pytest.mark.parametrize(
    ("indexes", "lines"),
    [
        ([], []),
        ([7], ["AT+CMGD=7"]),
        ([1, 2, 3, 4, 5, 6], ["AT+CMGD=1;+CMGD=2;+CMGD=3;+CMGD=4;+CMGD=5", "AT+CMGD=6"]),
        ([251, 252, 253, 254, 255], ["AT+CMGD=251;+CMGD=252;+CMGD=253;+CMGD=254", "AT+CMGD=255"]),
    ],
)
def test_lines(indexes: list[int], lines: list[str]) -> None:
    """In their order."""
    assert lines == [line for _, line in deletions(indexes)]


@given(st.lists(st.integers(0, 65_535), unique=True))
def test_each_once_and_no_line_too_long(indexes: list[int]) -> None:
    """What a modem may cut off would be an index that nobody meant."""
    given_out = list(deletions(indexes))

    assert indexes == [index for some, _ in given_out for index in some]
    assert [f"AT{';'.join(f'+CMGD={index}' for index in some)}" for some, _ in given_out] == [
        line for _, line in given_out
    ]
    assert all(len(line.removeprefix("AT")) <= LINE_LIMIT for _, line in given_out)


def test_time() -> None:
    """A line of four may take as long as four lines."""
    assert 4 * time_for("AT+CMGD=1", 1).total_s == time_for("AT+CMGD=1;+CMGD=2;+CMGD=3;+CMGD=4", 4).total_s
