"""The phone menu, its prompts, routing and the state of a call."""
