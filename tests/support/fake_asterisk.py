"""A FastAGI client that behaves as Asterisk's res_agi does towards a script, faults included."""

import socket
import threading
from collections.abc import Callable, Mapping

Words = list[str]
Reply = bytes | None
"""None: no answer at all."""

ENVIRONMENT = {
    "agi_network": "yes",
    "agi_request": "agi://127.0.0.1/call",
    "agi_channel": "PJSIP/trunk-a-00000001",
    "agi_language": "id",
    "agi_type": "PJSIP",
    "agi_uniqueid": "1718000000.12",
    "agi_version": "22.10.1",
    "agi_callerid": "081234567890",
    "agi_calleridname": "unknown",
    "agi_context": "siaga112-incoming",
    "agi_extension": "112",
    "agi_priority": "7",
    "agi_accountcode": "",
}

DEAD = b"511 Command Not Permitted on a dead channel or intercept routine\n"


def environment(script: str = "call", **changes: str) -> bytes:
    """The lines that res_agi sends first."""
    lines = {"agi_network_script": script, **ENVIRONMENT, **changes}
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode() + b"\n"


def split_words(line: str) -> Words:
    """A command's words as `parse_args` in res_agi.c finds them."""
    words: Words = []
    current: list[str] | None = None
    quoted = escaped = False
    for character in line:
        if escaped:
            current = [*(current or []), character]
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
            current = [] if current is None else current
        elif character in " \t" and not quoted:
            words += ["".join(current)] if current is not None else []
            current = None
        else:
            current = [*(current or []), character]
    return [*words, "".join(current)] if current is not None else words


class FakeAsterisk:
    """One call in `AGI(agi://…)`: sends the environment, answers each command, and says what AGISTATUS would be."""

    def __init__(
        self,
        connection: socket.socket,
        *,
        script: str = "call",
        variables: Mapping[str, str] | None = None,
        keys: Mapping[str, str] | None = None,
        answer: Callable[[Words], Reply] | None = None,
        changes: Mapping[str, str] | None = None,
        bytewise: bool = False,
    ) -> None:
        """`keys` maps a prompt's name, or "" for silence, to the key pressed there; `answer` may take over a command.

        `changes` are other values in the environment.
        """
        self.commands: list[Words] = []
        self.variables = dict(variables or {})
        self.status = "SUCCESS"
        self._connection = connection
        self._keys = dict(keys or {})
        self._answer = answer
        self._bytewise = bytewise
        self._changed = threading.Condition()
        self._ended = False
        self._dead = False
        self._environment = environment(script, **(changes or {}))
        self._thread = threading.Thread(target=self._run, name="fake-asterisk")
        self._thread.start()

    def wait_for(self, *words: str, count: int = 1, seconds: float = 60.0) -> None:
        """Wait until `count` commands have begun with `words`."""

        def seen() -> bool:
            return sum(command[: len(words)] == list(words) for command in self.commands) >= count

        with self._changed:
            if not self._changed.wait_for(lambda: seen() or self._ended, seconds) or not seen():
                raise AssertionError(f"{words} did not come; there was {self.commands}")

    def finish(self, seconds: float = 60.0) -> None:
        """Wait until the script has ended."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._connection.shutdown(socket.SHUT_RDWR)
            raise AssertionError(f"the script does not end; there was {self.commands}")

    def hang_up(self) -> None:
        """The caller hangs up, AGIEXITONHANGUP is not set: a notice, and every further command is refused."""
        self._dead = True
        self._connection.sendall(b"HANGUP\n")

    def drop(self) -> None:
        """The caller hangs up, AGIEXITONHANGUP is set: the connection ends."""
        self._connection.shutdown(socket.SHUT_RDWR)

    def played(self) -> list[str]:
        """Names of the prompts in the order in which they were played."""
        return [command[2].rpartition("/")[2] for command in self.commands if command[:2] == ["STREAM", "FILE"]]

    def set_order(self) -> list[str]:
        """Names of the channel variables in the order in which they were set."""
        return [command[2] for command in self.commands if command[:2] == ["SET", "VARIABLE"]]

    def _run(self) -> None:
        try:
            self._send(self._environment)
            with self._connection.makefile("rb") as lines:
                for line in lines:
                    if line.startswith(b"failure"):
                        self.status = "FAILURE"
                        break
                    self._command(split_words(line.decode().rstrip("\n")))
        except OSError:
            pass  # either side may end the connection at any moment: that is what is tested
        finally:
            self._connection.close()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _command(self, words: Words) -> None:
        own = self._answer(words) if self._answer else b""
        reply = self._default(words) if own == b"" else own
        with self._changed:
            self.commands.append(words)
            self._changed.notify_all()
        if reply:
            self._send(reply)

    def _default(self, words: Words) -> bytes:
        match words:
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                reply = "200 result=1"
            case ["GET", "VARIABLE", name]:
                reply = f"200 result=1 ({self.variables[name]})" if name in self.variables else "200 result=0"
            case _ if self._dead:
                reply = DEAD.decode().rstrip()
            case ["STREAM", "FILE", name, _digits, _offset]:
                reply = f"200 result={self._pressed(name.rpartition('/')[2])} endpos=8000"
            case ["WAIT", "FOR", "DIGIT", _milliseconds]:
                reply = f"200 result={self._pressed('')}"
            case ["CHANNEL", "STATUS"]:
                reply = "200 result=6"
            case ["EXEC", "MSet", pairs]:
                self.variables |= dict(pair.split("=", 1) for pair in pairs.split(","))
                reply = "200 result=0"
            case ["EXEC", *_]:
                reply = "200 result=0"
            case _:
                reply = "510 Invalid or unknown command"
        return f"{reply}\n".encode()

    def _pressed(self, where: str) -> int:
        key = self._keys.pop(where, "")
        return ord(key) if key else 0

    def _send(self, data: bytes) -> None:
        if not self._bytewise:
            self._connection.sendall(data)
            return
        for number in range(len(data)):
            self._connection.sendall(data[number : number + 1])


def call(address: tuple[str, int], **options: object) -> FakeAsterisk:
    """Begin a call at a FastAGI server; `options` are those of `FakeAsterisk`."""
    connection = socket.create_connection(address, timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return FakeAsterisk(connection, **options)  # type: ignore[arg-type]
