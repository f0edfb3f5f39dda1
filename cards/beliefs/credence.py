"""Reading a credence as people write it, and writing it as the app does.

A credence is a probability, kept as a number from 0 to 1 and shown in percent; None is "no idea". Read are

    50, 50%, 50 %, .5%, 0,5 %     percent, with a point or a comma as the decimal mark
    1/3, ½                        a fraction of two whole numbers
    no idea, don't know, ?        none

A bare number above 0 and below 1 is refused: "0.5" may mean half a percent or a half, and which of the two
cannot be seen. Left out: odds, powers of ten, and marks between thousands, which no percentage needs.
"""

from __future__ import annotations

import math
import re
import unicodedata

NO_IDEA = "no idea"
NO_IDEAS = frozenset({NO_IDEA, "don't know", "?"})
LONGEST = 40  # characters that are read, and that are shown in a sentence
HUNDRED = 100
LEAST_SHOWN = 0.0001  # percent from 0 or from 100; what is nearer is said to be nearer
FEW_PLACES_FROM = 1.0  # percent from 0 and from 100; nearer to them more places are shown

NUMBER = re.compile(r"([+-]?)([0-9]*)([.,]?)([0-9]*) ?(%?)")
FRACTION = re.compile(r"([0-9]+) ?/ ?([0-9]+)")


class CredenceError(ValueError):
    """What was written is no credence; the message is one sentence for the one who wrote it."""


def read_credence(text: str) -> float | None:
    """Return the probability that a text means, 0 to 1; None for "no idea".

    Raises:
        CredenceError: It is empty, is not understood, may mean two things, or lies outside 0 to 100%.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
    plain = plain.replace("\N{FRACTION SLASH}", "/").replace("\N{MINUS SIGN}", "-").replace("’", "'")
    if not plain:
        raise CredenceError(f"There is no credence; write a number from 0 to 100, or “{NO_IDEA}”.")
    if plain in NO_IDEAS:
        return None
    if len(plain) > LONGEST:
        raise CredenceError(_not_understood(f"“{text.strip()[:LONGEST]}…”"))
    shown = f"“{text.strip()}”"
    if fraction := FRACTION.fullmatch(plain):
        return _fraction(int(fraction[1]), int(fraction[2]), shown)
    return _number(plain, shown)


def percent(probability: float | None) -> str:
    """Return a credence in percent: "50%", "33.3%", "0.04%"; what is not certain is never said to be.

    Raises:
        ValueError: It does not lie between 0 and 1.
    """
    if probability is None:
        return NO_IDEA
    if not 0 <= probability <= 1:  # so that "not a number" is refused too
        raise ValueError(f"A credence is {probability:g}; it has to lie between 0 and 1.")
    if probability in {0, 1}:
        return f"{probability:.0%}"
    to_end = min(probability, 1 - probability) * HUNDRED
    if to_end < LEAST_SHOWN:
        return f"under {LEAST_SHOWN}%" if probability < 1 / 2 else f"over {HUNDRED - LEAST_SHOWN}%"
    places = 1 if to_end >= FEW_PLACES_FROM else 1 - math.floor(math.log10(to_end))
    return f"{probability * HUNDRED:.{places}f}".rstrip("0").rstrip(".") + "%"


def _fraction(part: int, whole: int, shown: str) -> float:
    if not whole:
        raise CredenceError(f"{shown} divides by zero; write a fraction such as 1/3.")
    if part > whole:
        raise CredenceError(f"{shown} is more than 100%; write a fraction of 1 at most.")
    return part / whole


def _number(plain: str, shown: str) -> float:
    found = NUMBER.fullmatch(plain)
    if found is None or not found[2] + found[4]:
        if sum(plain.count(mark) for mark in ".,") > 1:
            raise CredenceError(f"{shown} has more than one decimal mark; write one, as in 12.5 or 12,5.")
        raise CredenceError(_not_understood(shown))
    sign, whole, _, decimals, unit = found.groups()
    value = float(f"{sign}{whole or 0}.{decimals or 0}")
    if not 0 <= value <= HUNDRED:
        raise CredenceError(f"{shown} lies outside 0 to 100%; write a number from 0 to 100.")
    if 0 < value < 1 and not unit:
        low, high = percent(value / HUNDRED), percent(value)
        raise CredenceError(f"{shown} may mean {low} or {high}; write the one you mean, with its sign.")
    return value / HUNDRED + 0.0  # so that "-0" is 0


def _not_understood(shown: str) -> str:
    return f"{shown} is not understood; write 50, 50% or 1/3, or “{NO_IDEA}”."
