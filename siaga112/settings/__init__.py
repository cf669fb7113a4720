"""Configuration: one TOML file and the environment, read once into one typed object."""

from siaga112.phone import NumberFormat
from siaga112.settings.built_in import template
from siaga112.settings.city import demo_settings
from siaga112.settings.doubts import Doubt, doubts
from siaga112.settings.kinds import Codec, Dtmf, Language, Transport
from siaga112.settings.lines import Modem, Operator, Trunk, Twilio
from siaga112.settings.load import compose, find_config, is_empty, load
from siaga112.settings.models import Settings
from siaga112.settings.monitoring import Monitoring
from siaga112.settings.problems import ConfigurationError, Problem
from siaga112.settings.service import Agency, Category, Features, Ivr, Lapor, Recording, Routing, Sms
from siaga112.settings.site import Asterisk, Redis, Site, Store, Web

__all__ = [
    "Agency",
    "Asterisk",
    "Category",
    "Codec",
    "ConfigurationError",
    "Doubt",
    "Dtmf",
    "Features",
    "Ivr",
    "Language",
    "Lapor",
    "Modem",
    "Monitoring",
    "NumberFormat",
    "Operator",
    "Problem",
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
    "compose",
    "demo_settings",
    "doubts",
    "find_config",
    "is_empty",
    "load",
    "template",
]
