"""A frame's numbers as a table: comma-separated values, as RFC 4180 has them, for a spreadsheet or a program.

    part,name,unit,value,walk_time (periods),walk_credence (share)
    simulation,belief_walk,,,0,0.5
    setting,start,share,0.5,1,0.51
    seed,seed,,7,2,0.52
    exact,expected_updates,updates,2500.0,3,0.51
    result,mean_updates,,2503.1,,

On the left, one thing a line, is what made the numbers and what they came to; beside it stands one column for
each array that the toy gave, with its unit. An array of more dimensions is a column for each place in all but
the first, `paid[1]`. Columns end where their arrays do. A number that is not finite is an empty cell: in a
line that is drawn, that is a gap. Only numbers, names of ours and a setting's text, which is of letters,
digits and spaces, are written, so no cell can be taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from sim.spec import Frame, Settings, Toy

ABOUT = ("part", "name", "unit", "value")
NAME_DIGITS = 6  # of a setting in a file's name

Row = tuple[str, str, str, str]


def table(toy: Toy, frame: Frame, facts: Mapping[str, float], device: str = "") -> bytes:
    """Write a frame as the bytes of a file.

    Args:
        toy: Whose frame it is.
        frame: What to write.
        facts: The exact answers for the frame's settings.
        device: Where it was run; empty for what was not.
    """
    columns = dict(_columns(toy, frame))
    lines = zip_longest(_about(toy, frame, facts, device), zip_longest(*columns.values(), fillvalue=""))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*ABOUT, *columns])
    for about, numbers in lines:
        writer.writerow([*(about or [""] * len(ABOUT)), *(numbers or [""] * len(columns))])
    return text.getvalue().encode()


def file_name(toy: str, settings: Settings, seed: int) -> str:
    """What to call a file of these numbers: the toy, its settings and the seed, without an ending."""
    said = (f"{name}={_in_a_name(value)}" for name, value in settings)
    return "_".join([toy, *said, f"seed={seed}"])


def _in_a_name(value: float | str) -> str:
    return value.replace(" ", "-") if isinstance(value, str) else f"{value:.{NAME_DIGITS}g}"


def _about(toy: Toy, frame: Frame, facts: Mapping[str, float], device: str) -> Iterator[Row]:
    yield "simulation", toy.name, "", ""
    for name, field in type(frame.config).model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        yield "setting", name, str(extra.get("unit", "")), _cell(getattr(frame.config, name))
    yield "seed", "seed", "", str(frame.seed)
    if device:
        yield "device", device, "", ""
    units = {name: quantity.unit for name, quantity in toy.module.FACTS.items()}
    for part, numbers in (("exact", facts), ("result", frame.result)):
        for name, value in numbers.items():
            if not isinstance(value, Sequence):
                yield part, name, units.get(name, ""), _cell(value)


def _columns(toy: Toy, frame: Frame) -> Iterator[tuple[str, list[str]]]:
    lists = {name: np.array(value) for name, value in frame.result.items() if isinstance(value, Sequence)}
    for name, given in {**frame.arrays, **lists}.items():
        array = np.atleast_1d(given)
        unit = toy.module.ARRAYS.get(name, "")
        for place in np.ndindex(array.shape[1:]):
            at = f"[{','.join(map(str, place))}]" if place else ""
            yield f"{name}{at}{f' ({unit})' if unit else ''}", [_cell(item) for item in array[:, *place]]


def _cell(value: Any) -> str:  # noqa: ANN401 - a number of Python's or of NumPy's
    """A number in the fewest digits from which it can be read back exactly; or a setting's text."""
    return str(value) if isinstance(value, str) or np.isfinite(value) else ""
