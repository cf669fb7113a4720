"""A message from modem to ticket and back."""
