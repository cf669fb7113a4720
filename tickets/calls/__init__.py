"""Calls: what is told of them, what becomes of it, and who is to be called back."""
