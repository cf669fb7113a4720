"""Asterisk: AMI client, generated configuration, managed process."""
