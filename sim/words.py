"""Numbers as a panel says them, for what is written before a browser is there: "2,500 updates", "37%".

The same rules as in `sim/pages/assets/words.js`: no more digits than a reader can use, thousands set apart by
commas, and a "share", which is a part of 1, in percent.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

SHARE = "share"
DIGITS = 4  # of a number below a thousand
THOUSAND = 1000
ONE_OF = {"lives": "life", "standard errors": "standard error"}

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # room for every digit of the largest float


def number(value: float) -> str:
    """Write a finite number."""
    exact = Decimal(repr(float(value)))
    if abs(exact) >= THOUSAND:
        return f"{_EXACT.quantize(exact, Decimal(1)):,}"
    rounded = Context(prec=DIGITS, rounding=ROUND_HALF_UP).plus(exact)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: float | str, unit: str) -> str:
    """Write a number with its unit, a share in percent; a setting that is text as it is."""
    if isinstance(value, str):
        return value
    if unit == SHARE:
        return f"{number(100 * value)}%"
    said = number(value)
    return f"{said} {_singular(unit) if said.lstrip('-') == '1' else unit}" if unit else said


def _singular(unit: str) -> str:
    return ONE_OF.get(unit, unit.removesuffix("s"))
