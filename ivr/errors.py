"""What the phone menu's makers can be told.

IvrError
+-- MissingToolError       a program that speaks or converts is not installed: says which, and how to get it
+-- BuildError             it is there and failed: says which prompt, and the program's own words
+-- UnplayableError        a recording that Asterisk cannot play: says what it is and what would be right
+-- UnknownPromptError     there is no prompt of this name or number: says which there are
+-- RecordingRefusedError  a recording that callers should not hear: says why, for record it again
"""

from ivr.prompts.loudness import Refusal


class IvrError(Exception):
    """Something about menu or prompts that a person can mend."""


class MissingToolError(IvrError):
    """A program that building prompts needs is not installed."""

    def __init__(self, tool: str, package: str) -> None:
        super().__init__(f"{tool} is not installed: apt install {package}")
        self.tool = tool


class BuildError(IvrError):
    """A prompt could not be built."""


class UnplayableError(IvrError):
    """A sound file that Asterisk would play as silence, or not at all."""


class UnknownPromptError(IvrError):
    """A prompt that nobody is ever told."""


class RecordingRefusedError(IvrError):
    """A recording that is too loud, too quiet, too long or too short."""

    def __init__(self, refusal: Refusal, problem: str) -> None:
        super().__init__(problem)
        self.refusal = refusal


class IllegalEventError(IvrError):
    """An event that the state table does not have."""
