"""The settings that a card varies, and how one is drawn.

    start in 5%..95%, step in 0.01..0.05, walkers in 1,000..20,000

A setting whose control is logarithmic is drawn evenly in its logarithm where its range spans a factor of
three or more, and else evenly in itself. What is drawn is easy to read: two significant digits of the first
sort, and of the second one of the twenty to two hundred round numbers that lie within. Left out: settings
that are text, of which there is no range.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cards.kind import Finding
from cards.predict.numerals import NUMERAL, read_numeral
from sim.spec import is_text
from sim.words import SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from sim.spec import Settings, Toy

OPTION = "vary"
EXAMPLE = "write, for instance, ':vary: start in 5%..95%, step in 0.01..0.05'"
FACTOR = 3  # from which a logarithmic setting is drawn so
FEWEST = 20  # round numbers in a range
SLACK = 1e-9  # of a range's length: what a number loses on its way through text

_PIECE = re.compile(r"(?:[^,]|,(?=\d{3}(?!\d)))+")  # up to a comma that does not part thousands
_RANGE = re.compile(rf"(?P<name>\w+)\s+in\s+(?P<low>{NUMERAL})\s*\.\.\s*(?P<high>{NUMERAL})")


@dataclass(frozen=True)
class Range:
    """A setting that is drawn anew each time.

    Attributes:
        name: The setting's.
        low: The least value, included.
        high: The greatest, included.
        whole: Whether it is a whole number.
        logarithmic: Whether it is drawn evenly in its logarithm.
    """

    name: str
    low: float
    high: float
    whole: bool = False
    logarithmic: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value lies within, ends included."""
        slack = SLACK * (self.high - self.low)
        return self.low - slack <= value <= self.high + slack

    def draw(self, chance: Random) -> float:
        """Draw a value that is easy to read."""
        drawn = self._by_factor(chance) if self.logarithmic else self._by_step(chance)
        return round(drawn) if self.whole else drawn

    def _by_factor(self, chance: Random) -> float:
        exact = self.low * (self.high / self.low) ** chance.random()
        return min(max(float(f"{exact:.1e}"), self.low), self.high)

    def _by_step(self, chance: Random) -> float:
        exponent = math.floor(math.log10((self.high - self.low) / FEWEST))
        if self.whole:
            exponent = max(exponent, 0)
        step = 10.0**exponent
        first, last = math.ceil(self.low / step - SLACK), math.floor(self.high / step + SLACK)
        return float(Decimal(chance.randint(first, last)).scaleb(exponent))


def read_ranges(toy: Toy, text: str) -> tuple[tuple[Range, ...], list[Finding]]:
    """Read what an author varies, and say what is wrong with it, each at its own place in the text."""
    found: list[Range] = []
    findings: list[Finding] = []
    for match, start in _pieces(text):
        if match is None:
            findings.append(_wrong("bad-option", f"'{text[slice(*start)]}' is not a range.", EXAMPLE, start))
            continue
        result = _range(toy, match, start[0])
        if isinstance(result, Finding):
            findings.append(result)
        elif any(result.name == other.name for other in found):
            place = _span(match, "name", start[0])
            findings.append(_wrong("bad-option", f"'{result.name}' varies twice.", "keep one range", place))
        else:
            found.append(result)
    return tuple(found), findings


def described(config: type[Settings], name: str) -> Mapping[str, Any]:
    """The unit and the scale of a setting."""
    extra = config.model_fields[name].json_schema_extra
    return extra if isinstance(extra, dict) else {"unit": "", "scale": "linear"}


def _pieces(text: str) -> Iterator[tuple[re.Match[str] | None, tuple[int, int]]]:
    """The ranges between commas, each with where it stands; `None` for what is not one."""
    for piece in _PIECE.finditer(text):
        words = piece[0].strip()
        start = piece.start() + len(piece[0]) - len(piece[0].lstrip())
        yield _RANGE.fullmatch(words), (start, start + len(words))


def _range(toy: Toy, match: re.Match[str], start: int) -> Range | Finding:
    config, name = toy.module.Config, match["name"]
    field = config.model_fields.get(name)
    if field is None:
        message = f"{toy.name} has no setting called '{name}'."
        return _wrong("bad-setting", message, _known(toy), _span(match, "name", start))
    if is_text(config, name):
        message = f"{name} is a text, which has no range."
        return _wrong("bad-setting", message, f"fix it, ':{name}: …'", _span(match, "name", start))
    for end in ("low", "high"):
        message, hint = _wrong_end(toy, name, match[end])
        if message:
            return _wrong("bad-setting", message, hint, _span(match, end, start))
    low, high = (read_numeral(match[end])[0] for end in ("low", "high"))
    if low >= high:
        place = (_span(match, "low", start)[0], _span(match, "high", start)[1])
        words = f"'{match['low']}..{match['high']}' holds no two numbers."
        return _wrong("bad-option", words, "write the lower end first; to fix it, make it an option", place)
    logarithmic = described(config, name)["scale"] == "log" and low > 0 and high / low >= FACTOR
    return Range(name, low, high, field.annotation is int, logarithmic)


def _wrong_end(toy: Toy, name: str, text: str) -> tuple[str, str]:
    """What is wrong with one end of a range, and how to mend it; empty if nothing is."""
    config, (value, is_percentage) = toy.module.Config, read_numeral(text)
    if is_percentage and described(config, name)["unit"] != SHARE:
        return f"{name} is not a share, and '{text}' has a percent sign.", "write it without"
    outside = _outside(config, name, value)
    if outside:
        return f"{toy.name}: {name} is {text}, {outside}.", "keep the range within the simulation's"
    if config.model_fields[name].annotation is int and not value.is_integer():
        return f"{toy.name}: {name} is {text}, which is not a whole number.", "write whole numbers"
    return "", ""


def _outside(config: type[Settings], name: str, value: float) -> str:
    """Say on which side of a setting's bounds a value lies; empty if it lies within."""
    for bound in config.model_fields[name].metadata:
        if hasattr(bound, "ge") and value < bound.ge:
            return f"below the least allowed, {bound.ge}"
        if hasattr(bound, "le") and value > bound.le:
            return f"above the greatest allowed, {bound.le}"
    return ""


def _known(toy: Toy) -> str:
    return f"it has {', '.join(toy.module.Config.model_fields)}"


def _span(match: re.Match[str], group: str, start: int) -> tuple[int, int]:
    return match.start(group) + start, match.end(group) + start


def _wrong(code: str, message: str, hint: str, span: tuple[int, int]) -> Finding:
    return Finding(code, message, hint, OPTION, span)
