"""Numbers as they stand in prose: how one is written by default, and whether a written one is still true.

A written number is an optional sign, digits grouped by commas or thin spaces, decimals, and an optional
percent sign: "2,500", "25%", "−1.5". It is true as long as the computed value, rounded to as many places as
are written, is the same; a tie may be rounded either way.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Context, Decimal

_WRITTEN = re.compile(
    r"""(?P<sign>[+\-−]?)
        (?P<whole>\d{1,3}(?:(?P<group>[,\u2009\u202f])\d{3}(?:(?P=group)\d{3})*)|\d+)
        (?:\.(?P<decimals>\d+))?
        (?P<percent>[ \u2009\u202f\u00a0]?%)?""",
    re.VERBOSE | re.ASCII,
)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_EXACT = Context(prec=400)  # room for every digit of the largest float, in percent, and for these:
MOST_DECIMALS, MOST_CHARACTERS = 60, 400
TINY, HUGE, DIGITS = 1e-4, 1e15, 3
PERCENT_UNITS = frozenset({"%", "percent"})


@dataclass(frozen=True)
class Written:
    """A number as its author wrote it.

    Attributes:
        value: What it says, a percentage as it stands: 25 for "25%".
        places: How many decimals are written.
        percent: The percent sign with the space before it, or empty.
        group: What separates thousands, or empty.
        plus: Whether a plus sign is written.
    """

    value: Decimal
    places: int
    percent: str = ""
    group: str = ""
    plus: bool = False

    def agrees_with(self, computed: float, unit: str = "") -> bool:
        """Tell whether a computed value rounds to what is written."""
        if not math.isfinite(computed):
            return False
        exact = self._scaled(computed, unit)
        half = Decimal(5).scaleb(-self.places - 1)
        slack = abs(exact) * Decimal("1e-9")  # a float's last digits must not decide a tie
        return abs(exact - self.value) <= half + slack

    def rewritten(self, computed: float, unit: str = "") -> str:
        """Write a computed value in the same manner and to the same precision."""
        if not math.isfinite(computed):
            return by_default(computed)
        rounded = _EXACT.quantize(self._scaled(computed, unit), Decimal(1).scaleb(-self.places))
        digits = f"{abs(rounded):,.{self.places}f}".replace(",", self.group)
        sign = "−" if rounded < 0 else "+" if self.plus and rounded > 0 else ""
        return f"{sign}{digits}{self.percent}"

    def _scaled(self, computed: float, unit: str) -> Decimal:
        """A share is written as a percentage; a quantity whose unit is the percent already is one."""
        scale = 100 if self.percent and unit not in PERCENT_UNITS else 1
        return Decimal(repr(float(computed))) * scale


def read_written(text: str) -> Written | None:
    """Read a number; `None` if the text is not one, or has more digits than anyone vouches for."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or len(match[0]) > MOST_CHARACTERS:
        return None
    group, decimals = match["group"] or "", match["decimals"] or ""
    if len(decimals) > MOST_DECIMALS:
        return None
    digits = match["whole"].replace(group, "") if group else match["whole"]
    value = Decimal(f"{digits}.{decimals}" if decimals else digits)
    return Written(
        value=value.copy_negate() if match["sign"] in {"-", "−"} else value,
        places=len(decimals),
        percent=match["percent"] or "",
        group=group,
        plus=match["sign"] == "+",
    )


def in_words(value: float | str) -> str:
    """Write a setting's value: a number as `by_default` has it, text as it is."""
    return value if isinstance(value, str) else by_default(value)


def by_default(value: float) -> str:
    """Write a number for which its author asked nothing: whole numbers in full, others to three digits."""
    if math.isnan(value):
        return "undefined"
    sign, size = ("−" if value < 0 else ""), abs(value)
    if math.isinf(size):
        return f"{sign}∞"
    rounded = float(f"{size:.{DIGITS}g}")
    whole = math.isclose(size, round(size), rel_tol=1e-9)
    if size and not TINY <= rounded < HUGE:
        return sign + _by_powers_of_ten(size)
    if whole or rounded >= 10**DIGITS:
        return f"{sign if round(size) else ''}{round(size):,}"
    places = DIGITS - 1 - math.floor(math.log10(rounded))
    text = f"{rounded:.{places}f}"
    return sign + (text.rstrip("0").rstrip(".") if places else text)


def _by_powers_of_ten(size: float) -> str:
    digits, exponent = f"{size:.{DIGITS - 1}e}".split("e")
    return f"{digits.rstrip('0').rstrip('.')} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"
