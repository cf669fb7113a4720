"""Configuration: one TOML file and the environment, read once into one typed object."""

from siaga112.phone import NumberFormat
from siaga112.settings.fields import Codec, Dtmf, Language, Transport
from siaga112.settings.lines import Modem, Operator, Trunk, Twilio
from siaga112.settings.models import Settings
from siaga112.settings.service import Agency, Category, Features, Ivr, Lapor, Recording, Routing, Sms
from siaga112.settings.site import Asterisk, Redis, Site, Store, Web

__all__ = [
    "Agency",
    "Asterisk",
    "Category",
    "Codec",
    "Dtmf",
    "Features",
    "Ivr",
    "Language",
    "Lapor",
    "Modem",
    "NumberFormat",
    "Operator",
    "Recording",
    "Redis",
    "Routing",
    "Settings",
    "Site",
    "Sms",
    "Store",
    "Transport",
    "Trunk",
    "Twilio",
    "Web",
]
