"""What draws has loaded nearly all that a figure needs before a reader waits for one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.spec import names

ROOT = Path(__file__).parents[2]

# Prints how many of Plotly's modules are loaded by a toy's first figure.
DRAW = """
import sys, plotly.graph_objects, {first}
from sim.spec import get
toy = get("{toy}")
shown = toy.module.preview(toy.module.Config(), seed=0)
before = set(sys.modules)
toy.module.figure(shown).to_json()
print(len([name for name in set(sys.modules) - before if "plotly" in name]))
"""


def loaded(first: str, toy: str) -> int:
    script = DRAW.format(first=first, toy=toy)
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(told.stdout)


@pytest.mark.parametrize("toy", names())
def test_a_first_figure_finds_plotly_loaded(toy: str) -> None:
    assert loaded("sim.warmed", toy) <= 5


def test_without_it_there_would_be_much_to_load() -> None:
    assert loaded("sim.spec", "belief_walk") > 30


def test_no_toy_is_loaded_so_that_an_edited_one_is_read_anew() -> None:
    script = (
        "import sys, sim.warmed; assert not [name for name in sys.modules if name.startswith('sim.toys')]"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
