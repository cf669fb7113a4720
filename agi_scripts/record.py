"""`AGI(agi://…/record)`: an operator records a prompt by telephone, after `[ivr] record_pin`.

Asterisk writes the recording below the state directory, so it and this script must run on one machine.
"""

import hmac
from pathlib import Path
from tempfile import TemporaryDirectory

from agi_scripts.channel import Channel
from agi_scripts.studio import Studio
from ivr.desk import Desk
from ivr.errors import IvrError, RecordingRefusedError
from ivr.prompts.catalogue import Prompt, all_prompts
from ivr.prompts.importing import PATIENCE, adopt, prepare
from siaga112 import log
from siaga112.paths import StatePaths

TRIES = 3
MOST_TAKES = 5  # of a telephone that lies beside its hook
LONGEST_PIN = 8
LONGEST_NUMBER = 4
KEEP, AGAIN = "1", "2"
# For the silence before and after; it is cut off.
_SPARE_SECONDS = 4.0

_log = log.get(__name__)


def run(channel: Channel, desk: Desk) -> None:
    """Serve one call."""
    studio = Studio(channel, desk)
    if not _is_allowed(studio, desk.settings.ivr.record_pin.get_secret_value()):
        studio.say("not-allowed")
        return
    while (prompt := _chosen(studio, desk)) is not None:
        _record(studio, desk, prompt)


def _is_allowed(studio: Studio, pin: str) -> bool:
    for _ in range(TRIES if pin else 0):
        typed = studio.number("enter-pin", LONGEST_PIN)
        if hmac.compare_digest(typed, pin):
            return True
        _log.warning("record.wrong_pin")
        if typed:
            studio.say("wrong-pin")
    return False


def _chosen(studio: Studio, desk: Desk) -> Prompt | None:
    """The prompt whose number, as `prompts list` has it, is dialled; None for whoever wants no more."""
    prompts = all_prompts(desk.settings)
    for _ in range(TRIES):
        typed = studio.number("enter-prompt-number", LONGEST_NUMBER)
        if not typed:
            return None
        if typed.isdecimal() and 1 <= int(typed) <= len(prompts):
            return prompts[int(typed) - 1]
        studio.say("wrong-prompt-number")
    return None


def _record(studio: Studio, desk: Desk, prompt: Prompt) -> None:
    """One take after the other until one is kept; silence after a take means that nobody wants it."""
    folder = StatePaths(desk.settings.site.state_dir).prompt_takes.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        for _ in range(MOST_TAKES):
            if not _take(studio, desk, prompt, Path(scratch)):
                return


def _take(studio: Studio, desk: Desk, prompt: Prompt, folder: Path) -> bool:
    """Whether another one is wanted."""
    take = folder / "take.wav"
    studio.say("recording-prompt-start")
    if not studio.record(take, prompt.longest * PATIENCE + _SPARE_SECONDS):
        studio.say("recording-failed")
        return False
    try:
        prepared = prepare(take, prompt, folder)
    except RecordingRefusedError as error:
        _log.info("record.refused", prompt=prompt.name, language=prompt.language, reason=str(error))
        return studio.say(f"recording-{error.refusal}") in ("", AGAIN)
    except IvrError as error:
        _log.error("record.failed", prompt=prompt.name, language=prompt.language, error=str(error))
        studio.say("recording-failed")
        return False
    studio.play(prepared)
    answer = studio.choice("recording-keep")
    if answer == KEEP:
        adopt(desk.settings, prepared, prompt)
        _log.info("record.kept", prompt=prompt.name, language=prompt.language, seconds=round(prepared.seconds, 1))
        studio.say("recording-saved")
    return answer == AGAIN
