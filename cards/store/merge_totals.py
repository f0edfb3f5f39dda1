"""Counting many answers together, where the database would count them one by one.

The totals (`cards.store.counts`) are kept by triggers, which SQLite runs row by row: for a million answers
that takes longer than all else. So of a large merge the triggers are put aside, the answers are added up in
columns, the cards are counted anew, and the triggers are put back as they were; all in one transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sqlalchemy import delete, insert, text
from sqlalchemy.dialects.sqlite import insert as insert_or_add

from cards.store.counts import DAY_TOTAL, TALLY, TOGETHER, WAITED, add_up, memory_queries
from cards.store.prepared import Prepared
from cards.totals import MATURE_FROM, Maturity, Total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from sqlalchemy import Connection, Table

    from cards.replay.columns import Integers
    from cards.store.counts import Counts

WORTH_IT = 5000  # answers; below, counting all cards anew would take longer
TRIGGERS = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('review', 'memory')"
)
MATURITIES = tuple(Maturity)


def _adding(table: Table, sums: Sequence[str]) -> Prepared:
    """A row of counts, which is added to the one that is there."""
    new = insert_or_add(table)
    added = {name: table.c[name] + new.excluded[name] for name in sums}
    statement = new.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)
    return Prepared(statement, columns=table.c.keys())


ADD_DAYS = _adding(DAY_TOTAL, Total._fields)
ADD_TALLIES = _adding(TALLY, ("cards", "amount"))


class Answers(NamedTuple):
    """Answers in columns, with what the totals have to know of the memory before each.

    Attributes:
        section: [answer] the number of its section in `sections`.
        sections: The sections, by number.
        day: [answer] the day number.
        rating: [answer] 1 to 4.
        elapsed_ms: [answer] in milliseconds.
        is_first: [answer] whether it is the first to its card.
        last_day: [answer] the day number of the one before; without a meaning for the first.
        interval: [answer] the days that the card was to stay away; 0 unless it was in review.
    """

    section: Integers
    sections: Sequence[str]
    day: Integers
    rating: Integers
    elapsed_ms: Integers
    is_first: npt.NDArray[np.bool_]
    last_day: Integers
    interval: Integers


@contextmanager
def uncounted(connection: Connection, answers: int) -> Iterator[bool]:
    """Put the triggers aside while many answers are written; give whether they are: then somebody counts."""
    if connection.dialect.name != "sqlite" or answers < WORTH_IT:
        yield False
        return
    triggers = connection.execute(TRIGGERS).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield True
    for _, statement in triggers:
        connection.exec_driver_sql(statement)


def count(connection: Connection, learner: int, answers: Answers) -> None:
    """Add answers to the totals of their days, and count the learner's cards anew."""
    everything = np.ones_like(answers.is_first)
    of_a_section = np.array([section != TOGETHER for section in answers.sections], dtype=bool)
    _add_days(connection, learner, answers, everything, together=True)
    _add_days(connection, learner, answers, of_a_section[answers.section], together=False)
    _add_waited(connection, learner, answers)
    _count_cards(connection, learner)


def _add_days(
    connection: Connection, learner: int, answers: Answers, these: npt.NDArray[np.bool_], *, together: bool
) -> None:
    """Add some answers up by section, day and maturity: the sections all together, or each of them."""
    if not these.any():
        return
    interval, day, elapsed_ms = answers.interval[these], answers.day[these], answers.elapsed_ms[these]
    maturity = np.select(
        [interval == 0, interval >= MATURE_FROM],
        [MATURITIES.index(Maturity.LEARNING), MATURITIES.index(Maturity.MATURE)],
        MATURITIES.index(Maturity.YOUNG),
    )
    first, days = day.min(), np.ptp(day) + 1
    section = np.zeros_like(day) if together else answers.section[these]
    keys, place = np.unique((section * days + day - first) * len(MATURITIES) + maturity, return_inverse=True)
    rest, of_maturity = np.divmod(keys, len(MATURITIES))
    of_section, of_day = np.divmod(rest, days)
    sums = {
        "answers": np.ones_like(day),
        "recalled": answers.rating[these] > 1,
        "introduced": answers.is_first[these],
        "timed": elapsed_ms > 0,
        "elapsed_ms": elapsed_ms,
    }
    columns = {
        "learner_id": repeat(learner),
        "section": [TOGETHER if together else answers.sections[number] for number in of_section.tolist()],
        "day": (of_day + first).tolist(),
        "maturity": [str(MATURITIES[number]) for number in of_maturity.tolist()],
        # Sums of whole numbers are exact as far as 2⁵³, and nobody has spent so many milliseconds.
        **{
            name: np.bincount(place, weights=values).astype(np.int64).tolist()
            for name, values in sums.items()
        },
    }
    ADD_DAYS.run_all(connection, columns)


def _add_waited(connection: Connection, learner: int, answers: Answers) -> None:
    due = answers.last_day + answers.interval
    late = ~answers.is_first & (due < answers.day)
    days, place = np.unique(np.concatenate([due[late], answers.day[late]]), return_inverse=True)
    if not len(days):
        return
    change = np.bincount(place, weights=np.repeat([1, -1], late.sum()), minlength=len(days))
    columns = {
        "learner_id": repeat(learner),
        "measure": repeat(WAITED),
        "major": days.tolist(),
        "minor": repeat(0),
        "cards": change.astype(np.int64).tolist(),
        "amount": repeat(0),
    }
    ADD_TALLIES.run_all(connection, columns)


def _count_cards(connection: Connection, learner: int) -> None:
    counted: Counts = {}
    add_up(connection, counted, *memory_queries(learner))
    connection.execute(delete(TALLY).where(TALLY.c.learner_id == learner, TALLY.c.measure != WAITED))
    rows = [
        dict(zip(TALLY.c.keys(), (learner, *key, *counts), strict=True)) for key, counts in counted.items()
    ]
    if rows:
        connection.execute(insert(TALLY), rows)
