"""The dialplan's dead-man timer: how long a script may be silent."""

SCRIPT_SECONDS = 4
"""Longest silence of a script before the dialplan goes on without it. A script renews the timer by as much."""
