"""A frame as the browser gets it: the figure, the sentence and the numbers, in one JSON object.

    {"figure": {"data": […], "layout": {…}}, "readout": "…",
     "result": {…}, "facts": {…}, "settings": {…}, "seed": 7}

The object is written once, where the frame was computed, and passed on as text: nothing between there and the
browser reads it again. Plotly's own template is left out; the browser brings the book's type and colours.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from sim.spec import Frame, SettingError, Settings, Toy

SEED_LIMIT = 2**32 - 1
SEED_DIGITS = 20  # with zeros in front; more are no seed that anyone would type

Json = bool | int | float | str | None | Sequence["Json"] | Mapping[str, "Json"]


def picture(toy: Toy, frame: Frame, facts: Mapping[str, float], **more: Json) -> str:
    """Draw a frame and describe it.

    Args:
        toy: Whose frame it is.
        frame: What to draw.
        facts: The exact answers for the frame's settings.
        more: Further members of the object.
    """
    figure = toy.module.figure(frame)
    figure.layout.template = None
    beside = _beside(toy, frame, facts, more)
    return f'{{"figure":{figure.to_json()},{written(beside)[1:]}'


def described(toy: Toy, frame: Frame, facts: Mapping[str, float], **more: Json) -> dict[str, Any]:
    """The same as a tree, with the numbers of the figure's traces still in arrays."""
    figure = toy.module.figure(frame)
    figure.layout.template = None
    traces = [_plain(trace.to_plotly_json(), keep_arrays=True) for trace in figure.data]
    layout = _plain(figure.layout.to_plotly_json(), keep_arrays=False)
    return {"figure": {"data": traces, "layout": layout}, **_beside(toy, frame, facts, more)}


def _beside(toy: Toy, frame: Frame, facts: Mapping[str, float], more: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "readout": toy.module.readout(frame),
        "result": frame.result,
        "facts": facts,
        "settings": frame.config.model_dump(mode="json"),
        "seed": frame.seed,
        **more,
    }


def _plain(part: Any, *, keep_arrays: bool) -> Any:  # noqa: ANN401 - whatever Plotly was given
    """Plotly's parts with lists and Python's own numbers, but for arrays of numbers that are to be kept."""
    if isinstance(part, np.ndarray):
        kept = keep_arrays and part.ndim == 1 and part.dtype.kind in "iuf"
        return part if kept else part.tolist()
    if isinstance(part, np.generic):
        return part.item()
    if isinstance(part, dict):
        return {key: _plain(item, keep_arrays=keep_arrays) for key, item in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(item, keep_arrays=keep_arrays) for item in part]
    return part


def seed_from(given: object) -> int:
    """Read a seed from a link or a request.

    Raises:
        SettingError: If it is none.
    """
    words = str(given)
    if not words.isdecimal() or len(words) > SEED_DIGITS or int(words) > SEED_LIMIT:
        shown = f"{words[:SEED_DIGITS]}…" if len(words) > SEED_DIGITS else words
        raise SettingError(f"The seed is '{shown}', which is not a whole number from 0 to {SEED_LIMIT}.")
    return int(words)


@lru_cache(maxsize=64)
def preview(toy: Toy, config: Settings, seed: int) -> str:
    """What a simulation shows before it is run, as JSON: exact, the same for the same words, and kept.

    The book's own settings are asked for on every visit, and a slider that is dragged back and forth asks for
    the same ones again.
    """
    frame = toy.module.preview(config, seed=seed)
    return picture(toy, frame, toy.module.facts(config), state="preview")


def written(value: Json) -> str:
    """JSON that every browser reads: a number that is not finite becomes null."""
    return json.dumps(finite(value), ensure_ascii=False, separators=(",", ":"))


def finite(value: Json) -> Json:
    """The same with null for each number that is not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [finite(item) for item in value]
    return value
