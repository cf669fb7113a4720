"""The generated configuration as a whole: everything that is configured is in it, and nothing that is not meant."""

import re
from pathlib import Path
from typing import Any

import pytest

from hardware.asterisk.cdr import FIELDS
from hardware.asterisk.errors import RenderError
from hardware.asterisk.layout import Layout
from hardware.asterisk.probe_way import ENDPOINT
from hardware.asterisk.render import AmiUser, agi_url, render, write
from siaga112.settings import Settings

LAYOUT = Layout.under(Path("/var/lib/siaga112"))


def settings(**tables: Any) -> Settings:
    """A small centre; `tables` replaces whole tables."""
    return Settings.model_validate(
        {
            "trunks": [
                {"name": "telkom-a", "host": "203.0.113.10:5060", "match": ["203.0.113.0/29"], "priority": 2},
                {"name": "indosat", "host": "sip.example.net", "number_format": "local", "caller_id": "+62333112"},
            ],
            "operators": [
                {"extension": "1001", "secret": "geheim"},
                {"extension": "1002", "contact": "sip:10.0.0.21:5060"},
                {"extension": "1003"},
            ],
        }
        | tables
    )


def files(**tables: Any) -> dict[str, str]:
    """What is rendered for such a centre."""
    return render(settings(**tables), LAYOUT, Path("/srv/prompts"), AmiUser("siaga112", "ami-secret"))


def sections(text: str) -> dict[tuple[str, str], list[str]]:
    """The lines of each section of pjsip.conf by its name and type."""
    found = {}
    for block in re.split(r"(?m)^(?=\[)", text)[1:]:
        name, *lines = [line for line in block.splitlines() if line and not line.startswith((";", "#"))]
        kind = next(line.partition("= ")[2] for line in lines if line.startswith("type = "))
        found[name.strip("[]"), kind] = lines
    return found


def test_every_trunk_has_a_file_of_its_own() -> None:
    """One torn file takes one trunk with it, no more."""
    rendered = files()

    for name in ("telkom-a", "indosat"):
        assert f'#include "pjsip.d/trunk-{name}.conf"' in rendered["pjsip.conf"]
        kinds = {kind for _, kind in sections(rendered[f"pjsip.d/trunk-{name}.conf"])}
        assert {"endpoint", "aor", "identify"} == kinds


def test_every_operator_with_a_phone_is_a_queue_member() -> None:
    """The fallback knows every phone; an operator without one is in neither."""
    rendered = files()

    members = re.findall(r"(?m)^member => PJSIP/(\d+)$", rendered["queues.conf"])
    endpoints = [name for name, kind in sections(rendered["pjsip.conf"]) if kind == "endpoint" and name != ENDPOINT]
    assert ["1001", "1002"] == members == endpoints
    assert "Dial(PJSIP/1001&PJSIP/1002," in rendered["extensions.conf"]


def test_phone_without_a_password_is_known_by_its_address() -> None:
    """Who is not asked for a password must call from where the phone is, and cannot register."""
    found = sections(files()["pjsip.conf"])

    assert ("1002", "auth") not in found
    assert "permit = 10.0.0.21" in found["1002", "endpoint"]
    assert "deny = 0.0.0.0/0,::/0" in found["1002", "endpoint"]
    assert [] == [line for line in found["1002", "aor"] if line.startswith("max_contacts")]


def test_trunk_is_not_known_by_a_name() -> None:
    """Whoever writes `trunk-indosat` into From is no trunk: only addresses count."""
    found = sections(files()["pjsip.d/trunk-indosat.conf"])

    assert "identify_by = ip" in found["trunk-indosat", "endpoint"]


def test_networks_of_an_operator() -> None:
    """A phone may be only where the settings say."""
    operator = {"extension": "1001", "secret": "x", "networks": ["10.0.0.0/24", "10.1.0.0/24"]}

    endpoint = sections(files(operators=[operator])["pjsip.conf"])["1001", "endpoint"]

    assert ["permit = 10.0.0.0/24", "permit = 10.1.0.0/24"] == [line for line in endpoint if line.startswith("permit")]


def test_registration_never_gives_up() -> None:
    """Ten failures or a refusal are no reason to stop trying."""
    trunk = {"name": "a", "host": "192.0.2.1", "register": True, "username": "city", "password": "p", "dids": ["0331"]}

    found = sections(files(trunks=[trunk])["pjsip.d/trunk-a.conf"])

    registration = found["trunk-a", "registration"]
    assert "max_retries = 1000000" in registration
    assert "auth_rejection_permanent = no" in registration
    assert "client_uri = sip:city@192.0.2.1" in registration
    assert "contact_user = 0331" in registration


def test_trunk_without_match_is_known_by_its_host() -> None:
    """Calls are taken from the host's own address when no other is named."""
    assert "match = sip.example.net" in files()["pjsip.d/trunk-indosat.conf"]


@pytest.mark.parametrize(
    ("host", "match"),
    [("192.0.2.1:5070", "192.0.2.1"), ("[2001:db8::1]:5060", "2001:db8::1"), ("2001:db8::1", "2001:db8::1")],
)
def test_match_is_a_host_without_port(host: str, match: str) -> None:
    """An identify section takes addresses, not ports."""
    assert f"match = {match}\n" in files(trunks=[{"name": "a", "host": host}])["pjsip.d/trunk-a.conf"]


def test_tls_trunks_that_believe_different_authorities(tmp_path: Path) -> None:
    """A transport believes one file, so there is one for each, on ports of their own."""
    ours = tmp_path / "ours.pem"
    ours.touch()
    trunks = [
        {"name": "a", "host": "192.0.2.1", "transport": "tls"},
        {"name": "b", "host": "192.0.2.2", "transport": "tls", "ca_file": str(ours)},
        {"name": "c", "host": "192.0.2.3", "transport": "tls"},
    ]
    rendered = files(trunks=trunks)
    found = sections(rendered["pjsip-transports.conf"])

    used = {name: re.findall(r"(?m)^transport = (.*)$", rendered[f"pjsip.d/trunk-{name}.conf"])[0] for name in "abc"}
    assert {"a": "transport-tls", "b": "transport-tls-2", "c": "transport-tls"} == used
    assert "bind = 127.0.0.1:5061" in found["transport-tls", "transport"]
    assert "bind = 127.0.0.1:5062" in found["transport-tls-2", "transport"]
    assert f"ca_list_file = {ours}" in found["transport-tls-2", "transport"]


def test_phones_over_tls(tmp_path: Path) -> None:
    """With a certificate to show there is a TLS transport; a phone that is to encrypt is offered nothing else."""
    pem = tmp_path / "certificate.pem"
    pem.touch()
    operators = [{"extension": "1001", "secret": "x", "srtp": True}, {"extension": "1002", "secret": "y"}]
    rendered = files(trunks=[], operators=operators, asterisk={"certificate": pem, "private_key": pem})
    found = sections(rendered["pjsip.conf"])

    transport = sections(rendered["pjsip-transports.conf"])["transport-tls", "transport"]
    assert {"bind = 127.0.0.1:5061", f"cert_file = {pem}"} <= set(transport)
    assert "media_encryption = sdes" in found["1001", "endpoint"]
    assert "media_encryption = sdes" not in found["1002", "endpoint"]


def test_outside_number_by_priority_and_format() -> None:
    """The best trunk comes first; each gets the number and shows the caller as its operator wants."""
    dialplan = files(routing={"fallback_number": "+62331110110"})["extensions.conf"]
    fallback = dialplan.partition("[siaga112-fallback]")[2].partition("\n[")[0]

    dialled = re.findall(r"Dial\(PJSIP/([^@]*)@trunk-([a-z-]*),60,.*?f\(([^)]*)\)", fallback)
    assert [("0331110110", "indosat", "0333112"), ("62331110110", "telkom-a", "112")] == dialled


def contexts(dialplan: str) -> dict[str, str]:
    """The text of each context by its name."""
    return {context.partition("]")[0]: context for context in dialplan.split("\n[")[1:]}


def ways_out(dialplan: str) -> dict[str, list[str]]:
    """The numbers that each context dials by a trunk."""
    found = {name: re.findall(r"Dial\(PJSIP/(.*)@trunk-", text) for name, text in contexts(dialplan).items()}
    return {name: numbers for name, numbers in found.items() if numbers and not name.startswith("siaga112-try-")}


def test_only_the_console_calls_by_a_trunk_of_its_choice() -> None:
    """Nothing in the dialplan leads into the contexts of `trunks test --call`."""
    dialplan = files()["extensions.conf"]

    assert ["[siaga112-try-telkom-a]", "[siaga112-try-indosat]"][::-1] == re.findall(r".*siaga112-try-.*", dialplan)


def test_nothing_configured_no_way_out() -> None:
    """Only a number that a script names, of a caller who called here, is dialled, digits and nothing else."""
    assert {
        "siaga112-call-back": ["${FILTER(0-9+,${SIAGA112_TO_E164})}", "${FILTER(0-9+,${SIAGA112_TO_LOCAL})}"][::-1]
    } == ways_out(files()["extensions.conf"])


def test_only_what_is_configured_leads_out() -> None:
    """The fallback number in the fallback, agencies and neighbours where callers are led on."""
    agency = {"code": "dinkes", "phone": "119"}
    dialplan = files(
        agencies=[agency],
        routing={"fallback_number": "110", "neighbours": {"Kabupaten Jember": "+62331112"}},
    )["extensions.conf"]
    found = ways_out(dialplan)

    assert ["110"] * 2 == found["siaga112-fallback"]
    assert {"119", "0331112", "62331112"} == set(found["siaga112-transfer"])
    assert {"siaga112-fallback", "siaga112-transfer", "siaga112-call-back"} == found.keys()


def test_a_number_outside_is_dialled_as_a_person_would() -> None:
    """With the country's prefix or without, since a key pad has no plus."""
    dialplan = files(routing={"neighbours": {"Kabupaten Jember": "+62331112"}})["extensions.conf"]
    led_to = dialplan.partition("[siaga112-transfer]")[2].partition("\n[")[0]

    assert {"1001", "1002", "+62331112", "62331112", "0331112"} == set(re.findall(r"(?m)^exten => ([^,]*),", led_to))


def test_what_a_phone_may_dial() -> None:
    """The feature codes, those about an operator with each extension, and whom callers may be led to."""
    dialplan = files(features={"login": "*91"})["extensions.conf"]
    phones = dialplan.partition("[siaga112-operator]")[2].partition("\n[")[0]

    about = [code + extension for code in ("*31", "*32", "*33") for extension in ("1001", "1002")]
    assert ["*91", "*12", "*13", "*14", "*21", "*22", "*23", *about] == re.findall(r"(?m)^exten => ([^,]*),", phones)
    assert "include => siaga112-transfer" in phones


def test_only_the_operators_side_may_lead_a_caller_on() -> None:
    """Dial's `t` is for who is called, `T` for who calls: a caller has neither, an outside number neither."""
    dialplan = files(routing={"fallback_number": "110"}, agencies=[{"code": "dinkes", "phone": "119"}])[
        "extensions.conf"
    ]

    for name, context in contexts(dialplan).items():
        for dialled, options in re.findall(r"Dial\((.*?),[^,]*,g([a-zA-Z]*)", context):
            assert ("t" in options) == ("@trunk-" not in dialled), f"{name}: {dialled}"
            assert ("T" in options) == (name == "siaga112-call-back"), f"{name}: {dialled}"


def test_nobody_who_is_rung_may_send_the_call_elsewhere() -> None:
    """Option `i` of Dial and Queue: a phone or a trunk that answers 302 is one that does not take the call."""
    dialplan = files(routing={"fallback_number": "110"}, agencies=[{"code": "dinkes", "phone": "119"}])[
        "extensions.conf"
    ]
    rung = [line for line in dialplan.splitlines() if ",Dial(" in line or ",Queue(" in line]

    assert [] == [line for line in rung if not re.search(r",[gc]?i[a-zA-Z$(]", line)]


def test_codes_pressed_in_a_call() -> None:
    """As configured; the pick-up code, which a caller might dial, is none."""
    features = files(features={"transfer": "*71"})["features.conf"].splitlines()

    assert {"atxfer = *71", "blindxfer = *42", "atxferthreeway = *43", "pickupexten ="} <= set(features)


def test_hangup_handlers_call_no_script() -> None:
    """A script that hangs in a handler would keep the line for ever."""
    dialplan = files()["extensions.conf"]
    texts = contexts(dialplan)
    handlers = set(re.findall(r"hangup_handler_push\)=([a-z0-9-]*),", dialplan))

    assert {
        "siaga112-ended",
        "siaga112-own-ended",
        "siaga112-asked",
        "siaga112-joined-ended",
        "siaga112-left",
        "siaga112-tried",
        "siaga112-trial-heard",
    } == handlers
    assert [] == [name for name in handlers if "AGI(" in texts[name]]


def test_how_a_talk_ended_is_read_once_a_look() -> None:
    """The other side's thread writes it between any two steps: read twice, an ended talk looks like a lost operator."""
    spoken = contexts(files()["extensions.conf"])["siaga112-spoken"]

    assert ["Set(SIAGA112_SEEN=${SIAGA112_LEFT})"] == re.findall(r"[^,]*SIAGA112_LEFT\b.*", spoken)


def test_call_record_has_what_the_reader_reads() -> None:
    """The hangup handlers set each column that cdr_custom writes, and no other."""
    rendered = files()

    assert list(FIELDS) == re.findall(r"CDR\(([a-z0-9_]+)\)", rendered["cdr_custom.conf"])
    assert set(FIELDS[1:]) == set(re.findall(r"[(,]CDR\(([a-z0-9_]+)\)=", rendered["extensions.conf"]))


def test_other_steps_of_a_call_begin_asterisk_anew() -> None:
    """A caller who is being rung for goes on by the number of a line; what else changes is reloaded under calls."""
    recorded, silent = (files(recording={"enabled": enabled}) for enabled in (True, False))
    fewer = files(operators=[])

    assert recorded["asterisk.conf"] != silent["asterisk.conf"]
    assert recorded["extensions.conf"] != fewer["extensions.conf"]
    assert recorded["asterisk.conf"] == fewer["asterisk.conf"]


def test_secrets_are_where_they_belong() -> None:
    """No password is in a file that does not need it."""
    trunk = {"name": "a", "host": "192.0.2.1", "username": "city", "password": "trunk-secret"}
    rendered = files(trunks=[trunk], operators=[{"extension": "1001", "secret": "phone-secret"}])

    assert ["pjsip.d/trunk-a.conf"] == [name for name, text in rendered.items() if "trunk-secret" in text]
    assert ["pjsip.conf"] == [name for name, text in rendered.items() if "phone-secret" in text]
    assert ["manager.conf"] == [name for name, text in rendered.items() if "ami-secret" in text]


def test_password_that_cannot_be_carried() -> None:
    """A password that Asterisk would cut is refused, not cut."""
    with pytest.raises(RenderError, match=r"^pjsip\.conf: "):
        files(operators=[{"extension": "1001", "secret": "ends in a blank "}])


def test_for_an_asterisk_of_somebody_else() -> None:
    """Only what is to be included: nothing that would change the rest of that Asterisk."""
    rendered = files(asterisk={"managed": False, "ami_user": "we", "ami_secret": "theirs"})

    assert {
        "extensions.conf",
        "pjsip.conf",
        "queues.conf",
        "manager.conf",
        "musiconhold.conf",
        "cdr_custom.conf",
        "features.conf",
        "pjsip.d/trunk-telkom-a.conf",
        "pjsip.d/trunk-indosat.conf",
    } == rendered.keys()
    assert {"[general](+)", "[featuremap](+)"} == set(re.findall(r"(?m)^\[.*", rendered["features.conf"]))
    assert "#include" not in rendered["pjsip.conf"], "a path that would be looked for in that Asterisk's folder"
    del rendered["features.conf"]
    assert [] == [name for name, text in rendered.items() if "[general]" in text or "type = transport" in text]
    assert "\ntransport =" not in rendered["pjsip.d/trunk-telkom-a.conf"]


@pytest.mark.parametrize(
    ("bind", "url"),
    [
        ("127.0.0.1", "agi://127.0.0.1:4573"),
        ("0.0.0.0", "agi://127.0.0.1:4573"),
        ("::", "agi://[::1]:4573"),
        ("2001:db8::1", "agi://[2001:db8::1]:4573"),
    ],
)
def test_agi_url(bind: str, url: str) -> None:
    """Asterisk calls the server where it can be reached, also when that listens everywhere."""
    assert url == agi_url(settings(asterisk={"agi_bind": bind}))


def test_nothing_configured_is_still_a_dialplan() -> None:
    """Without a single operator or trunk the files are sound; callers would wait with music."""
    rendered = files(trunks=[], operators=[])

    assert "member =>" not in rendered["queues.conf"]
    assert "Queue(" not in rendered["extensions.conf"]


def test_write_touches_only_what_changed(tmp_path: Path) -> None:
    """What is there already stays; a trunk that is gone loses its file."""
    first = write({"a.conf": "1", "pjsip.d/trunk-x.conf": "2"}, tmp_path)
    second = write({"a.conf": "1", "b.conf": "3"}, tmp_path)

    assert ("a.conf", "pjsip.d/trunk-x.conf") == first
    assert ("b.conf", "pjsip.d/trunk-x.conf") == second
    assert ["a.conf", "b.conf", "pjsip.d"] == sorted(path.name for path in tmp_path.iterdir())
    assert 0o600 == (tmp_path / "b.conf").stat().st_mode & 0o777
