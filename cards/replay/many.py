"""Replaying many cards at once: what `schedule.history` comes to for each of them.

The answers are gone through turn by turn, every card's first, then every card's second, and each formula is
evaluated once a turn for all cards that have had so many. A million answers to 100,000 cards take some two
seconds; a log of one card is no faster than it would be one answer at a time.

As in `history`, an interval depends on the one before, as far back as the card last came back within the day;
only from there on are intervals worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cards.fuzz import fuzz_factor
from cards.memory import Rating
from cards.replay.columns import DAY_MS, NONE, REVIEW, Memories, Replayed
from cards.replay.intervals import Asked, apart
from cards.replay.model import Model
from cards.replay.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cards.replay.columns import Floats, Integers, Log


def replay(log: Log) -> Replayed:
    """Return the memories before each answer and after the last of each card; every card begins as new."""
    first, count = log.first, log.count
    before, after = Memories.new(len(log.card)), Memories.new(len(count))
    days = np.zeros((len(Rating), len(log.card)), dtype=np.int64)  # what the model gives each rating
    models, steps = [Model(one) for one in log.settings], Steps.of(log.settings)
    wait = np.zeros(len(count), dtype=np.int64)
    for cards, answers in _turns(first, count):
        _note(before, answers, after, cards)
        for preset in np.unique(log.preset[answers]):
            under = log.preset[answers] == preset
            days[:, answers[under]] = _answered(log, models[preset], after, cards[under], answers[under])
        wait[cards] = _stepped(log, steps, after, cards, answers)
    last = first + count - 1
    interval = _intervals(log, before, after, days)
    by_the_day = after.state == REVIEW
    return Replayed(
        before,
        after,
        due=log.at[last] + np.where(by_the_day, interval * DAY_MS, wait),
        due_day=np.where(by_the_day, log.day[last] + interval, NONE),
    )


def _turns(first: Integers, count: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Yield of each turn the cards that have one, and their answers."""
    longest_first = np.argsort(-count, kind="stable")
    ascending = count[longest_first][::-1]
    for turn in range(int(ascending[-1]) if len(count) else 0):
        cards = longest_first[: len(count) - np.searchsorted(ascending, turn, side="right")]
        yield cards, first[cards] + turn


def _note(before: Memories, answers: Integers, after: Memories, cards: Integers) -> None:
    for column, now in zip(vars(before).values(), vars(after).values(), strict=True):
        column[answers] = now[cards]


def _answered(log: Log, model: Model, after: Memories, cards: Integers, answers: Integers) -> Integers:
    """Move what is remembered on by one answer each; return what the model gives each rating, in days."""
    rating, stability, difficulty = log.rating[answers], after.stability[cards], after.difficulty[cards]
    elapsed = log.day[answers] - after.last_day[cards]
    found = model.stabilities(stability, difficulty, elapsed, rating)
    after.stability[cards] = found[rating - 1, np.arange(len(cards))]
    after.difficulty[cards] = model.difficulty(difficulty, rating)
    return model.days(np.nan_to_num(found))


def _stepped(log: Log, steps: Steps, after: Memories, cards: Integers, answers: Integers) -> Integers:
    """Move states and counts on by one answer each; return how long the cards wait within the day."""
    state, rating = after.state[cards], log.rating[answers]
    place = (log.preset[answers], state, after.step[cards] + 1, rating - 1)
    after.state[cards] = steps.state[place]
    after.step[cards] = steps.step[place]
    after.last_day[cards] = log.day[answers]
    after.reps[cards] += 1
    after.lapses[cards] += (state == REVIEW) & (rating == Rating.AGAIN)
    return steps.wait[place]


def _intervals(log: Log, before: Memories, after: Memories, days: Integers) -> Integers:
    """Return the last interval of each card, in days; it means nothing where a card comes back sooner."""
    within = np.flatnonzero(before.state != REVIEW)  # each card's first answer is among them
    start = np.zeros(len(after.state), dtype=np.int64)
    start[log.card[within]] = within  # the last of each card stays
    end = log.first + log.count
    # Where a card comes back within the day after all, none of its intervals is wanted.
    wanted = np.flatnonzero(after.state == REVIEW)
    last = np.full(len(after.state), NONE)
    longest = np.array([one.maximum_interval for one in log.settings])
    for chosen, answers in _turns(start[wanted], (end - start)[wanted]):
        cards = wanted[chosen]
        asked = Asked(
            model=days[:, answers],
            rating=log.rating[answers],
            last=last[cards],
            factor=_factors(log, cards, before.reps[answers], log.preset[answers]),
            longest=longest[log.preset[answers]],
        )
        last[cards] = apart(asked)
    return last


def _factors(log: Log, cards: Integers, reps: Integers, preset: Integers) -> Floats:
    fuzzes = [one.fuzz for one in log.settings]
    drawn = (
        fuzz_factor(f"{log.seeds[card]}/{rep}") if fuzzes[under] and log.seeds[card] else np.nan
        for card, rep, under in zip(cards.tolist(), reps.tolist(), preset.tolist(), strict=True)
    )
    return np.fromiter(drawn, dtype=np.float64, count=len(cards))
