"""What a call by one trunk taught, from Asterisk's events."""

import pytest

from hardware.asterisk.ami import Message
from hardware.asterisk.trunks.trial import Trial, learned


def event(name: str, **headers: str) -> Message:
    """One of this call's."""
    return Message((("Event", name), ("Linkedid", "1.1"), *headers.items()))


def told(name: str, **headers: str) -> Message:
    """What the dialplan says of trunk `a`."""
    return event("UserEvent", UserEvent=name, Trunk="a", **headers)


ORIGINATED = Message(
    (("Event", "DialBegin"), ("DestLinkedid", "1.1"), ("DestChannel", "Local/62812@siaga112-try-a-1;1"))
)
BEGAN = event("DialBegin", DestChannel="PJSIP/trunk-a-00000001", Timestamp="100.5")
ANSWERED = told("Siaga112TrialAnswered", Codec="(alaw)", Encrypted="1", Timestamp="103.0")
HEARD = told("Siaga112TrialHeard", Packets="180")


def tried(dial_status: str) -> Message:
    """The end of the dialling."""
    return told("Siaga112Tried", DialStatus=dial_status)


def ended(status: str) -> Message:
    """The end of the trunk's channel."""
    return event("Hangup", Channel="PJSIP/trunk-a-00000001", TechCause=status)


def test_answered() -> None:
    """The time from the INVITE to the answer, the codec, and what was heard."""
    trial = learned([ORIGINATED, BEGAN, ANSWERED, HEARD, ended("200"), tried("ANSWER")], "a")

    assert Trial("ANSWER", None, 2.5, "alaw", True, 180) == trial
    assert trial.carried
    assert "answered after 2.5 s, codec alaw, speech encrypted (SRTP)" == next(trial.words())


def test_answered_and_not_heard() -> None:
    """One-way speech is no trunk that carries calls."""
    trial = Trial("ANSWER", None, 1.0, "ulaw", False, 0)

    assert not trial.carried
    assert "no speech came from there" in list(trial.words())[1]


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([BEGAN, ended("486"), tried("BUSY")], "the number is busy; 486: who is called is busy"),
        ([tried("CHANUNAVAIL")], "the call did not leave: look at siaga112 trunks list"),
        (
            [BEGAN, ended("487"), tried("NOANSWER")],
            "nobody answered; 487: the call was given up before it was answered",
        ),
    ],
    ids=["busy", "down", "no answer"],
)
def test_not_answered(events: list[Message], words: str) -> None:
    """Why, with the SIP status where there was one."""
    trial = learned(events, "a")

    assert trial is not None
    assert ([words], False) == (list(trial.words()), trial.carried)


@pytest.mark.parametrize("events", [[BEGAN, ANSWERED], [BEGAN, tried("BUSY")], []])
def test_not_over_yet(events: list[Message]) -> None:
    """The end of the dialling and that of the channel come in either order: both are waited for."""
    assert learned(events, "a") is None


def test_another_trunks_call() -> None:
    """What is told of it is not ours."""
    assert learned([BEGAN, ended("486"), tried("BUSY")], "b") is None
