"""The workshop: live simulations, each one file in `sim/toys`."""

import os

# NumPy multiplies even small matrices on every core and waits for the slowest; on a busy machine that takes
# two hundred times as long as on one. It reads this when it is first imported, which is after this file.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
