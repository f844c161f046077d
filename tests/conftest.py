"""What all tests share."""

from hypothesis import settings

# a busy machine is no failure
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")
