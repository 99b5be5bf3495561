"""Settings of all tests: one Hypothesis profile, and no torch where there is none."""

import importlib.util

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=50, database=None)
settings.load_profile("fixed")

collect_ignore = [] if importlib.util.find_spec("torch") else ["against_torch", "conformance"]
