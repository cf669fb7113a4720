"""The phone menu as data: read, checked, shown, walked."""
