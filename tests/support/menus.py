"""A menu of two levels, as an admin writes one."""

from pathlib import Path

from siaga112.settings import Settings
from tests.support.call_desk import city

MENU = """
repeat = "*"

[[menus]]
name = "utama"

[[menus.items]]
key = "1"
category = "kebakaran"

[[menus.items]]
key = "2"
menu = "kota"
say = { id = "Urusan kota", en = "The city" }

[[menus.items]]
key = "8"
information = "banjir"
say = { id = "Info banjir", en = "Floods" }
text = { id = "Jalan Raya Rogojampi tergenang.", en = "The road to Rogojampi is flooded." }

[[menus]]
name = "kota"

[[menus.items]]
key = "1"
category = "lampu"
say = { id = "Lampu mati", en = "A lamp that is out" }
"""


def with_menu(folder: Path, text: str = MENU, extra: str = "") -> Settings:
    """The small city with this menu, all of it in `folder`."""
    path = folder / "menu.toml"
    path.write_text(text, "utf-8")
    settings = city(extra)
    return settings.model_copy(
        update={
            "ivr": settings.ivr.model_copy(update={"menu": path}),
            "site": settings.site.model_copy(update={"state_dir": folder / "state"}),
        }
    )
