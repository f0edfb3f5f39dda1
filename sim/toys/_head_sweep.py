"""What became of heads of every width, as the stored runs have it.

Left out: computing it, which `python -m sim store head_superposition` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from sim.spec import Frame


class Sweep(NamedTuple):
    """So many heads, with a direct path or without, from the narrowest up.

    Attributes:
        right: How many seeds name every pair.
        per_norm: How far the right logit leads for each unit of norm, in the best of the seeds.
    """

    right: list[float]
    per_norm: list[float]


def gathered(frames: Iterable[Frame]) -> Mapping[tuple[int, int], Sweep]:
    """Order last frames by the number of heads and whether there is a direct path."""
    cells = {}
    for frame in frames:
        given, result = frame.config.model_dump(), frame.result
        cells[given["heads"], given["direct"], given["d_head"]] = result
    rows: dict[tuple[int, int], Sweep] = {}
    for heads, direct, width in sorted(cells):
        row = rows.setdefault((heads, direct), Sweep([], []))
        row.right.append(cast("float", cells[heads, direct, width]["seeds_all_right"]))
        row.per_norm.append(cast("float", cells[heads, direct, width]["lead_per_norm"]))
    return rows
