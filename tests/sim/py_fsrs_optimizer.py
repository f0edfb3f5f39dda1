"""py-fsrs's own optimiser, an outside oracle, without the progress bar that it wants and does not show."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import fsrs

from sim.fitting.answers import Answers
from tests.sim.remembering import DAY_ZERO


def optimizer(answers: Answers) -> Any:  # noqa: ANN401 - it has no types
    """An optimiser of these answers."""
    logs = [
        fsrs.ReviewLog(int(card), fsrs.Rating(int(rating)), DAY_ZERO + timedelta(days=int(day)), None)
        for card, rating, day in zip(answers.card, answers.rating, answers.day, strict=True)
    ]
    return _module().Optimizer(logs)


def _module() -> ModuleType:
    importlib.import_module("torch._dynamo")  # looks for tqdm too, and would take ours for the real one
    spec = importlib.util.spec_from_file_location(
        "optimizer_of_py_fsrs", Path(fsrs.__file__).with_name("optimizer.py")
    )
    if spec is None or spec.loader is None:
        raise ImportError("py-fsrs has no file optimizer.py; see what has become of it")
    module = importlib.util.module_from_spec(spec)
    stand_in, before = ModuleType("tqdm"), sys.modules.get("tqdm")
    stand_in.__dict__["tqdm"] = lambda steps, **_: steps
    sys.modules["tqdm"] = stand_in
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["tqdm"]
        if before is not None:
            sys.modules["tqdm"] = before
    return module
