"""For all tests: what the app sets up before NumPy is imported is set up before a test imports it.

No test is timed: machines are shared, and an example that took long says nothing of what is tested.
"""

from hypothesis import HealthCheck, settings

import sim  # noqa: F401 - importing it is the set-up

settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
