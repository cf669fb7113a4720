"""What Asterisk says about the call before the first command: lines `agi_name: value`, ended by a blank one."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Environment:
    """The AGI environment. All of it comes from outside: a caller may have written `callerid` and `calleridname`."""

    values: Mapping[str, str]

    @property
    def script(self) -> str:
        """Path of a FastAGI request, without the query: `call` of `agi://host:4573/call?x=1`."""
        return self.values.get("agi_network_script", "").partition("?")[0].strip("/")

    @property
    def channel(self) -> str:
        return self.values.get("agi_channel", "")

    @property
    def uniqueid(self) -> str:
        return self.values.get("agi_uniqueid", "")

    @property
    def callerid(self) -> str:
        """The caller's number as the trunk gave it, empty when it gave none (Asterisk says `unknown`)."""
        number = self.values.get("agi_callerid", "")
        return "" if number == "unknown" else number

    @property
    def extension(self) -> str:
        return self.values.get("agi_extension", "")

    def argument(self, number: int) -> str | None:
        """What stands after the script in the dialplan's AGI(), counted from 1; None where nothing does."""
        before = 0 if self.script else 1  # a classic AGI has the script's name there
        return self.values.get(f"agi_arg_{number + before}")


def environment_from(lines: list[str]) -> Environment:
    """Read the lines before the blank one. A line without a colon is dropped: Asterisk sends none."""
    pairs = [line.split(":", 1) for line in lines if ":" in line]
    return Environment({key.strip(): value.strip() for key, value in pairs})
