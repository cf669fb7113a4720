"""What `up` does: start every part, keep it running, end it in good order."""
