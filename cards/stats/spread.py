"""Distributions of today: how stable, how difficult and how well remembered the cards are.

Stability and difficulty are as of the last answer. Retrievability is the chance of recall today, by the
model's forgetting curve R(t, S) (see `cards.stats.model`). Cards that were never answered have none of the
three; suspended and withdrawn ones are left out. The store adds up cards of like stability that were last
answered on the same day; their retrievability is taken at their mean stability, which where there is one
such card is exact to a hundredth of a day, and else to about a point.
"""

from __future__ import annotations

from dataclasses import dataclass

from cards.stats.model import Model
from cards.totals import Standing

TWENTIETHS = 20


@dataclass(frozen=True)
class Spread:
    """How many cards lie in each bin.

    Attributes:
        edges: The ends of the bins, one more than there are bins.
        cards: How many cards lie in each; on its lower end counts as in it.
    """

    edges: tuple[float, ...]
    cards: tuple[int, ...]

    @property
    def n(self) -> int:
        """How many cards there are."""
        return sum(self.cards)

    def at_least(self, edge: float) -> int:
        """How many cards lie in the bins from this edge on."""
        return sum(cards for cards, low in zip(self.cards, self.edges, strict=False) if low >= edge)

    @property
    def middle(self) -> tuple[float, float] | None:
        """The bin with the median card in it, by its ends; None where there is no card."""
        below = 0
        for cards, low, high in zip(self.cards, self.edges, self.edges[1:], strict=False):
            below += cards
            if self.n and below * 2 >= self.n:
                return low, high
        return None


def stability(standing: Standing) -> Spread:
    """Return how the stabilities are spread, in days, each bin twice as wide as the one before."""
    last = max((seen.octave for seen in standing.seen), default=0)
    cards = [0] * (last + 1)
    for seen in standing.seen:
        cards[seen.octave] += seen.cards
    return Spread((0.0, *(float(2**power) for power in range(last + 1))), tuple(cards))


def difficulty(standing: Standing) -> Spread:
    """Return how the difficulties are spread, from 1 (easy) to 10 (hard)."""
    cards = [0] * 9
    for (_, bin_), count in standing.stages.items():
        if bin_:
            cards[bin_ - 1] += count
    return Spread(tuple(float(edge) for edge in range(1, 11)), tuple(cards))


def retrievability(standing: Standing, today: int, model: Model) -> Spread:
    """Return how the chances of recall today are spread, in bins of five points."""
    cards = [0] * TWENTIETHS
    for seen in standing.seen:
        chance = model.retrievability(max(0, today - seen.last_day), seen.stability)
        cards[min(TWENTIETHS - 1, int(TWENTIETHS * chance))] += seen.cards
    return Spread(tuple(edge / TWENTIETHS for edge in range(TWENTIETHS + 1)), tuple(cards))


def remembered(standing: Standing, today: int, model: Model) -> float:
    """Return how many of the cards would be recalled today, on average."""
    return float(
        sum(
            seen.cards * model.retrievability(max(0, today - seen.last_day), seen.stability)
            for seen in standing.seen
        )
    )
