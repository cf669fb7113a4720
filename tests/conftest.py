"""For all tests."""

from hypothesis import settings

# A machine that is shared has slow moments: how long an example takes says nothing about whether it is right.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
