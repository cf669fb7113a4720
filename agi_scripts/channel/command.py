"""An AGI command as bytes.

Asterisk splits the line at blanks, takes "…" as one word and `\\` as the escape of the next character (`parse_args` in
res_agi.c). A line break would end the command and start another, which may be EXEC System: such a word is refused.
"""

from agi_scripts.channel.errors import UnsafeCommandError

# res_agi.c read 2048 bytes at most, with the NUL, before 2025; a longer line becomes two commands.
LONGEST_LINE = 2047


class Quoted(str):
    """A word that has been quoted already."""

    __slots__ = ()


def quote(value: object) -> Quoted:
    """`value` as one quoted word. Raises `UnsafeCommandError` on CR, LF or NUL."""
    if isinstance(value, Quoted):
        return value
    text = str(value)
    if _ends_line(text):
        raise UnsafeCommandError("an AGI word must not hold a line break or NUL")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return Quoted(f'"{escaped}"')


def command_line(verb: str, *words: object) -> bytes:
    """The bytes of one command. pyst2 gives "" for an argument that is left out; an empty `Quoted` word is sent.

    Raises `UnsafeCommandError` if a word cannot be sent or the line is longer than `LONGEST_LINE`.
    """
    if _ends_line(verb):
        raise UnsafeCommandError("an AGI command must not hold a line break or NUL")
    given = [str(quote(word)) for word in words if isinstance(word, Quoted) or word not in ("", None)]
    line = (" ".join([verb.strip(), *given]) + "\n").encode("utf-8", "replace")
    if len(line) > LONGEST_LINE:
        raise UnsafeCommandError(
            f"an AGI command of {len(line)} bytes; {LONGEST_LINE} is the most that every Asterisk reads"
        )
    return line


def _ends_line(text: str) -> bool:
    return "\n" in text or "\r" in text or "\0" in text
