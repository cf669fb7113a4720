"""The AGI channel over a real socket, with an other end that does all that goes wrong."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from asterisk.agi import AGIAppError, AGIHangup

from agi_scripts.channel import (
    AgiProtocolError,
    Channel,
    ChannelHungUp,
    CommandFailedError,
    CommandRefusedError,
    CommandTimeout,
    EnvironmentIncomplete,
    UnsafeCommandError,
    socket_wire,
)
from tests.support.fake_asterisk import DEAD, FakeAsterisk, Reply, Words, environment

Answer = Callable[[Words], Reply]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end and Asterisk's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def on(command: str, reply: Reply) -> Answer:
    """Answer one command so; the others as Asterisk does."""
    return lambda words: reply if " ".join(words).startswith(command) else b""


class Conversation:
    """A channel and the Asterisk at its other end."""

    def __init__(self, pair: tuple[socket.socket, socket.socket], **options: object) -> None:
        ours, theirs = pair
        self._ours = ours
        self.asterisk = FakeAsterisk(theirs, **options)  # type: ignore[arg-type]
        self.channel = Channel(socket_wire(ours))

    def __enter__(self) -> "Conversation":
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.close()
        self.asterisk.finish()


Pair = tuple[socket.socket, socket.socket]


@pytest.mark.parametrize("bytewise", [False, True], ids=["at once", "byte by byte"])
def test_commands_of_pyst2_work(pair: Pair, bytewise: bool) -> None:
    """Play, key, variable: as pyst2 names them, also when every byte comes alone."""
    with Conversation(pair, keys={"menu": "3"}, bytewise=bytewise) as talk:
        channel = talk.channel
        channel.set_variable("X", 'a "b" \\ (c)')

        assert channel.get_variable("X") == 'a "b" \\ (c)'
        assert channel.get_variable("UNSET") == ""
        assert channel.stream_file("/prompts/id/menu", seconds=1.0) == "3"
        assert channel.wait_for_digit(100) == ""
        assert channel.environment.callerid == "081234567890"


def test_a_missing_file_is_no_hangup(pair: Pair) -> None:
    """`result=-1` with the caller still there is a failed command: the call goes on."""
    with Conversation(pair, answer=on("STREAM FILE", b"200 result=-1 endpos=0\n")) as talk:
        with pytest.raises(CommandFailedError) as failure:
            talk.channel.stream_file("/prompts/id/none")

        assert not isinstance(failure.value, AGIHangup)
        assert not talk.channel.hungup
        assert talk.asterisk.commands[-1] == ["CHANNEL", "STATUS"]


HANGUPS = {
    "a notice after the result": {"STREAM FILE": b"200 result=-1 endpos=0\nHANGUP\n"},
    "a notice before the result": {"STREAM FILE": b"HANGUP\n200 result=-1 endpos=0\n"},
    "a notice with a good result": {"STREAM FILE": b"HANGUP\n200 result=0 endpos=0\n"},
    "the next command is refused": {"STREAM FILE": b"200 result=-1 endpos=0\n", "CHANNEL STATUS": DEAD},
    "the channel is down": {"STREAM FILE": b"200 result=-1 endpos=0\n", "CHANNEL STATUS": b"200 result=-1\n"},
    "511": {"STREAM FILE": DEAD},
}


@pytest.mark.parametrize("replies", HANGUPS.values(), ids=HANGUPS.keys())
def test_every_shape_of_a_hangup_is_one_error(pair: Pair, replies: dict[str, bytes]) -> None:
    """However Asterisk tells it, a caller who hung up is a `ChannelHungUp`, and stays one."""

    def answer(words: Words) -> Reply:
        return next((reply for start, reply in replies.items() if " ".join(words).startswith(start)), b"")

    with Conversation(pair, answer=answer) as talk:
        with pytest.raises(ChannelHungUp):
            talk.channel.stream_file("/prompts/id/menu")
        with pytest.raises(ChannelHungUp):
            talk.channel.set_variable("X", "1")

        assert talk.channel.hungup


def test_a_hangup_between_commands_is_noticed_at_the_next(pair: Pair) -> None:
    """SET VARIABLE succeeds on a dead channel, so only the notice tells."""
    with Conversation(pair) as talk:
        talk.asterisk.hang_up()

        with pytest.raises(ChannelHungUp):
            talk.channel.set_variable("X", "1")


def test_a_late_notice_does_not_shift_the_replies(pair: Pair) -> None:
    """A reply is never that of the command before, whatever came in between."""
    shifted = on("GET VARIABLE A", b"200 result=1 (a)\nb)\n200 result=1 (evil)\n")
    with Conversation(pair, answer=shifted, variables={"B": "of B"}) as talk:
        talk.channel.get_variable("A")

        assert talk.channel.get_variable("B") == "of B"


def test_what_follows_a_value_later_is_no_reply(pair: Pair) -> None:
    """The rest of a value with line breaks may come by itself; it does not answer the next command."""
    with Conversation(pair, answer=on("GET VARIABLE A", b"200 result=1 (a)\n"), variables={"B": "of B"}) as talk:
        talk.channel.get_variable("A")
        pair[1].sendall(b"b)\n200 result=1 (evil)\n")

        assert talk.channel.get_variable("B") == "of B"


def test_the_end_of_the_connection_is_a_hangup(pair: Pair) -> None:
    """AGIEXITONHANGUP=yes: Asterisk just closes."""
    with Conversation(pair) as talk:
        talk.asterisk.drop()

        with pytest.raises(ChannelHungUp):
            talk.channel.stream_file("/prompts/id/menu")


def test_no_answer_is_an_error_after_the_deadline(pair: Pair) -> None:
    """A frozen Asterisk does not hold the thread, and a late reply is not taken for another command's."""
    with Conversation(pair, answer=on("WAIT FOR DIGIT", None)) as talk:
        with pytest.raises(CommandTimeout):
            talk.channel.execute("WAIT FOR DIGIT", 10, seconds=0.05)
        with pytest.raises(ChannelHungUp):
            talk.channel.get_variable("X")


@pytest.mark.parametrize(
    "reply",
    [
        b"510 Invalid or unknown command\n",
        b"520-Usage:\nNOOP\n520 End of proper usage.\n",
        b"503 result=-2 no memory\n",
    ],
)
def test_a_refused_command_leaves_the_call(pair: Pair, reply: bytes) -> None:
    """A fault of ours is told apart from a hang-up, and the next command works."""
    with Conversation(pair, answer=on("NOOP", reply), variables={"X": "1"}) as talk:
        with pytest.raises(CommandRefusedError):
            talk.channel.noop()

        assert talk.channel.get_variable("X") == "1"


def test_garbage_is_a_typed_error(pair: Pair) -> None:
    """What is no AGI ends the channel with an error that the flow knows."""
    with Conversation(pair, answer=on("NOOP", b"200 SSH-2.0-OpenSSH\n")) as talk, pytest.raises(AgiProtocolError):
        talk.channel.noop()


def test_an_unknown_application_is_a_failed_command(pair: Pair) -> None:
    """EXEC answers -2 for an application that there is not."""
    with Conversation(pair, answer=on("EXEC", b"200 result=-2\n")) as talk, pytest.raises(CommandFailedError):
        talk.channel.exec_command("Nonsense", "a b", "c")


def test_the_last_word_is_done_without_a_further_one(pair: Pair) -> None:
    """Asterisk finds the end behind it, does it, and its word for the end is no hang-up of the caller's."""
    with Conversation(pair, answer=on("EXEC", b"200 result=0\nHANGUP\n")) as talk:
        talk.channel.exec_last("MSet", "A=1", "B=2")
        talk.asterisk.finish()
        talk.channel.confirm_last()

        assert [["EXEC", "MSet", "A=1,B=2"]] == talk.asterisk.commands
        with pytest.raises(ChannelHungUp):
            talk.channel.noop()


UNDONE: dict[str, tuple[bytes, type[Exception]]] = {
    "the caller is gone": (b"HANGUP\n", ChannelHungUp),
    "the channel is dead": (DEAD, ChannelHungUp),
    "no such application": (b"200 result=-2\n", CommandFailedError),
    "refused": (b"520 Invalid command syntax.\n", CommandRefusedError),
}


@pytest.mark.parametrize(("reply", "error"), UNDONE.values(), ids=UNDONE.keys())
def test_a_last_word_that_was_not_done_is_an_error(pair: Pair, reply: bytes, error: type[Exception]) -> None:
    """Who was claimed for this caller can be given back."""
    with Conversation(pair, answer=on("EXEC", reply)) as talk:
        talk.channel.exec_last("MSet", "A=1")
        with pytest.raises(error):
            talk.channel.confirm_last()


def test_words_of_every_command_are_quoted(pair: Pair) -> None:
    """Commands that pyst2 sends as they are arrive as the words that were meant."""
    with Conversation(pair, answer=lambda _: b"200 result=0\n") as talk:
        talk.channel.exec_command("Dial", "PJSIP/1001", 30, "m(my class)")
        talk.channel.stream_file("/prompts/my file", "12")
        talk.channel.say_digits("112", "1")
        expected = [
            ["EXEC", "Dial", "PJSIP/1001,30,m(my class)"],
            ["STREAM", "FILE", "/prompts/my file", "12", "0"],
            ["SAY", "DIGITS", "112", "1"],
        ]

        assert expected == talk.asterisk.commands


def test_an_injected_command_is_not_sent(pair: Pair) -> None:
    """Nothing at all goes out of a word with a line break in it; the call goes on."""
    with Conversation(pair) as talk:
        with pytest.raises(UnsafeCommandError):
            talk.channel.set_variable("X", 'a"\nEXEC System "touch /tmp/x')
        talk.channel.set_variable("Y", "1")

        assert talk.asterisk.commands == [["SET", "VARIABLE", "Y", "1"]]


def test_waiting_ends_by_the_wake_or_by_the_time(pair: Pair) -> None:
    """While a caller waits the script sleeps on both: the line and whatever wakes it."""
    reader, writer = os.pipe()
    try:
        with Conversation(pair) as talk:
            assert talk.channel.wait(reader, 0.01) is False
            os.write(writer, b"x")
            assert talk.channel.wait(reader, 10.0) is True
    finally:
        os.close(reader)
        os.close(writer)


def test_a_hangup_ends_the_waiting(pair: Pair) -> None:
    """A caller who hangs up while waiting frees the script at once."""
    reader, writer = os.pipe()
    try:
        with Conversation(pair) as talk:
            threading.Timer(0.05, talk.asterisk.hang_up).start()
            with pytest.raises(ChannelHungUp):
                talk.channel.wait(reader, 60.0)
    finally:
        os.close(reader)
        os.close(writer)


BROKEN_ENVIRONMENTS = {
    "nothing": b"",
    "half a line": b"agi_netw",
    "no blank line": environment()[:-1],
    "not AGI": b"GET / HTTP/1.1\r\nHost: x",
    "without end": b"agi_x: y\n" * 5000,
}


@pytest.mark.parametrize("sent", BROKEN_ENVIRONMENTS.values(), ids=BROKEN_ENVIRONMENTS.keys())
@pytest.mark.parametrize("closed", [True, False], ids=["then closed", "then silent"])
def test_half_an_environment_is_no_call(pair: Pair, sent: bytes, closed: bool) -> None:
    """A probe, a port scan and a slow sender are told apart from a call within the deadline."""
    ours, theirs = pair
    theirs.sendall(sent)
    if closed:
        theirs.close()

    with pytest.raises(EnvironmentIncomplete):
        Channel(socket_wire(ours), environment_seconds=0.05)


def test_signals_and_standard_error_are_left_alone(pair: Pair, capfd: pytest.CaptureFixture[str]) -> None:
    """pyst2 takes SIGHUP and writes each line, the caller's number included, to standard error."""
    before = signal.getsignal(signal.SIGHUP)
    with Conversation(pair) as talk:
        talk.channel.set_variable("X", "1")

        assert before == signal.getsignal(signal.SIGHUP)
        sys.stderr.flush()
        assert capfd.readouterr() == ("", "")


def test_errors_are_those_that_scripts_of_pyst2_catch() -> None:
    """A script that catches `AGIHangup` and `AGIAppError` still does."""
    assert issubclass(ChannelHungUp, AGIHangup)
    assert issubclass(CommandFailedError, AGIAppError)
    assert not issubclass(CommandFailedError, AGIHangup)
