"""Settings of all tests."""

from hypothesis import settings

# tests may be slow on a busy machine
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")
