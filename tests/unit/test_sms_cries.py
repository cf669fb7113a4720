"""Who cries for help is answered first, and told to call: whatever the words, however few."""

from pathlib import Path

import pytest

from siaga112.settings import demo_settings
from sms_gateway.classifier import LIFE_IN_DANGER, Classifier
from sms_gateway.replies import Replies

DEMO = demo_settings(Path("/nowhere"), {})
classify = Classifier(DEMO.categories).classify


@pytest.mark.parametrize(
    "text",
    [
        "tolong",
        "TOLONG!!!",
        "tolooong saya",
        "minta tolong segera pak",
        "sos",
        "SOS!",
        "darurat",
        "gawat darurat",
        "bantuan!",
        "butuh bantuan sekarang",
        "help!",
        "help me",
        "HELP HELP",
        "tulungi aku",
        "tolong saya takut ada orang masuk rumah",
        "tolong saya dirampok",
        "tolong saya disekap",
        "istri saya dipukuli suaminya sekarang",
        "suami saya memukuli saya",
        "saya diancam",
        "ada maling di dalam rumah saya sekarang",
        "orang mau dobrak pintu",
        "ada perampok bersenjata",
        "ular masuk kamar bayi",
        "stop ada begal",
        "someone is breaking into my house",
    ],
)
def test_cry(text: str) -> None:
    """It goes to the front, and the reply begins with what to do."""
    verdict = classify(text)
    reply = Replies(DEMO).received(
        ticket="BWI-2026-000123", category=verdict.category, priority=verdict.priority, language="id"
    )

    assert (True, LIFE_IN_DANGER) == (verdict.in_danger, verdict.priority)
    assert "DARURAT? Segera telepon 112." in reply


@pytest.mark.parametrize(
    "text",
    [
        "",
        "saya",
        "112",
        "segera",
        "tolong perbaiki jalan",
        "mohon bantuan lampu jalan mati",
        "bantuan sosial belum cair",
        "nomor darurat berapa",
        "lampu darurat mati",
        "ada ular di jalan",
        "maling ayam semalam",
        "jalan rawan begal, mohon lampu",
    ],
)
def test_no_cry(text: str) -> None:
    """The same words in what can wait: the front would be no front."""
    assert not classify(text).in_danger
