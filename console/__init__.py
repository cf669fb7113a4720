"""The web: what monitoring asks, what Twilio posts.

It is handed all that it needs (`console.services`) and never asks Asterisk or a modem itself: what they say is in Redis
and in the database, so that a slow modem cannot hold up a page.
"""
