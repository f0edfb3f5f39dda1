"""Linear algebra has one thread, in the server as in a worker, unless somebody has said otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import psutil
import pytest

from sim.processes import launch, reap, receive

ROOT = Path(__file__).parents[2]
LIMITS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")

# Prints how many threads were added by loading NumPy and multiplying two matrices.
MULTIPLY = """
import {module}
import psutil
before = psutil.Process().num_threads()
import numpy as np
square = np.ones((700, 700))
square @ square
print(psutil.Process().num_threads() - before)
"""


def added_threads(module: str, **limits: str) -> int:
    environment = {key: value for key, value in os.environ.items() if key not in LIMITS}
    told = subprocess.run(
        [sys.executable, "-c", MULTIPLY.format(module=module)],
        cwd=ROOT,
        env={**environment, **limits},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout)


@pytest.mark.parametrize("module", ["app", "sim.spec"])
def test_linear_algebra_has_one_thread_whatever_is_imported_first(module: str) -> None:
    assert added_threads(module) == 0


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="with one core there is one thread anyway")
def test_whoever_has_set_the_number_is_left_in_charge() -> None:
    assert added_threads("sim.spec", OPENBLAS_NUM_THREADS="2") == 1


def multiply(connection: Connection) -> None:
    """Say how many threads of this process a product of two matrices adds."""
    before = psutil.Process().num_threads()
    square = np.ones((700, 700))
    square @ square
    with connection:
        connection.send((psutil.Process().num_threads() - before, os.environ["OPENBLAS_NUM_THREADS"]))


def test_a_worker_inherits_the_limit() -> None:
    process, reader = launch(multiply)
    with reader:
        told = receive(reader)
    reap(process)
    added, limit = told
    assert limit == os.environ["OPENBLAS_NUM_THREADS"]
    assert added < int(limit)
