"""What comes with the program: the demo city, and the services of a city that names none of its own."""

import re
import secrets
import tomllib
from importlib.resources import files

from siaga112.settings.schema import Tables


def services() -> Tables:
    """Nine categories and their agencies; nobody can be told until the city adds contacts."""
    return tomllib.loads(_text("services.toml"))


def demo_city() -> Tables:
    """The tables of the demo city, fresh: the caller may change them."""
    city = tomllib.loads(demo_city_text())
    contacts = {agency["code"]: agency for agency in city["agencies"]}
    known = services()
    return {
        **city,
        **known,
        "site": city["site"] | {"places": str(files("siaga112.settings") / "demo_places.txt")},
        "agencies": [agency | contacts[agency["code"]] for agency in known["agencies"]],
    }


def demo_city_text() -> str:
    """What is the demo city's own, as a file, with new secrets for its phones."""
    return _with_secrets(_text("demo_city.toml"))


def template() -> str:
    """A commented configuration to start from: every key, with its default or an example, and new secrets."""
    return f"{_with_secrets(_text('template.toml'))}\n{_text('services.toml')}"


def _with_secrets(text: str) -> str:
    """A secret that came with the program would be everybody's: each operator gets one that nobody else has."""
    return re.sub(r'(?m)^secret = ""', lambda _: f'secret = "{secrets.token_urlsafe(12)}"', text)


def _text(name: str) -> str:
    return files("siaga112.settings").joinpath(name).read_text(encoding="utf-8")
