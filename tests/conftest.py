"""For all tests: what the app sets up before NumPy is imported is set up before a test imports it."""

import sim  # noqa: F401 - importing it is the set-up
