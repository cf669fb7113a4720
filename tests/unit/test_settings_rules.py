"""What must hold between keys: said once, at the value that is probably the wrong one."""

import pytest

from tests.support.configuration import problems_of, spoil

RULES = {
    "category that names no agency": (
        [('agencies = ["damkar"]', 'agencies = ["dinkez"]')],
        ['categories[api].agencies: "dinkez" is the code of no [[agencies]]; did you mean "dinkes"?'],
    ),
    "category that names no agency and none is near": (
        [('agencies = ["damkar"]', 'agencies = ["pln"]')],
        ['categories[api].agencies: "pln" is the code of no [[agencies]]; write one of damkar, dinkes'],
    ),
    "slip in the code of an agency that two categories name": (
        [('code = "damkar"', 'code = "damkarr"')],
        ['categories[api].agencies: "damkar" is the code of no [[agencies]]; did you mean "damkarr"?'],
    ),
    "agency left out that two categories name": (
        [('[[agencies]]\ncode = "damkar"\nname = "Pemadam"\nsms = ["+628123450001"]\n', "")],
        [
            'categories[api].agencies: "damkar" is the code of no [[agencies]]; write one of dinkes',
            'categories[medis].agencies: "damkar" is the code of no [[agencies]]; write one of dinkes',
        ],
    ),
    "categories and no agencies": (
        [
            ('[[agencies]]\ncode = "damkar"\nname = "Pemadam"\nsms = ["+628123450001"]\n', ""),
            ('[[agencies]]\ncode = "dinkes"\nsms = ["+628123450003"]\n', ""),
        ],
        ['categories[api].agencies: "damkar" is the code of no [[agencies]]; add [[agencies]] with this code; '
         "the file has none"],
    ),
    "skill that is no category": (
        [('skills = ["api"]', 'skills = ["banjir"]')],
        ['operators[1001].skills: "banjir" is the code of no [[categories]]; write one of api, medis'],
    ),
    "two categories on one digit": (
        [("digit = 7", "digit = 1")],
        ["categories[medis].digit: 1 is that of categories[api] too; "
         "give each category a key of its own; free: 2, 3, 4, 5, 6, 7, 8, 9"],
    ),
    "category pasted twice": (
        [("[features]", '[[categories]]\ncode = "api"\ndigit = 1\n[features]')],
        ['categories[api].code: "api" is that of an earlier one too; give each of the categories its own code'],
    ),
    "two trunks of one name": (
        [('name = "indosat"', 'name = "telkom-a"')],
        ['trunks[telkom-a].name: "telkom-a" is that of an earlier one too; give each of the trunks its own name'],
    ),
    "two operators at one extension": (
        [('extension = "1002"', 'extension = "1001"')],
        ['operators[1001].extension: "1001" is that of an earlier one too; '
         "give each of the operators its own extension"],
    ),
    "two operators with one phone": (
        [('extension = "1002"', 'extension = "1002"\ncontact = "sip:10.0.0.21:5060"')],
        ['operators[1002].contact: "sip:10.0.0.21:5060" is that of operators[1001] too; '
         "give each of the operators its own contact"],
    ),
    "two modems on one port": (
        [('"socket://127.0.0.1:7001"', '"/dev/ttyUSB2"')],
        ['modems[mentari].port: "/dev/ttyUSB2" is that of modems[simpati] too; '
         "give each of the modems its own port"],
    ),
    "modem with the name of the other channel": (
        [('name = "simpati"', 'name = "twilio"')],
        ['modems[twilio].name: "twilio" is what the line of [twilio] is called; give the modem another name'],
    ),
    "two simulated modems": (
        [('"socket://127.0.0.1:7001"', '"simulator"'), ('"/dev/ttyUSB2"', '"simulator"')],
        [],
    ),
    "two servers on one port, the one that was moved is said": (
        [("ami_port = 5038", "ami_port = 5060")],
        ["asterisk.ami_port: 5060 is asterisk.sip_port too; write a port that is free"],
    ),
    "two servers on one port, the other is at its default": (
        [("[web]\nport = 8112", ""), ("sip_port = 5060", "sip_port = 8112")],
        ["asterisk.sip_port: 8112 is web.port too; write a port that is free"],
    ),
    "a server's port among those for speech": (
        [("agi_port = 4573", "agi_port = 10500")],
        ["asterisk.agi_port: 10500 lies within asterisk.rtp_ports; write a port outside 10000 to 10999"],
    ),
    "ports for speech that hold all servers'": (
        [("rtp_ports = [10000, 10999]", "rtp_ports = [4000, 9000]")],
        ["asterisk.rtp_ports: 4000 to 9000 holds asterisk.sip_port 5060, asterisk.ami_port 5038, "
         "asterisk.agi_port 4573, web.port 8112; write a range without them, such as [10000, 10999]"],
    ),
    "ports for speech the wrong way round": (
        [("rtp_ports = [10000, 10999]", "rtp_ports = [10999, 10000]")],
        ["asterisk.rtp_ports: 10999 to 10000 is no range; write [10000, 11008]"],
    ),
    "no room for the speech of one call": (
        [("rtp_ports = [10000, 10999]", "rtp_ports = [10000, 10001]")],
        ["asterisk.rtp_ports: 10000 to 10001 has no room for a call: each of its two legs takes two ports, the first "
         "even; write [10000, 10999], four for each call at a time"],
    ),
    "four ports that are no two pairs": (
        [("rtp_ports = [10000, 10999]", "rtp_ports = [10001, 10004]")],
        ["asterisk.rtp_ports: 10001 to 10004 has no room for a call: each of its two legs takes two ports, the first "
         "even; write [10001, 11000], four for each call at a time"],
    ),
    "two features on one code": (
        [('login = "*11"', 'login = "*13"')],
        ['features.pause: "*13" is features.login too; give each a code of its own'],
    ),
    "a code that begins with another": (
        [('login = "*11"', 'login = "*1"\nlisten = "*11"\nlogout = "*21"\nprank = "*91"\n'
          'pause = "*55"\nresume = "*56"')],
        ['features.listen: "*11" begins with "*1", which is features.login; '
         "write codes of which none begins with another"],
    ),
    "an agency that is called on the emergency number": (
        [('code = "damkar"', 'code = "damkar"\nphone = "112"')],
        ['agencies[damkar].phone: "112" is the number that citizens dial here; write the one that reaches them'],
    ),
    "a neighbour on an extension": (
        [('"+62331112"', '"1001"')],
        ['routing.neighbours.Kabupaten Jember: "1001" is the extension of an operator; '
         "give the operator another extension"],
    ),
    "extension that is the emergency number": (
        [('extension = "1002"', 'extension = "112"')],
        ['operators[112].extension: "112" is the emergency number; write another extension, such as "1001"'],
    ),
    "registration without a user": (
        [('host = "sip.example.net"', 'host = "sip.example.net"\nregister = true')],
        ["trunks[indosat].username: is empty, but register = true; write the user that the operator gave"],
    ),
    "encrypted speech without TLS": (
        [('extension = "1002"', 'extension = "1002"\nsrtp = true')],
        ["operators[1002].srtp: is true, but there is no asterisk.certificate; write one: without it there is no TLS"],
    ),
    "trunks and nobody who can be rung": (
        [('contact = "sip:10.0.0.21:5060"', ""), ('fallback_number = "110"', "")],
        ["operators: no call can reach anybody: none has a secret or contact, and there is no "
         "routing.fallback_number; write the secret of a phone that registers, or the contact of another"],
    ),
    "nobody who can be rung, but an outside number": ([('contact = "sip:10.0.0.21:5060"', "")], []),
    "nobody outside, but one who can be rung": ([('fallback_number = "110"', "")], []),
    "Twilio without its token": (
        [("[sms]", '[twilio]\naccount_sid = "AC1"\n[sms]')],
        ["twilio.auth_token: is empty, but account_sid is set; write the account's token"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "lines"), RULES.values(), ids=RULES.keys())
def test_rule_between_keys(changes: list[tuple[str, str]], lines: list[str]) -> None:
    """A broken rule gives the lines of the table and no other."""
    assert [f"city.toml: {line}" for line in lines] == [str(problem) for problem in problems_of(spoil(*changes))]


def test_rules_are_checked_beside_wrong_values() -> None:
    """A value that is wrong in itself does not hide that others do not fit together."""
    text = spoil(
        ("sip_port = 5060", "sip_port = 99999"),
        ("digit = 7", "digit = 1"),
        ('agencies = ["damkar"]', 'agencies = ["pln"]'),
        ('name = "indosat"', 'name = "telkom-a"'),
        ('"*11"', '"*12"'),
    )

    assert {
        "asterisk.sip_port",
        "categories[medis].digit",
        "categories[api].agencies",
        "trunks[telkom-a].name",
        "features.logout",
    } == {problem.key for problem in problems_of(text)}
    assert len(problems_of(text)) == 5
