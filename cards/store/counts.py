"""What is totalled: what the log of answers and the memories add up to, lest anybody add it up again.

`day_total` holds the answers that count, by section, day and maturity; all sections together stand under "".
An answer belongs to the section that it was sent with. `tally` counts cards by four measures:

| measure | major | minor | cards | amount |
|---|---|---|---|---|
| due | the day a card comes back | 0 | cards | 0 |
| seen | the day of the last answer | octave of the stability | cards | stabilities, hundredths of a day |
| stage | `Stage` | difficulty, rounded down | cards | 0 |
| waited | a day | 0 | change in the cards that were due and not answered that day | 0 |

The first three count memories that are neither withdrawn nor suspended. The last is summed up to a day: an
answer that came late adds 1 on the day its card was due and takes it away on the day of the answer.

The database keeps both by triggers, which the migration `0005` has made; the queries here count anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, case, cast, func, literal, select

from cards.store.log import COUNTS, REVIEW, WITH_UNDO
from cards.store.memories import MEMORY
from cards.store.tables import Row
from cards.totals import MATURE_FROM, Maturity, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    AnySelect = Select[*tuple[Any, ...]]

DAY_TOTAL = Row.metadata.tables["day_total"]
TALLY = Row.metadata.tables["tally"]

DUE, SEEN, STAGE, WAITED = "due", "seen", "stage", "waited"
TOGETHER = ""
HUNDREDTHS = 100
OCTAVES = tuple(2**power for power in range(16))
DIFFICULTIES = tuple(range(1, 10))
COUNTED = MEMORY.c.withdrawn_at.is_(None) & MEMORY.c.suspended_at.is_(None)
KEY = 3  # columns of a row that say what is counted, after the learner's; the others are the counts
Counts = dict[tuple[Any, ...], tuple[int, ...]]


def add_up(connection: Connection, counts: Counts, *queries: AnySelect) -> None:
    """Add what queries count to what has been counted."""
    for query in queries:
        for row in connection.execute(query):
            found = tuple(int(number) for number in row[KEY:])
            before = counts.get(tuple(row[:KEY]), (0,) * len(found))
            counts[tuple(row[:KEY])] = tuple(one + more for one, more in zip(before, found, strict=True))


def day_queries(learner: int) -> list[AnySelect]:
    """Return what counts the answers of each day: of all sections together, and of each."""
    maturity = case(
        (REVIEW.c.before_state != "review", literal(Maturity.LEARNING.value)),
        (
            REVIEW.c.before_due_day - REVIEW.c.before_last_day >= MATURE_FROM,
            literal(Maturity.MATURE.value),
        ),
        else_=literal(Maturity.YOUNG.value),
    )
    sums = (
        func.count(),
        _number(REVIEW.c.rating > 1),
        _number(REVIEW.c.before_state == "new"),
        _number(REVIEW.c.elapsed_ms > 0),
        func.sum(REVIEW.c.elapsed_ms),
    )
    of_one = REVIEW.c.section
    return [
        select(section, REVIEW.c.day, maturity.label("maturity"), *sums)
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS, *conditions)
        .group_by(*grouped, REVIEW.c.day, "maturity")
        for section, conditions, grouped in (
            (literal(TOGETHER), (), ()),
            (of_one, (of_one != TOGETHER,), (of_one,)),
        )
    ]


def waited_queries(learner: int) -> list[AnySelect]:
    """Return what counts the answers that came late: by the day due, and by the day of the answer."""
    due = func.coalesce(REVIEW.c.before_due_day, REVIEW.c.before_last_day)
    return [
        select(literal(WAITED), day.label("major"), literal(0), func.count() * sign, literal(0))
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS, due < REVIEW.c.day)
        .group_by("major")
        for day, sign in ((due, 1), (REVIEW.c.day, -1))
    ]


def memory_queries(learner: int) -> list[AnySelect]:
    """Return what counts the cards by each measure of where they stand."""
    due, last = func.coalesce(MEMORY.c.due_day, MEMORY.c.last_day), MEMORY.c.last_day
    stability = MEMORY.c.stability
    stage = case(
        (MEMORY.c.state == "new", literal(Stage.NEW.value)),
        (MEMORY.c.state != "review", literal(Stage.LEARNING.value)),
        (MEMORY.c.due_day - last >= MATURE_FROM, literal(Stage.MATURE.value)),
        else_=literal(Stage.YOUNG.value),
    )
    zero = literal(0)
    hundredths = func.sum(cast(func.round(HUNDREDTHS * stability), Integer))
    return [
        select(literal(measure), major.label("major"), minor.label("minor"), func.count(), amount)
        .where(MEMORY.c.learner_id == learner, COUNTED, *holds)
        .group_by("major", "minor")
        for measure, major, minor, amount, holds in (
            (DUE, due, zero, zero, (due.is_not(None),)),
            (
                SEEN,
                last,
                _reached(stability, OCTAVES),
                hundredths,
                (stability.is_not(None), last.is_not(None)),
            ),
            (STAGE, stage, _reached(MEMORY.c.difficulty, DIFFICULTIES), zero, ()),
        )
    ]


def _number(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((holds, 1), else_=0))


def _reached(value: ColumnElement[Any], steps: Sequence[int]) -> ColumnElement[int]:
    """How many of some steps a value has reached; none, if there is no value."""
    return case(
        *((value >= step, literal(len(steps) - place)) for place, step in enumerate(reversed(steps))),
        else_=literal(0),
    )
