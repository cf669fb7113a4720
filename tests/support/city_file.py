"""The configuration of a test's own city: four operators, one trunk, the nine categories."""

FIXED = "1009"
"""The operator whose phone does not register: it is at a fixed address."""

HOSTS = {"carrier": 2, "1001": 21, "1002": 22, "1003": 23, FIXED: 29}
"""The last number of each one's address. 1001 and 1002 are on duty whenever their phones can be reached, 1003 must be
logged in."""

CONFIGURATION = """
[site]
name = "Kota Uji"
code = "UJI"
state_dir = "state"
languages = ["id"]
node = "{node}"

[asterisk]
sip_port = {sip}
ami_port = {ami}
agi_port = {agi}
rtp_ports = [{rtp[0]}, {rtp[1]}]
drain_seconds = {drain_seconds}

[web]
port = {web}

[ivr]
prompts_dir = "sounds"
{ivr}

[routing]
ring_seconds = 3
wrap_up_seconds = 1

[[trunks]]
name = "carrier"
host = "{net}.2"

[[operators]]
extension = "1001"
secret = "secret-1001"
auto_login = true

[[operators]]
extension = "1002"
secret = "secret-1002"
auto_login = true

[[operators]]
extension = "1003"
secret = "secret-1003"

[[operators]]
extension = "1009"
contact = "sip:1009@{net}.29"
auto_login = true
"""

DESK = """
[[operators]]
extension = "{extension}"
secret = "secret-{extension}"
auto_login = true
"""
