"""The lines: modems, SIP trunks and Asterisk."""
