"""Many pictures that are much alike, written so that what they share is written once.

    {"common": {…}, "varying": [[path, column], …]}

Picture i is `common` with what varies put in: a path leads from the picture down to a part, ["figure",
"data", 0, "y"], and its column has that part of each picture. A column is a list or, for arrays of numbers,

    {"lengths": […], "lows": […], "highs": […], "deltas": "base64"}

all arrays end to end. Each is scaled from its own low and high to 0 … 65534, with 65535 for what is no
number, and written as the differences of neighbours, 16 bits that wrap round. That is a hundredth of a pixel
on a screen, and a walk's regular steps all but vanish when the text is compressed.

Left out: parts that are alike in some pictures only.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.picture import written

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 65_534
NO_NUMBER = 65_535

Part = Any  # whatever JSON holds, and arrays of numbers
Path = tuple[str | int, ...]
Varying = list[tuple[Path, Part]]


def packed(pictures: list[dict[str, Part]]) -> dict[str, Part]:
    """Pack pictures, of which there may be none."""
    varying: Varying = []
    common = _shared(pictures, (), varying) if pictures else {}
    return {"common": common, "varying": varying}


def column(arrays: Sequence[NDArray[Any]]) -> dict[str, Part]:
    """Write arrays of numbers end to end."""
    scaled = [_levels(np.asarray(array, dtype=np.float64)) for array in arrays]
    deltas = [np.diff(levels, prepend=np.uint16(0)) for levels, _, _ in scaled]
    return {
        "lengths": [len(levels) for levels, _, _ in scaled],
        "lows": [low for _, low, _ in scaled],
        "highs": [high for _, _, high in scaled],
        "deltas": base64.b64encode(np.concatenate(deltas).astype("<u2").tobytes()).decode(),
    }


def _levels(array: NDArray[np.float64]) -> tuple[NDArray[np.uint16], float, float]:
    known = np.isfinite(array)
    low, high = (float(array[known].min()), float(array[known].max())) if known.any() else (0.0, 0.0)
    levels = np.full(len(array), NO_NUMBER, dtype=np.uint16)
    levels[known] = np.rint((array[known] - low) / ((high - low) or 1.0) * LEVELS)
    return levels, low, high


def _shared(parts: list[Part], path: Path, varying: Varying) -> Part:
    """What is the same in all of these parts; the rest goes into `varying`, and is None here."""
    first = parts[0]
    if isinstance(first, dict) and all(_alike(first, part) and part.keys() == first.keys() for part in parts):
        return {key: _shared([part[key] for part in parts], (*path, key), varying) for key in first}
    if _holds_more(first) and all(_alike(first, part) for part in parts):
        rows = range(len(first))
        return [_shared([part[row] for part in parts], (*path, row), varying) for row in rows]
    if all(_same(first, part) for part in parts):
        return _arrays_packed(first)
    arrays = all(isinstance(part, np.ndarray) for part in parts)
    varying.append((path, column(parts) if arrays else [_arrays_packed(part) for part in parts]))
    return None


def _holds_more(part: Part) -> bool:
    """Whether it is a list of traces or labels, and not one of numbers or words."""
    return isinstance(part, list) and any(isinstance(item, dict) for item in part)


def _alike(some: Part, other: Part) -> bool:
    return type(some) is type(other) and len(some) == len(other)


def _same(some: Part, other: Part) -> bool:
    if isinstance(some, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(some, other, equal_nan=True)
    if isinstance(some, list | dict):
        return _alike(some, other) and written(_arrays_packed(some)) == written(_arrays_packed(other))
    return type(some) is type(other) and bool(some == other)


def _arrays_packed(part: Part) -> Part:
    """Write the arrays in a part, each as a column of one."""
    if isinstance(part, np.ndarray):
        return column([part])
    if isinstance(part, dict):
        return {key: _arrays_packed(item) for key, item in part.items()}
    return [_arrays_packed(item) for item in part] if isinstance(part, list) else part
