"""Asterisk: found, configured from the settings, run as a process that outlives us, listened to through AMI.

binary      where the program is, and which versions are taken
layout      where a managed one keeps things
render      the configuration from `templates/`: `context` (settings in Asterisk's terms), `syntax` (escaping)
process     start, adopt, reload, stop: `ports`, `drain`
ami         protocol, connection, client, typed views
cdr         what Asterisk itself wrote down of each call
"""
