"""The values that one setting takes in a sweep.

    start=0.1:0.9:9           nine values from 0.1 to 0.9, both ends included
    walkers=100:100000:4      100, 1000, 10000, 100000
    start=0.2,0.5,0.8         these three
    start=0.5                 this one

The values of a range lie evenly; those of a setting with a logarithmic scale lie evenly by factors, as on its
slider. Evenly spaced values are the decimals that one would write down: they are computed as fractions and
rounded once, so that 0.1:0.9:9 holds 0.3 and not 0.30000000000000004. Evenly by factors they are rounded to
twelve digits, so that every machine has the same ones. A setting that counts takes whole numbers; a range
that misses them is refused. Left out: ranges by step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sim.spec import Toy, parse_settings
from sim.sweeps.errors import SweepError

MOST_VALUES = 100_000
DIGITS = 12


@dataclass(frozen=True)
class Axis:
    """One setting and its values, in the order in which they are run."""

    name: str
    values: tuple[int | float | str, ...]


def parse_axis(toy: Toy, words: str) -> Axis:
    """Read one `--grid`.

    Raises:
        SweepError: If the words are no range and no list, or the range cannot be had.
        SettingError: If the toy has no such setting.
    """
    name, equals, text = words.partition("=")
    if not equals:
        raise SweepError(f"--grid takes SETTING=FROM:TO:COUNT or SETTING=VALUE,VALUE, not '{words}'.")
    field = toy.module.Config.model_fields.get(name)
    if field is None:
        parse_settings(toy, {name: text})  # says that there is none, and which is nearest
        raise AssertionError(f"{toy.name} took a setting called '{name}' that it does not have")
    match text.split(":"):
        case [listed]:
            return Axis(name, tuple(listed.split(",")))
        case [first, last, count]:
            ends = _number(words, first), _number(words, last)
            extra: Any = field.json_schema_extra
            by_factors = extra["scale"] == "log"
            values = _between(words, *ends, _count(words, count), by_factors=by_factors)
            return Axis(name, _whole(words, values) if field.annotation is int else values)
        case _:
            raise SweepError(f"--grid {words}: a range is FROM:TO:COUNT, as in {name}=0:1:5.")


def _number(words: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SweepError(f"--grid {words}: '{text}' is not a number.")
    return number


def _count(words: str, text: str) -> int:
    if not text.isdecimal() or len(text) > DIGITS or not 1 <= int(text) <= MOST_VALUES:
        raise SweepError(
            f"--grid {words}: the count is '{text[:20]}', not a whole number from 1 to {MOST_VALUES:,}."
        )
    return int(text)


def _between(words: str, first: float, last: float, count: int, *, by_factors: bool) -> tuple[float, ...]:
    """`count` values from `first` to `last`, both included."""
    if count == 1 and first != last:
        raise SweepError(
            f"--grid {words}: one value cannot be both ends. Write the value alone, or a count of 2."
        )
    if by_factors and min(first, last) <= 0:
        raise SweepError(
            f"--grid {words}: this setting's scale is logarithmic, so that both ends are above 0."
        )
    gaps = max(count - 1, 1)
    if by_factors:
        inner = [float(f"{first * (last / first) ** (i / gaps):.{DIGITS}g}") for i in range(1, count - 1)]
        return (first, *inner, last)[:count]
    low, high = (Fraction(Decimal(repr(end))) for end in (first, last))
    return tuple(float(low + (high - low) * i / gaps) for i in range(count))


def _whole(words: str, values: tuple[float, ...]) -> tuple[int, ...]:
    for value in values:
        if value != round(value):
            raise SweepError(
                f"--grid {words}: this setting takes whole numbers, and the range holds {value:.6g}. "
                "Take another count, or list the values."
            )
    return tuple(map(round, values))
