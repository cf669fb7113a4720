"""What callers and operators hear: words, and the sounds that are made of them."""
