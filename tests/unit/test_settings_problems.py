"""A mistake in the configuration is one line: where, what is wrong, what would be right. No mistake makes two."""

import pytest

from tests.support.configuration import SOUND, problems_of, spoil

ONE_MISTAKE = {
    "unknown key": (
        ('sip_port = 5060', 'sip_prt = 5060'),
        'city.toml: asterisk.sip_prt: unknown key; did you mean "sip_port"?',
    ),
    "unknown key that is at home elsewhere": (
        ('name = "Kota Contoh"', "ami_port = 1"),
        'city.toml: site.ami_port: unknown key; "ami_port" belongs in [asterisk]',
    ),
    "unknown key that resembles none": (
        ("port = 8112", "colour = 1"),
        "city.toml: web.colour: unknown key; the keys here are bind, port, public_url",
    ),
    "misspelt key that has no default": (
        ('name = "telkom-a"', 'nmae = "telkom-a"'),
        'city.toml: trunks[telkom-a].nmae: unknown key; did you mean "name"?',
    ),
    "misspelt code of an agency that categories name": (
        ('code = "damkar"', 'cod = "damkar"'),
        'city.toml: agencies[damkar].cod: unknown key; did you mean "code"?',
    ),
    "misspelt key with a value of the wrong type": (
        ("digit = 7", 'digits = "7"'),
        'city.toml: categories[medis].digits: unknown key; did you mean "digit"?',
    ),
    "misspelt table": (("[asterisk]", "[asterix]"), 'city.toml: asterix: unknown key; did you mean "asterisk"?'),
    "missing key": (
        ('host = "sip.example.net"', ""),
        "city.toml: trunks[indosat].host: is missing; write it: the operator's SIP server, host or host:port",
    ),
    "missing code of an agency that categories name": (
        ('code = "damkar"', ""),
        "city.toml: agencies[#1].code: is missing; write it: what categories and tickets call it",
    ),
    "text for a number": (
        ("sip_port = 5060", 'sip_port = "5060"'),
        'city.toml: asterisk.sip_port: "5060" is no whole number; write a whole number from 1 to 65535, without quotes',
    ),
    "fraction for a number": (
        ("sip_port = 5060", "sip_port = 5060.0"),
        "city.toml: asterisk.sip_port: 5060.0 is no whole number; write a whole number from 1 to 65535, without quotes",
    ),
    "true for a number": (
        ("digit = 7", "digit = true"),
        "city.toml: categories[medis].digit: true is no whole number; write a whole number from 1 to 9, without quotes",
    ),
    "number for a text": (
        ('extension = "1002"', "extension = 1002"),
        "city.toml: operators[#2].extension: 1002 is no text; write text in quotes",
    ),
    "text for a switch": (
        ('username = "city"', 'register = "yes"\nusername = "city"'),
        'city.toml: trunks[telkom-a].register: "yes" is neither true nor false; write true or false, without quotes',
    ),
    "text for a list": (
        ('dids = ["112"]', 'dids = "112"'),
        'city.toml: trunks[telkom-a].dids: "112" is no list; write values in square brackets, [ ]',
    ),
    "empty list that must not be": (
        ('dids = ["112"]', "dids = []"),
        "city.toml: trunks[telkom-a].dids: is empty; write at least one value, or leave the key out",
    ),
    "text for a mapping": (
        ('name = { id = "Kebakaran", en = "Fire" }', 'name = "Kebakaran"'),
        'city.toml: categories[api].name: "Kebakaran" is no table; '
        'write names and values in braces, { name = "value" }',
    ),
    "value for a table": (
        ("[site]", "lapor = 1\n[site]"),
        "city.toml: lapor: 1 is no table; write [lapor] and its keys below",
    ),
    "port out of range": (
        ("agi_port = 4573", "agi_port = 70000"),
        "city.toml: asterisk.agi_port: 70000 is out of range; write a whole number from 1 to 65535",
    ),
    "digit out of range": (
        ("digit = 7", "digit = 12"),
        "city.toml: categories[medis].digit: 12 is out of range; write a whole number from 1 to 9",
    ),
    "no such codec": (
        ('dids = ["112"]', 'codecs = ["opus"]'),
        'city.toml: trunks[telkom-a].codecs: "opus" is not known; write "alaw", "ulaw" or "g722"',
    ),
    "no such language": (
        ('en = "Fire"', 'nl = "Brand"'),
        'city.toml: categories[api].name.nl: "nl" is not known; write "id", "en" or "jv"',
    ),
    "no such time zone": (
        ('code = "CTH"', 'timezone = "Asia/Banyuwangi"'),
        'city.toml: site.timezone: "Asia/Banyuwangi" is no time zone; write an IANA name such as "Asia/Jakarta"',
    ),
    "no such country": (
        ('code = "CTH"', 'country = "Indonesia"'),
        'city.toml: site.country: "Indonesia" is no country; '
        'write its two capital letters (ISO 3166-1), such as "ID"',
    ),
    "no host": (
        ('"203.0.113.10:5060"', '"203.0.113.10:506000"'),
        'city.toml: trunks[telkom-a].host: "203.0.113.10:506000" is no host; '
        'write host or host:port, such as "203.0.113.10:5060"',
    ),
    "no network": (
        ('"203.0.113.0/29"', '"203.0.113.1/29"'),
        'city.toml: trunks[telkom-a].match: "203.0.113.1/29" is no address or network; '
        'write one such as "203.0.113.0/29"',
    ),
    "no SIP address": (
        ('"sip:10.0.0.21:5060"', '"10.0.0.21"'),
        'city.toml: operators[1001].contact: "10.0.0.21" is no SIP address; write one such as "sip:10.0.0.21:5060"',
    ),
    "no telephone number": (
        ('"+628123450001"', '"08x"'),
        'city.toml: agencies[damkar].sms: "08x" is no telephone number; '
        'write it with its country code, such as "+628123450001"',
    ),
    "telephone number cut short": (
        ('"+628113000112"', '"+62811"'),
        'city.toml: modems[simpati].number: "+62811" is no telephone number; '
        'write it with its country code, such as "+628123450001"',
    ),
    "neighbour without a number": (
        ('"+62331112"', '"Jember"'),
        'city.toml: routing.neighbours.Kabupaten Jember: "Jember" cannot be used here; '
        'write a telephone number such as "+628123450001"',
    ),
    "no sender": (
        ('"TELKOMSEL"', '"a name much too long"'),
        'city.toml: sms.blocked: "a name much too long" is no sender; '
        'write a number such as "+628123450001", a short code or a sender name',
    ),
    "no DID": (
        ('dids = ["112"]', 'dids = ["one-one-two"]'),
        'city.toml: trunks[telkom-a].dids: "one-one-two" cannot be used here; '
        'write 2 to 15 digits as the trunk sends them, such as "112"',
    ),
    "no feature code": (
        ('"*11"', '"11"'),
        'city.toml: features.login: "11" cannot be used here; write * or # and digits, such as "*11"',
    ),
    "no modem port": (
        ('"/dev/ttyUSB2"', '"ttyUSB2"'),
        'city.toml: modems[simpati].port: "ttyUSB2" is no modem port; '
        'write a device such as "/dev/ttyUSB2", "socket://host:port" or "simulator"',
    ),
    "no web address": (
        ('port = 8112', 'public_url = "example.go.id"'),
        'city.toml: web.public_url: "example.go.id" is no web address; write one such as "https://example.go.id"',
    ),
    "no database": (
        ("[sms]", '[store]\nurl = "postgres://db"\n[sms]'),
        "city.toml: store.url: is no database address that is supported; "
        'write one such as "postgresql+psycopg://user@host/siaga112" or "sqlite:////srv/siaga112.db", or ""',
    ),
    "Sentinel without a service": (
        ("[sms]", '[redis]\nurl = "redis+sentinel://a:26379,b:26379"\n[sms]'),
        "city.toml: redis.url: is no Redis address; "
        'write redis://host:6379/0, rediss://…, redis+sentinel://a:26379,b:26379/name, or ""',
    ),
    "name that could leave its line": (
        ('name = "Ani"', 'name = "Ani\\n[general]"'),
        "city.toml: operators[1001].name: holds a line break or control character; "
        "write printable characters on one line",
    ),
    "file that is not there": (
        ("[sms]", '[ivr]\nmenu = "menu.toml"\n[sms]'),
        'city.toml: ivr.menu: "/nowhere/menu.toml" is no file that can be read; write the path of one, or "" for none',
    ),
    "directory that is not there": (
        ("[sms]", '[ivr]\nprompts_dir = "/nowhere/sounds"\n[sms]'),
        'city.toml: ivr.prompts_dir: "/nowhere/sounds" is no directory that can be read; '
        'write the path of one, or "" for none',
    ),
    "secret twice": (
        ('password = "hidden"', 'password = "hidden"\npassword_file = "p"'),
        "city.toml: trunks[telkom-a].password_file: password is given too; keep either password or password_file",
    ),
    "secret in a file that is not there": (
        ('password = "hidden"', 'password_file = "p"'),
        'city.toml: trunks[telkom-a].password_file: "p" cannot be read (no such file or directory); '
        "write the path of a file that this user may read",
    ),
    "secret of the wrong type": (
        ('password = "hidden"', "password = 271828"),
        "city.toml: trunks[telkom-a].password: its value is no text; write text in quotes",
    ),
    "single table for a list": (
        ('[[modems]]\nname = "simpati"\nport = "/dev/ttyUSB2"\nnumber = "+628113000112"\n\n[[modems]]', "[modems]"),
        "city.toml: modems: is no list of tables; write [[modems]] above each one",
    ),
    "list for a single table": (
        ("[web]", "[[web]]"),
        'city.toml: web: [{"port": 8112}] is no table; write [web] and its keys below',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "line"), ONE_MISTAKE.values(), ids=ONE_MISTAKE.keys())
def test_one_mistake_is_one_line(change: tuple[str, str], line: str) -> None:
    """Each kind of mistake gives exactly one line, with its place, what is wrong and what would be right."""
    assert [line] == [str(problem) for problem in problems_of(spoil(change))]


MIXES = {
    "the five that are easily made": [
        "unknown key",
        "no such codec",
        "digit out of range",
        "misspelt code of an agency that categories name",
        "secret twice",
    ],
    "several in one table": ["port out of range", "no host", "misspelt key that has no default", "no DID"],
    "spread over the file": [
        "no such time zone",
        "port out of range",
        "no SIP address",
        "no telephone number",
        "no modem port",
        "no feature code",
        "neighbour without a number",
        "no sender",
        "missing key",
        "no such language",
    ],
    "misspelt tables beside wrong values": ["misspelt table", "no web address", "secret of the wrong type"],
}


@pytest.mark.parametrize("labels", MIXES.values(), ids=MIXES.keys())
def test_every_mistake_is_said_at_once(labels: list[str]) -> None:
    """As many mistakes as a file has, so many lines it gives, each the same as if it were alone."""
    changes, lines = zip(*(ONE_MISTAKE[label] for label in labels), strict=True)

    assert sorted(lines) == sorted(str(problem) for problem in problems_of(spoil(*changes)))


def test_a_sound_file_has_no_problem() -> None:
    """What the mistakes are made in is itself without any."""
    assert problems_of(SOUND) == []


def test_a_secret_is_never_shown() -> None:
    """A wrong value of a secret is said without the value."""
    text = spoil(('password = "hidden"', 'password = "open\\nsesame"'))

    assert not any("sesame" in str(problem) for problem in problems_of(text))


def test_a_long_value_is_cut() -> None:
    """A value of any length leaves a line that a person can read."""
    text = spoil(('"203.0.113.10:5060"', f'"{"x" * 100_000}"'))

    assert all(len(str(problem)) < 500 for problem in problems_of(text))
