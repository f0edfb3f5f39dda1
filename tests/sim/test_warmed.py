"""What draws has loaded nearly all that a figure needs before a reader waits for one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sim.spec import names

ROOT = Path(__file__).parents[2]

# Prints how many of Plotly's modules are loaded by the first figures of toys.
DRAW = """
import sys, plotly.graph_objects, {first}
from sim.spec import get
shown = [(get(name).module, get(name).module.preview(get(name).module.Config(), seed=0)) for name in {toys}]
before = set(sys.modules)
for toy, frame in shown:
    toy.figure(frame).to_json()
print(len([name for name in set(sys.modules) - before if "plotly" in name]))
"""


def loaded(first: str, toys: list[str]) -> int:
    script = DRAW.format(first=first, toys=toys)
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(told.stdout)


def test_a_first_figure_finds_plotly_loaded() -> None:
    left = loaded("sim.warmed", names())
    assert left <= len(names())  # about one of each, where one draws something new
    assert left < loaded("sim.spec", names()) / 4  # without it


def test_no_toy_is_loaded_so_that_an_edited_one_is_read_anew() -> None:
    script = (
        "import sys, sim.warmed; assert not [name for name in sys.modules if name.startswith('sim.toys')]"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
