"""A simulated GSM modem on a pseudo-terminal."""
