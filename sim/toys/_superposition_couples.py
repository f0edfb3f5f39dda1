"""How often two features are on at once, where they come in couples.

Feature i is on with chance p, whatever the others do. Independent features are both on with chance p². The
two of a couple, features 0 and 1, 2 and 3 and so on, may depend on each other: on together, with chance p,
or never. `_sparse_features` draws them.

Features that share a line are best chosen so that they seldom meet: those that are never on together lose
nothing at opposite ends of it.

Left out: features that depend on each other to a degree.
"""

from __future__ import annotations

from sim.toys._sparse_features import APART, TOGETHER


def are_couple(a: int, b: int) -> bool:
    """Whether two features are the two of a couple."""
    return a != b and a // 2 == b // 2


def both_on(a: int, b: int, p: float, correlation: int) -> float:
    """The chance that two features are on at once."""
    if are_couple(a, b) and correlation == TOGETHER:
        return p
    return 0.0 if are_couple(a, b) and correlation == APART else p**2


def shared_lines(first: int, pairs: int, correlation: int) -> list[tuple[int, int]]:
    """Which of `2 pairs` features, from the first on, had best share a line, so that they meet least."""
    if correlation == APART:
        aligned = first + first % 2  # where couples begin
        inside = [(a, a + 1) for a in range(aligned, first + 2 * pairs - 1, 2)]
        return inside if aligned == first else [(first, first + 2 * pairs - 1), *inside]
    return [(a, a + pairs) for a in range(first, first + pairs)]


def collision_chance(features: int, p: float, correlation: int) -> float:
    """The chance that two features or more are on at once."""
    couples, alone = divmod(features, 2)
    if correlation == TOGETHER:
        return 1 - (1 - p) ** couples
    if correlation == APART:
        still, idle = (1 - 2 * p) ** couples, (1 - p) ** alone
        one = 2 * couples * p * (1 - 2 * p) ** max(couples - 1, 0) * idle + alone * p * still
        return 1 - still * idle - one
    return 1 - (1 - p) ** features - features * p * (1 - p) ** (features - 1)
