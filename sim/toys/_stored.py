"""A run kept in a file, so that a toy that takes seconds says something at once.

`stored/<toy>.json` holds the last frame of the run with the default settings:

    {"config": {…}, "seed": 0, "result": {…}, "arrays": {"weights": […], …}}

Write it with `python -m sim store <toy>`, whenever the toy's defaults or its training change; a test runs
the toy again and compares. Left out: runs of other settings, and earlier frames.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.spec import Frame, Settings

FOLDER = Path(__file__).parent / "stored"
DECIMALS = 6  # more than a figure shows or a sentence says


def write(name: str, frame: Frame, folder: Path = FOLDER) -> Path:
    """Keep a run's last frame as the toy's stored run; return where."""
    kept = {
        "config": frame.config.model_dump(mode="json"),
        "seed": frame.seed,
        "result": {key: _rounded(value) for key, value in frame.result.items()},
        "arrays": {key: _rounded(array) for key, array in frame.arrays.items()},
    }
    path, aside = folder / f"{name}.json", folder / f"{name}.json.new"
    folder.mkdir(exist_ok=True)
    aside.write_text(json.dumps(kept) + "\n", "utf-8")
    aside.replace(path)
    return path


@cache
def read(name: str, config_type: type[Settings], folder: Path = FOLDER) -> Frame:
    """Return the last frame of a toy's stored run.

    Raises:
        FileNotFoundError: If none is stored.
    """
    kept = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return Frame(
        progress=1.0,
        config=config_type.model_validate(kept["config"]),
        result=kept["result"],
        arrays={key: np.array(values) for key, values in kept["arrays"].items()},
        seed=kept["seed"],
    )


def _rounded(value: Any) -> Any:  # noqa: ANN401 - numbers, however nested
    if isinstance(value, np.ndarray | list):
        return [_rounded(item) for item in value]
    return value if isinstance(value, int) else round(float(value), DECIMALS)
