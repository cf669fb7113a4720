"""A command is read in every bent form; a report that begins like one is a report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.commands import Cancel, Check, Command, CommandReader, Help, Info, Reference, Stop
from sms_gateway.reading import Complaint

read = CommandReader("BWI").read
FULL = Reference(123, 2026)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("CEK BWI-2026-000123", Check(FULL)),
        ("cek bwi 2026 000123", Check(FULL)),
        ("CEK#BWI-2026-000123", Check(FULL)),
        ("CEK#BWI#2026#000123", Check(FULL)),
        ("cek:BWI2026000123", Check(FULL)),
        ("Cek laporan BWI-2026-000123 ya pak?", Check(FULL)),
        ("tolong cek no BWI-2026-123", Check(FULL)),
        ("cek 2026-000123", Check(FULL)),
        ("cek 123", Check(Reference(123))),
        ("cek tiket nomor 000123.", Check(Reference(123))),
        ("check #123", Check(Reference(123))),
        ("status laporan saya 123", Check(Reference(123))),
        ("STATUS BWI-2026-000123", Check(FULL)),
        ("cek status laporan", Check(None)),
        ("cek", Check(None)),
        ("status?", Check(None)),
        ("BWI-2026-000123", Check(FULL)),
        ("BATAL BWI-2026-000123", Cancel(FULL)),
        ("batal#123", Cancel(Reference(123))),
        ("mohon batalkan laporan 123 ya", Cancel(Reference(123))),
        ("cancel report BWI-2026-000123", Cancel(FULL)),
        ("batal", Cancel(None)),
        ("INFO", Info()),
        (" info. ", Info()),
        ("info 112", Info()),
        ("BANTUAN", Help()),
        ("help", Help()),
        ("STOP", Stop()),
        ("berhenti", Stop()),
    ],
)
def test_command(text: str, command: Command) -> None:
    """Upper case or lower, with or without marks, politeness, the site's code, the year, leading noughts."""
    assert command == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "info ada kebakaran",
        "info kebakaran di pasar",
        "info loker dong",
        "bantuan ambulans segera",
        "bantuan!!!",
        "help! fire",
        "help help",
        "HELP!",
        "tolong",
        "stop ada begal",
        "stop! maling",
        "berhenti di jalan, mobil mogok",
        "cek gas bocor di dapur",
        "cek 112 ada kebakaran",
        "cek rumah jl mawar 12 ada asap",
        "status gunung raung gimana",
        "status jalan rusak 3 km",
        "batal berangkat karena banjir",
        "batalkan, ada tawuran",
        "batalkan 3 orang pingsan",
        "lapor 123",
        "123",
        "112",
        "banjir 2026 123",
        "cek banjir 2026",
        "SBY-2026-000123",
        "",
    ],
)
def test_report(text: str) -> None:
    """Anything beside the command is a report, whatever it begins with."""
    assert isinstance(read(text), Complaint)


def test_form() -> None:
    """The form on the posters comes apart as it always did."""
    assert Complaint("kebakaran", "pasar") == read("LAPOR#kebakaran#pasar")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """No text breaks it."""
    assert isinstance(read(text), Command)


def test_long_text_is_read_at_once() -> None:
    """Marks and filler without end are no reason to think for long."""
    assert isinstance(read("cek no " * 3000 + "x"), Complaint)
