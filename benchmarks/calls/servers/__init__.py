"""FastAGI servers that serve the same call: ours and those of others, each a program of its own."""
