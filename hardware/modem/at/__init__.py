"""The AT language of a GSM modem, sans-IO: bytes in, events out (3GPP TS 27.007, TS 27.005, ITU-T V.250)."""
