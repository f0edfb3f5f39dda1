"""A picture that needs no page: valid by itself, in colours of its own, the same whenever it is drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from plotly.graph_objects import Figure, Heatmap

from sim.pages.still import still
from sim.palette import DATA_1, SUNK, TOKENS
from sim.spec import get, names

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", names())
def test_every_simulation_is_drawn_with_the_palettes_colours_and_none_of_the_pages(name: str) -> None:
    module = get(name).module
    drawn = still(module.figure(module.preview(module.Config(), seed=0)))
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    assert root.tag == f"{SVG}svg"
    assert root.findall(f"{SVG}path")
    assert "var(" not in drawn
    assert "color-mix" not in drawn
    assert drawn == still(module.figure(module.preview(module.Config(), seed=0)))


def test_a_heatmaps_shades_run_from_one_end_of_its_scale_to_the_other() -> None:
    scale = [(0.0, SUNK), (1.0, DATA_1)]
    drawn = still(Figure(Heatmap(z=np.arange(64.0).reshape(8, 8), colorscale=scale)))
    shades = re.findall(r"fill:(#[0-9a-f]{6})", drawn)
    assert {SUNK, DATA_1} <= set(shades)
    assert len(set(shades)) > len(TOKENS) / 2
