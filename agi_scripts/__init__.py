"""What Asterisk calls: one file per AGI script, and the channel and server beneath them."""
