"""A run kept in a file, so that a toy that takes seconds says something at once.

`stored/<toy>.json` holds the last frame of the run with the default settings:

    {"config": {…}, "seed": 0, "result": {…}, "arrays": {"weights": […], …}}

Write it with `python -m sim store <toy>`, whenever the toy's defaults or its training change; a test runs
the toy again and compares. A toy that shows the runs of other settings too has them in a file of their own,
`stored/<toy>_others.json`, as a list of such objects. Left out: earlier frames.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.spec import Frame, Settings

FOLDER = Path(__file__).parent / "stored"
DECIMALS = 6  # more than a figure shows or a sentence says
FEWER_DECIMALS = 4  # of other runs, of which there are many


def write(name: str, frame: Frame, folder: Path = FOLDER) -> Path:
    """Keep a run's last frame as the toy's stored run; return where."""
    return _write(folder / f"{name}.json", _kept(frame, DECIMALS))


def write_others(name: str, frames: Iterable[Frame], folder: Path = FOLDER) -> Path:
    """Keep the last frames of runs with other settings; return where."""
    return _write(folder / f"{name}_others.json", [_kept(frame, FEWER_DECIMALS) for frame in frames])


@cache
def read(name: str, config_type: type[Settings], folder: Path = FOLDER) -> Frame:
    """Return the last frame of a toy's stored run.

    Raises:
        FileNotFoundError: If none is stored.
    """
    return _frame(json.loads((folder / f"{name}.json").read_text("utf-8")), config_type)


@cache
def read_others(name: str, config_type: type[Settings], folder: Path = FOLDER) -> tuple[Frame, ...]:
    """Return the last frames of the runs that a toy keeps beside its stored one, in order.

    Raises:
        FileNotFoundError: If none are stored.
    """
    kept = json.loads((folder / f"{name}_others.json").read_text("utf-8"))
    return tuple(_frame(one, config_type) for one in kept)


def _write(path: Path, kept: object) -> Path:
    aside = path.with_suffix(".json.new")
    path.parent.mkdir(exist_ok=True)
    aside.write_text(json.dumps(kept) + "\n", "utf-8")
    aside.replace(path)
    return path


def _kept(frame: Frame, decimals: int) -> dict[str, Any]:
    return {
        "config": frame.config.model_dump(mode="json"),
        "seed": frame.seed,
        "result": {key: _rounded(value, decimals) for key, value in frame.result.items()},
        "arrays": {key: _rounded(array, decimals) for key, array in frame.arrays.items()},
    }


def _frame(kept: dict[str, Any], config_type: type[Settings]) -> Frame:
    return Frame(
        progress=1.0,
        config=config_type.model_validate(kept["config"]),
        result=kept["result"],
        arrays={key: np.array(values) for key, values in kept["arrays"].items()},
        seed=kept["seed"],
    )


def _rounded(value: Any, decimals: int) -> Any:  # noqa: ANN401 - numbers, however nested
    if isinstance(value, np.ndarray | list):
        return [_rounded(item, decimals) for item in value]
    return value if isinstance(value, int) else round(float(value), decimals)
