"""AGI commands: what a caller or a trunk sends is a word, never a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agi_scripts.channel import UnsafeCommandError
from agi_scripts.channel.command import LONGEST_LINE, command_line, quote
from tests.support.fake_asterisk import split_words

INJECTIONS = [
    'a"\nEXEC System "touch /tmp/x',
    "a\rEXEC System x",
    "a\0b",
    "\n",
    "HANGUP\n",
]


@pytest.mark.parametrize("name", INJECTIONS)
def test_a_line_break_is_refused_and_nothing_is_sent(name: str) -> None:
    """A caller's name with a line break would be a second command."""
    with pytest.raises(UnsafeCommandError):
        command_line("SET VARIABLE", "X", name)


def test_a_line_break_in_the_command_is_refused() -> None:
    """The command itself is checked like its words."""
    with pytest.raises(UnsafeCommandError):
        command_line("NOOP\nEXEC System x")


@given(
    st.text(alphabet=st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=1, max_size=200)
)
def test_asterisk_reads_the_word_that_was_given(word: str) -> None:
    """Quotes, backslashes and blanks of a word come out of Asterisk's parser as they went in."""
    line = command_line("SET VARIABLE", "X", word)

    assert ["SET", "VARIABLE", "X", word] == split_words(line.decode().rstrip("\n"))


def test_a_word_left_out_is_not_sent_and_an_empty_one_is() -> None:
    """`CHANNEL STATUS ""` asks for a channel without name; pyst2 means our own by an empty text."""
    assert command_line("CHANNEL STATUS", "") == b"CHANNEL STATUS\n"
    assert command_line("SET VARIABLE", quote("X"), quote("")) == b'SET VARIABLE "X" ""\n'


def test_a_line_that_asterisk_would_cut_is_refused() -> None:
    """Older versions read 2048 bytes and take the rest for a command."""
    with pytest.raises(UnsafeCommandError):
        command_line("SET VARIABLE", "X", "a" * LONGEST_LINE)
