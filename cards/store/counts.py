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

Both stand as they were when they were last brought up to date, which an answer leaves to later. What has come
since can be told from the rest: answers and undos by their numbers, beyond those in `counted_through`. How a
card is counted still is told by its first change since: an answer has the memory before it in its row, and of
any other change the database itself, by a trigger, puts it down in `recount`. The queries here count anew, or
only what has come since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, cast, func, literal, select, true, union, union_all

from cards.store.log import COUNTS, REVIEW, UNDO, WITH_UNDO
from cards.store.memories import MEMORY
from cards.store.prepared import Prepared
from cards.store.tables import Row
from cards.totals import MATURE_FROM, Maturity, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, FromClause, Select

    AnySelect = Select[*tuple[Any, ...]]

DAY_TOTAL = Row.metadata.tables["day_total"]
TALLY = Row.metadata.tables["tally"]
RECOUNT = Row.metadata.tables["recount"]
THROUGH = Row.metadata.tables["counted_through"]

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
        _add(counts, connection.execute(query))


def add_up_since(
    connection: Connection, counts: Counts, queries: Iterable[Prepared], learner: int, since: Since
) -> None:
    """Add what has come since the totals were up to date to what has been counted."""
    for query in queries:
        _add(counts, query.all(connection, {"learner": learner, **since._asdict()}))


def _add(counts: Counts, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        found = tuple(int(number) for number in row[KEY:])
        before = counts.get(tuple(row[:KEY]), (0,) * len(found))
        counts[tuple(row[:KEY])] = tuple(one + more for one, more in zip(before, found, strict=True))


class Since(NamedTuple):
    """The numbers of the last answer and the last undo that the totals hold."""

    review: int
    undo: int


def day_queries(learner: int) -> list[AnySelect]:
    """Return what counts the answers of each day: of all sections together, and of each."""
    return _by_day(and_(REVIEW.c.learner_id == learner, COUNTS))


def waited_queries(learner: int) -> list[AnySelect]:
    """Return what counts the answers that came late: by the day due, and by the day of the answer."""
    return _late(and_(REVIEW.c.learner_id == learner, COUNTS))


def memory_queries(learner: int) -> list[AnySelect]:
    """Return what counts the cards by each measure of where they stand."""
    return _measures(MEMORY, (MEMORY.c.learner_id == learner, COUNTED))


def _by_day(these: ColumnElement[bool], sign: int = 1) -> list[AnySelect]:
    maturity = case(
        (REVIEW.c.before_state != "review", literal(Maturity.LEARNING.value)),
        (
            REVIEW.c.before_due_day - REVIEW.c.before_last_day >= MATURE_FROM,
            literal(Maturity.MATURE.value),
        ),
        else_=literal(Maturity.YOUNG.value),
    )
    sums = (
        func.count() * sign,
        _number(REVIEW.c.rating > 1) * sign,
        _number(REVIEW.c.before_state == "new") * sign,
        _number(REVIEW.c.elapsed_ms > 0) * sign,
        func.sum(REVIEW.c.elapsed_ms) * sign,
    )
    of_one = REVIEW.c.section
    return [
        select(section, REVIEW.c.day, maturity.label("maturity"), *sums)
        .select_from(WITH_UNDO)
        .where(these, *conditions)
        .group_by(*grouped, REVIEW.c.day, "maturity")
        for section, conditions, grouped in (
            (literal(TOGETHER), (), ()),
            (of_one, (of_one != TOGETHER,), (of_one,)),
        )
    ]


def _late(these: ColumnElement[bool], sign: int = 1) -> list[AnySelect]:
    due = func.coalesce(REVIEW.c.before_due_day, REVIEW.c.before_last_day)
    return [
        select(literal(WAITED), day.label("major"), literal(0), func.count() * one, literal(0))
        .select_from(WITH_UNDO)
        .where(these, due < REVIEW.c.day)
        .group_by("major")
        for day, one in ((due, sign), (REVIEW.c.day, -sign))
    ]


def _measures(
    cards: FromClause,
    conditions: Sequence[ColumnElement[bool]],
    *,
    sign: int = 1,
) -> list[AnySelect]:
    """Count cards by each measure.

    Args:
        cards: The table that says how they are remembered.
        conditions: Which of its rows.
        sign: 1 to add them, −1 to take them away.
    """
    due, last = func.coalesce(cards.c.due_day, cards.c.last_day), cards.c.last_day
    stability = cards.c.stability
    stage = case(
        (cards.c.state == "new", literal(Stage.NEW.value)),
        (cards.c.state != "review", literal(Stage.LEARNING.value)),
        (cards.c.due_day - last >= MATURE_FROM, literal(Stage.MATURE.value)),
        else_=literal(Stage.YOUNG.value),
    )
    zero = literal(0)
    hundredths = func.sum(cast(func.round(HUNDREDTHS * stability), Integer)) * sign
    octave, difficulty = _reached(stability, OCTAVES), _reached(cards.c.difficulty, DIFFICULTIES)
    seen = and_(stability.is_not(None), last.is_not(None))
    return [
        select(literal(measure), major.label("major"), minor.label("minor"), func.count() * sign, amount)
        .where(*conditions, holds)
        .group_by("major", "minor")
        for measure, major, minor, amount, holds in (
            (DUE, due, zero, zero, due.is_not(None)),
            (SEEN, last, octave, hundredths, seen),
            (STAGE, stage, difficulty, zero, true()),
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


# What has come since the totals were up to date. Adding 0 keeps planners from the indexes on days and of the
# desk, by which they would go through all the learner's answers, and all the memories that are counted.
LEARNER: BindParameter[int] = bindparam("learner")
REVIEWED: BindParameter[int] = bindparam("review")
TAKEN_BACK: BindParameter[int] = bindparam("undo")
CAME = and_(REVIEW.c.learner_id + 0 == LEARNER, COUNTS, REVIEW.c.id > REVIEWED)
WENT = and_(UNDO.c.learner_id == LEARNER, UNDO.c.id > TAKEN_BACK, REVIEW.c.id <= REVIEWED)
ANSWERED = and_(REVIEW.c.learner_id + 0 == LEARNER, REVIEW.c.id > REVIEWED, REVIEW.c.merged_at.is_(None))
CHANGED = union(
    select(RECOUNT.c.card_id).where(RECOUNT.c.learner_id == LEARNER), select(REVIEW.c.card_id).where(ANSWERED)
)
CHANGED_AND_COUNTED = (
    MEMORY.c.learner_id == LEARNER,
    MEMORY.c.card_id.in_(CHANGED),
    (MEMORY.c.withdrawn_at + 0).is_(None),
    (MEMORY.c.suspended_at + 0).is_(None),
)
HOW = ("state", "due_day", "last_day", "stability", "difficulty")
# What was put down after an answer comes after it, but for a card that was not counted when it was answered.
FIRST_OR_NOT = case((RECOUNT.c.is_counted, 1), else_=-1)
CHANGES = union_all(
    select(
        REVIEW.c.card_id,
        (2 * REVIEW.c.id).label("moment"),
        true().label("is_counted"),
        *(REVIEW.c[f"before_{name}"].label(name) for name in HOW),
    ).where(ANSWERED),
    select(
        RECOUNT.c.card_id,
        2 * RECOUNT.c.after_review + FIRST_OR_NOT,
        RECOUNT.c.is_counted,
        *(RECOUNT.c[name] for name in HOW),
    ).where(RECOUNT.c.learner_id == LEARNER),
).subquery("changes")
IN_TURN = select(
    CHANGES, func.row_number().over(partition_by=CHANGES.c.card_id, order_by=CHANGES.c.moment).label("turn")
).subquery("in_turn")
COUNTED_STILL = (IN_TURN.c.turn == 1, IN_TURN.c.is_counted)
DAYS_SINCE = tuple(map(Prepared, [*_by_day(CAME), *_by_day(WENT, -1)]))
TALLIES_SINCE = (
    *map(Prepared, _measures(IN_TURN, COUNTED_STILL, sign=-1)),
    *map(Prepared, _measures(MEMORY, CHANGED_AND_COUNTED)),
    *map(Prepared, [*_late(CAME), *_late(WENT, -1)]),
)
