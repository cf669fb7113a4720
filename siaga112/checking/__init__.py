"""`check`: everything around a configuration that can be wrong, each with the way to mend it."""
