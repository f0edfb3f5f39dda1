"""What drawing a first figure loads, loaded: importing this module draws one.

Plotly loads its classes when each is first used: a hundred modules and some ninety milliseconds of computing,
for which a reader who has just pressed Run would wait. The process that workers are forked from imports this
module, and so does the server, so that neither their first nor any other figure takes longer than drawing it.
Toys are not imported: an author who edits one sees the change in the next run.
"""

from __future__ import annotations

import importlib

import numpy as np
from plotly.graph_objects import Figure

LINE = {"color": "#000", "width": 1}
WORDS = {"text": "a", "showarrow": False, "font": {"size": 11}}

importlib.import_module("numpy.polynomial")  # loaded late, too

_points = {"x": np.arange(3.0), "y": [1.0, 2.0, None], "marker": {"color": "#000"}}
_figure = Figure(
    data=[
        {"type": "scatter", "mode": "lines", "line": LINE, "fill": "tozeroy", **_points},
        {"type": "bar", **_points},
    ],
    layout={
        "template": "none",
        "margin": {"l": 1},
        "font": {"size": 11},
        "xaxis": {"range": [0, 1]},
        "yaxis": {"title": {"text": "a"}},
        "annotations": [WORDS],
        "shapes": [{"type": "line", "line": LINE}],
    },
)
_figure.layout.template = None
_figure.to_json()
