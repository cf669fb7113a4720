"""The domain and its store: tickets, calls and messages."""
