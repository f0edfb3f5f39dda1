"""Where a slider can stand.

A setting's slider has some hundred positions from its least value to its greatest: evenly spread, or by equal
factors where its scale is "log". Whole numbers are taken once each, so that no move of the thumb is without
effect. The least and the greatest value are positions, and so is the one that the page opens with, exactly.

Left out: settings that are no numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.spec import Settings

MOST = 121  # positions: more than a thumb can tell apart on a slider some two hundred pixels wide
DIGITS = 3  # of a position by equal factors
ROUNDING = 12  # decimals
NEARLY = 1e-9


class Bounds(NamedTuple):
    """What a `setting` declares of its range.

    Attributes:
        low: The least value.
        high: The greatest.
        integer: Whether it is a whole number.
        log: Whether the range spans decades.
        step: The control's step, in the setting's own unit; None leaves it to this module.
    """

    low: float
    high: float
    integer: bool
    log: bool
    step: float | None


def bounds(config_type: type[Settings], name: str) -> Bounds:
    """Read a setting's range from its field."""
    field = config_type.model_fields[name]
    extra: dict[str, Any] = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    low = next(bound.ge for bound in field.metadata if hasattr(bound, "ge"))
    high = next(bound.le for bound in field.metadata if hasattr(bound, "le"))
    return Bounds(low, high, field.annotation is int, extra.get("scale") == "log", extra.get("step"))


def positions(config_type: type[Settings], name: str, home: float) -> list[float]:
    """List the values at which a setting's slider can stand, in order, at most `MOST` and `home`.

    Args:
        config_type: The toy's `Config`.
        name: Which of its settings.
        home: The value that the page opens with.
    """
    given = bounds(config_type, name)
    values = _by_factors(given) if given.log else _evenly(given)
    if given.integer:
        values = np.unique(values.round())
    nearest = np.abs(np.log(values / home) if given.log else values - home).argmin()
    inside = 0 < nearest < len(values) - 1
    values = np.unique(np.append(np.delete(values, nearest) if inside else values, home))
    return [int(value) if given.integer else float(value) for value in values]


def _by_factors(given: Bounds) -> NDArray[np.float64]:
    values = np.geomspace(given.low, given.high, MOST)
    rounded = np.array([float(f"{value:.{DIGITS}g}") for value in values])
    rounded[[0, -1]] = given.low, given.high
    return np.unique(rounded)


def _evenly(given: Bounds) -> NDArray[np.float64]:
    span = given.high - given.low
    step = given.step or (1.0 if given.integer else float(f"{span / 100:.{DIGITS}g}"))
    step *= math.ceil(span / step / (MOST - 1) - NEARLY)
    values = np.arange(math.ceil(span / step - NEARLY), dtype=np.float64) * step + given.low
    return np.append(values.round(ROUNDING), given.high)
