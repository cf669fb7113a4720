"""Values in Asterisk's files: read back to the letter, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.asterisk.errors import RenderError
from hardware.asterisk.syntax import LONGEST_VALUE, config_value, dialplan_value

LONG = "x" * (LONGEST_VALUE + 1)


def read_back(written: str) -> str:
    """What Asterisk makes of `key = written` (`process_text_line` and `config_text_file_load` in config.c)."""
    line = f"key = {written}"
    position = 0
    while (position := line.find(";", position)) >= 0:
        if line[position - 1] != "\\":
            line = line[:position]
            break
        line = line[: position - 1] + line[position:]
    return line.partition("=")[2].strip()


@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=60))
def test_what_is_written_is_read_back(text: str) -> None:
    """Semicolons, backslashes, brackets, equals signs and quotes come back as they were."""
    assert text == read_back(config_value(text))


@pytest.mark.parametrize(
    "text",
    [
        "se\ncret",
        "se\r\n[cret]",
        "se\0cret",
        "se\tcret",
        " secret",
        "secret ",
        "se\u2028cret",
        "x" * (LONGEST_VALUE + 1),
    ],
    ids=["newline", "section", "nul", "tab", "blank before", "blank after", "line separator", "too long"],
)
def test_what_cannot_be_carried_is_refused(text: str) -> None:
    """A value that Asterisk would read as something else is an error, which does not show it."""
    with pytest.raises(RenderError) as raised:
        config_value(text)

    assert "cret" not in str(raised.value)


@pytest.mark.parametrize("value", [None, True, 1.5, b"x", ["x"]])
def test_only_texts_and_numbers_are_written(value: object) -> None:
    """A forgotten conversion is an error, not the word "None" in a file."""
    with pytest.raises(RenderError):
        config_value(value)


@pytest.mark.parametrize("text", ["${X}", "$[1]", "a,b", "a)b", "a b", "a;b", "a|b", "a&b", 'a"b', "a\\b", "a\nb", "é"])
def test_dialplan_takes_nothing_that_it_would_interpret(text: str) -> None:
    """Names, numbers and addresses pass; whatever means something in the dialplan does not."""
    with pytest.raises(RenderError):
        dialplan_value(text)


@pytest.mark.parametrize("text", ["1001", "telkom-a", "+62331110", "agi://127.0.0.1:4573", "agi://[::1]:4573", "a.b_c"])
def test_dialplan_takes_names_numbers_and_addresses(text: str) -> None:
    """What settings hold for the dialplan is written as it is."""
    assert text == dialplan_value(text)
