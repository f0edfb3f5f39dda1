"""The entries on one claim, in the order of time, and what is read from them: a path, and pairs.

A *path* is what is measured: the credences that followed one upon another. Entries of "no idea" give no
credence and are passed over, so that the path goes on from the credence before. *Repeat ratings* are left
out: they say that nothing new was learned, so whatever they differ by is noise, and a record that moved
because it was asked to repeat itself would be measured by its own yardstick. They come in pairs instead,
each with the entry, or the repeat, that it repeats.

A claim that was settled may end its path at 1 or 0. Both views are worth having: without the end, the path
is what the learner moved, and a fair one has E[M] = E[R]; with the end, it is also held to the truth, and a
fair one has E[M] = u₀. A record may mix claims that are settled with claims that are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Entry(NamedTuple):
    """One credence on one claim; a plain tuple of the three does as well.

    Attributes:
        day: The learner's day number (see `cards.days`).
        probability: The credence, 0 to 1; None for "no idea".
        repeat: Whether nothing new was learned since the last.
    """

    day: int
    probability: float | None
    repeat: bool = False


History = Sequence[tuple[int, float | None, bool]]


def path(history: History, outcome: bool | None = None) -> list[float]:
    """Return the credences that moved, oldest first; empty if there is none.

    Args:
        history: The entries, oldest first.
        outcome: How the claim was settled, if the path is to end there; None leaves it open.
    """
    credences = [probability for _, probability, _ in fresh(history) if probability is not None]
    return [*credences, float(outcome)] if credences and outcome is not None else credences


def repeat_pairs(histories: Iterable[History]) -> list[tuple[float, float]]:
    """Return the pairs of credences between which nothing was learned, the earlier first."""
    return [
        (first, second)
        for history in histories
        for (_, first, _), (_, second, repeat) in pairwise(history)
        if repeat and first is not None and second is not None
    ]


def fresh(history: History) -> list[tuple[int, float | None, bool]]:
    """Return the entries without repeat ratings; the first entry repeats nothing, whatever it says."""
    return [entry for place, entry in enumerate(history) if not (entry[2] and place)]
