"""A small SIP user agent that plays a caller, a carrier or an operator's phone in the demo and the tests."""
