"""Trunks as an admin sees them: how each is, what its refusals mean, and changes that drop no call."""
