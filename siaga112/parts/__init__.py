"""The parts of a running installation, one process each, and what they share."""
