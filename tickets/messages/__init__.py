"""Messages: what came in, what goes out, and the talk that they make."""
