"""From a port to answers: the reader thread, deadlines, and how a line that fell silent is brought back."""
