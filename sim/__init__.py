"""The workshop: live simulations, each one file in `sim/toys`.

Linear algebra gets one thread in every process that uses this room: the server, where a second one would take
a core from the simulations, the workers, which inherit this, and the command line. Libraries read these
variables when they are loaded, so they are set here, before anything of ours imports NumPy. Whoever has set
them already is left in charge. What torch does beside that is limited in `sim.run`.
"""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_variable, "1")
