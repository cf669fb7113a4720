"""The trunks of this installation: how each is, what happened on it last, and what a person must know."""
