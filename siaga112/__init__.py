"""Siaga 112: the emergency number of an Indonesian city, from telephone call and SMS to ticket."""

__version__ = "0.1.0"
