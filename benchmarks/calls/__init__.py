"""Calls on a real Asterisk, ours beside others; driven by SIPp."""
