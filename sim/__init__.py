"""The workshop: live simulations, each one file in `sim/toys`."""

import os

# One thread for NumPy's matrices, as for torch's (`sim.run`): where the cores are shared, two wait for each
# other, and a picture of 4 ms takes 160. Read when NumPy is first imported, which is after this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
