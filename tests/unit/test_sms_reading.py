"""The form on the posters, LAPOR#kategori#isi, in the ways in which people bend it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.reading import Complaint, read_complaint


@pytest.mark.parametrize(
    ("text", "hint", "body"),
    [
        ("LAPOR#kebakaran#Warung terbakar", "kebakaran", "Warung terbakar"),
        ("lapor # Kebakaran # Warung terbakar ", "Kebakaran", "Warung terbakar"),
        ("Lapor#medis#a#b", "medis", "a#b"),
        ("LAPOR*medis*sesak napas", "medis", "sesak napas"),
        ("LAPOR/banjir/rumah", "banjir", "rumah"),
        ("LAPOR|banjir|rumah", "banjir", "rumah"),
        ("#LAPOR#banjir#rumah", "banjir", "rumah"),
        ("“LAPOR#medis#sesak", "medis", "sesak"),
        ("Yth. Bupati, LAPOR#medis#sesak", "medis", "sesak"),
        ("LAPOR#medis#", "medis", ""),
        ("LAPOR##banjir", "", "banjir"),
        ("LAPOR#\nmedis\n#\nbaris satu\nbaris dua", "medis", "baris satu\nbaris dua"),
        ("lapor#jalan berlubang", "", "jalan berlubang"),
        ("LAPOR banjir", "", "banjir"),
        ("lapor: pohon tumbang", "", "pohon tumbang"),
        ("LAPOR - medis - sesak", "", "medis - sesak"),
        ("laporan banjir", "", "laporan banjir"),
        ("ada kebakaran", "", "ada kebakaran"),
        ("LAPOR", "", "LAPOR"),
        ("lapor #", "", "lapor #"),
        ("", "", ""),
        (" \n ", "", ""),
    ],
)
def test_form(text: str, hint: str, body: str) -> None:
    """The category that was named, where one was, and the complaint; nothing is refused for its form."""
    assert Complaint(hint, body) == read_complaint(text)


@given(st.text(), st.sampled_from(["", "LAPOR", "LAPOR#", "lapor#medis#", "#lapor*"]))
def test_any_text_is_a_complaint(text: str, lead: str) -> None:
    """No text breaks it, and what is read stood in the message."""
    read = read_complaint(lead + text)
    assert read.hint in lead + text
    assert read.body in lead + text
