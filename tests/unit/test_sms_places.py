"""The place that a message names is found, however it is written, and no word is taken for one."""

from pathlib import Path

import pytest

from siaga112.demo.city import write_city
from siaga112.settings import demo_settings, load
from sms_gateway.entries import load_lexicon
from sms_gateway.gazetteer import Place, PlaceType, load_places
from sms_gateway.place_finder import PlaceFinder

CSV = """name,type,parent,population
Banyuwangi,kecamatan,,1
Genteng,kecamatan,,2
Licin,kecamatan,,3
Rogojampi,kecamatan,,
Sempu,kecamatan,,
Srono,kecamatan,,
Tegaldlimo,kecamatan,,
Temuguruh,Desa,Sempu,4
Sumber Wadung,desa,Srono,
Sumberejo,desa,Rogojampi,
Sumberejo,desa,Srono,
Krajan,dusun,Temuguruh,
"""


@pytest.fixture
def finder(tmp_path: Path) -> PlaceFinder:
    """The places of a city."""
    file = tmp_path / "places.csv"
    file.write_text(CSV)
    return PlaceFinder(load_places(file), load_lexicon(), "Kabupaten Banyuwangi")


@pytest.mark.parametrize(
    ("text", "name", "parent"),
    [
        ("kebakaran di rogojampi", "Rogojampi", ""),
        ("KEBAKARAN ROGOJAMPI!!!", "Rogojampi", ""),
        ("laka dkt pasar rogojmpi", "Rogojampi", ""),
        ("laka rogojjampi", "Rogojampi", ""),
        ("banjir kec. tegal dlimo", "Tegaldlimo", ""),
        ("longsor sumberwadung", "Sumber Wadung", "Srono"),
        ("rumah terbakar di dsn krajan ds temuguruh kec sempu", "Krajan", "Temuguruh"),
        ("temuguruh sempu", "Temuguruh", "Sempu"),
        ("sumberejo srono", "Sumberejo", "Srono"),
        ("sumberejo", "Sumberejo", "Rogojampi"),
        ("lemah longsor nang licin tulung", "Licin", ""),
        ("mobil selip di kecamatan licin", "Licin", ""),
        ("kebakaran pasar genteng", "Genteng", ""),
        ("tabrakan di genteng", "Genteng", ""),
        ("kec banyuwangi banjir", "Banyuwangi", ""),
    ],
)
def test_named(finder: PlaceFinder, text: str, name: str, parent: str) -> None:
    """In capitals, apart, together, misspelt; the smaller of two, the one whose parent is named."""
    place = finder.find(text)
    assert place is not None
    assert (name, parent) == (place.name, place.parent)


@pytest.mark.parametrize(
    "text",
    [
        "mobil terguling, jalan licin",
        "angin kencang, genteng rumah terbang",
        "tawon nang genteng omah",
        "selamat ulang tahun banyuwangi",
        "kebakaran di banyuwangi",
        "sempat jatuh",
        "",
    ],
)
def test_not_named(finder: PlaceFinder, text: str) -> None:
    """A word that is also a place's name, or near to one, is no place by itself; the regency is not its town."""
    assert finder.find(text) is None


def test_no_places() -> None:
    """A city without a list finds none."""
    assert PlaceFinder((), load_lexicon(), "Kota").find("kebakaran di rogojampi") is None


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ("name,type\nSempu,kecamatan\n,desa\nKabat,planet\n", (Place("Sempu", PlaceType.KECAMATAN),)),
        ("\ufeffname,type,parent\nSempu, KECAMATAN ,\n", (Place("Sempu", PlaceType.KECAMATAN),)),
        ("nama,jenis\nSempu,kecamatan\n", ()),
        ("", ()),
        ("name,type\nSempu", ()),
    ],
)
def test_lines_that_cannot_be_right(tmp_path: Path, content: str, places: tuple[Place, ...]) -> None:
    """They are left out, the rest is read."""
    file = tmp_path / "places.csv"
    file.write_text(content)
    assert places == load_places(file)


def test_demo_city(tmp_path: Path) -> None:
    """Banyuwangi has 25 kecamatan, in the built-in city and in the one that the demo writes."""
    write_city(tmp_path / "siaga112.toml")
    for settings in (demo_settings(tmp_path, {}), load(tmp_path / "siaga112.toml", {})):
        assert settings.site.places is not None
        assert 25 == len({place.name for place in load_places(settings.site.places)})


def test_no_file(tmp_path: Path) -> None:
    """A list that has gone since the configuration was checked stops nobody's message."""
    assert () == load_places(tmp_path / "gone.csv")
