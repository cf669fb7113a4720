"""The demo: a throw-away city in which a call and an SMS become tickets, on real parts."""
