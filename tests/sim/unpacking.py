"""Reading packed pictures as a browser does: what `sim.packing` does the other way, written apart from it."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray


def pictures(answer: bytes) -> tuple[list[float], list[Any]]:
    """Read a range: its positions, and for each its picture or the sentence that says why there is none."""
    told = json.loads(gzip.decompress(answer))
    rows = iter(unpacked(told, sum(error is None for error in told["errors"])))
    return told["positions"], [error or next(rows) for error in told["errors"]]


def unpacked(told: Any, count: int) -> list[Any]:  # noqa: ANN401 - whatever JSON holds
    """Put what varies into what is common, once for each picture."""
    found = []
    for row in range(count):
        picture = with_arrays(told["common"])
        for path, column in told["varying"]:
            part = array(column, row) if is_column(column) else with_arrays(column[row])
            picture = put(picture, path, part)
        found.append(picture)
    return found


def put(tree: Any, path: list[str | int], part: Any) -> Any:  # noqa: ANN401 - as above
    """Put a part into a tree, at the end of a path."""
    if not path:
        return part
    tree[path[0]] = put(tree[path[0]], path[1:], part)
    return tree


def is_column(part: Any) -> bool:  # noqa: ANN401 - as above
    """Whether this is how arrays are written."""
    return isinstance(part, dict) and "deltas" in part


def with_arrays(part: Any) -> Any:  # noqa: ANN401 - as above
    """Copy a part, with its arrays as arrays."""
    if is_column(part):
        return array(part, 0)
    if isinstance(part, dict):
        return {key: with_arrays(item) for key, item in part.items()}
    return [with_arrays(item) for item in part] if isinstance(part, list) else part


def array(column: dict[str, Any], row: int) -> NDArray[np.float64]:
    """Read one array of a column."""
    deltas = np.frombuffer(base64.b64decode(column["deltas"]), dtype="<u2").astype(np.int64)
    begin = sum(column["lengths"][:row])
    levels = np.cumsum(deltas[begin : begin + column["lengths"][row]]) % 2**16
    low, high = column["lows"][row], column["highs"][row]
    return np.where(levels == 65535, np.nan, low + (high - low) * levels / 65534)


def same(some: Any, other: Any) -> bool:  # noqa: ANN401 - as above
    """Whether two parts are the same, arrays to within half a level of their span."""
    if isinstance(some, np.ndarray) and isinstance(other, np.ndarray):
        span = np.ptp(some[np.isfinite(some)]) if np.isfinite(some).any() else 0.0
        close = 0.51 * span / 65534 + 1e-7 * np.nanmax(np.abs(some), initial=0.0)
        return some.shape == other.shape and np.allclose(some, other, rtol=0, atol=close, equal_nan=True)
    if isinstance(some, dict) and isinstance(other, dict):
        return some.keys() == other.keys() and all(same(some[key], other[key]) for key in some)
    if isinstance(some, list) and isinstance(other, list):
        return len(some) == len(other) and all(map(same, some, other))
    return bool(some == other)
