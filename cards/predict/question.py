"""What a card asks, read from its options: which fact of which simulation, over which settings, how nearly.

:sim: belief_walk
:ask: expected_updates
:vary: start in 5%..95%, step in 1%..5%
:tolerance: 10%
:guess: interval 80%            a number, if nothing is said
:update_probability: 0.5        any other setting, fixed; one that is not named has its default
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from cards.kind import Finding, Options
from cards.predict.ranges import EXAMPLE, Range, read_ranges
from cards.predict.tolerance import Tolerance, read_tolerance
from sim import spec
from sim.guess import Ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.spec import Quantity, Settings, Toy

OWN = ("sim", "ask", "vary", "tolerance", "guess")
NEEDED = {
    "sim": "name a simulation, such as ':sim: belief_walk'",
    "ask": "name one of its facts, such as ':ask: expected_updates'",
    "vary": EXAMPLE,
    "tolerance": "say how near is near enough, such as ':tolerance: 10%'",
}
LEAST_CONFIDENCE, GREATEST_CONFIDENCE = 50, 99  # percent

_INTERVAL = re.compile(r"interval(?:[ \t]+(\d{1,3})[ \t]*%)?", re.ASCII)


@dataclass(frozen=True)
class Question:
    """What is asked, whatever the settings.

    Attributes:
        toy: The simulation.
        fact: The fact of it.
        ask: Whether a number is asked for, or an interval.
        ranges: The settings that vary.
        fixed: Those that do not, where they are not the default.
        tolerance: How near is near enough.
    """

    toy: Toy
    fact: str
    ask: Ask
    ranges: tuple[Range, ...]
    fixed: Mapping[str, str] = field(hash=False)
    tolerance: Tolerance

    @property
    def quantity(self) -> Quantity:
        """What the fact is, and its unit."""
        return self.toy.module.FACTS[self.fact]

    def settings(self, drawn: Mapping[str, float]) -> Settings:
        """The simulation's settings with these values.

        Raises:
            SettingError: The simulation refuses them together.
        """
        return spec.parse_settings(self.toy, {**self.fixed, **drawn})


def question(options: Options) -> Question:
    """Return what a card asks whose options have passed `read`.

    Raises:
        ValueError: They have not.
    """
    found, findings = _read(tuple(options.items()))
    if found is None:
        raise ValueError(findings[0].message)
    return found


def read(options: Options) -> tuple[Question | None, list[Finding]]:
    """Read what is asked, or say all that is wrong with it."""
    found, findings = _read(tuple(options.items()))
    return found, list(findings)


@lru_cache(maxsize=1024)
def _read(given: tuple[tuple[str, str], ...]) -> tuple[Question | None, tuple[Finding, ...]]:
    options = dict(given)
    findings = [_missing(name) for name in NEEDED if not options.get(name)]
    name = options.get("sim")
    if not name:
        return None, tuple(findings)
    toy = _toy(name)
    if isinstance(toy, Finding):
        return None, (*findings, toy)
    fact, facts = options.get("ask", ""), toy.module.FACTS
    if fact and fact not in facts:
        message = f"{toy.name} has no fact called '{fact}'."
        findings.append(Finding("unknown-fact", message, nearest(fact, facts), "ask"))
    ranges, wrong = read_ranges(toy, options.get("vary", ""))
    findings += wrong
    fixed = {name: value for name, value in options.items() if name not in OWN}
    findings += _wrong_settings(toy, fixed, ranges)
    ask = _ask(options.get("guess", "number"))
    nearness = options.get("tolerance", "")
    tolerance = read_tolerance(nearness, facts[fact]) if nearness and fact in facts else None
    findings += [part for part in (ask, tolerance) if isinstance(part, Finding)]
    if findings or tolerance is None:
        return None, tuple(findings)
    held = MappingProxyType(fixed)
    return Question(toy, fact, cast("Ask", ask), ranges, held, cast("Tolerance", tolerance)), ()


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which name was meant, or which there are."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"did you mean '{close[0]}'?" if close else f"there are {', '.join(names)}"


def _missing(name: str) -> Finding:
    return Finding("bad-option", f"The card has no '{name}'.", NEEDED[name], name)


def _toy(name: str) -> Toy | Finding:
    try:
        return spec.get(name)
    except spec.UnknownToyError:
        message = f"There is no simulation called '{name}'."
        return Finding("unknown-toy", message, nearest(name.replace("-", "_"), spec.names()), "sim")
    except spec.BrokenToyError as error:
        return Finding("unknown-toy", str(error), "the rest of the book goes on without it", "sim")


def _wrong_settings(toy: Toy, fixed: Mapping[str, str], ranges: Iterable[Range]) -> list[Finding]:
    """What is wrong with the settings that are fixed, each by itself."""
    fields = toy.module.Config.model_fields
    findings = []
    for name, value in fixed.items():
        if name not in fields:
            message = f"predict has no option '{name}', and {toy.name} has no such setting."
            findings.append(Finding("unknown-option", message, nearest(name, (*OWN, *fields)), name))
        elif any(name == varied.name for varied in ranges):
            message = f"'{name}' is fixed here, and varies too."
            findings.append(Finding("bad-setting", message, "keep one of the two", name))
        else:
            findings += _wrong_value(toy, name, value)
    return findings


def _wrong_value(toy: Toy, name: str, value: str) -> list[Finding]:
    try:
        spec.parse_settings(toy, {name: value})
    except spec.SettingError as error:
        if error.field == name:  # a combination is judged with the settings that vary
            return [Finding("bad-setting", str(error), "write one that the simulation takes", name)]
    return []


def _ask(text: str) -> Ask | Finding:
    if text == "number":
        return Ask("number")
    match = _INTERVAL.fullmatch(text)
    if match is None:
        return Finding("bad-option", f"A guess is a number or an interval, not '{text}'.",
                       "write 'number' or 'interval 80%'", "guess")  # fmt: skip
    percent = int(match[1]) if match[1] else round(100 * Ask().confidence)
    if LEAST_CONFIDENCE <= percent <= GREATEST_CONFIDENCE:
        return Ask("interval", percent / 100)
    hint = f"write one from {LEAST_CONFIDENCE}% to {GREATEST_CONFIDENCE}%"
    return Finding(
        "bad-option", f"The confidence of an interval is {percent}%.", hint, "guess", match.span(1)
    )
