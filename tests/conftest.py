"""Settings of all tests."""

from hypothesis import Phase, settings

# tests may be slow on a busy machine
settings.register_profile("unhurried", settings(), deadline=None)
# a mutant is dead at the first failure, whichever it is, and the next one is tried afresh
settings.register_profile(
    "mutants",
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("unhurried")
