"""Totals: what the log of answers and the memories add up to, so that nobody has to add it up again.

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

The database keeps both by triggers, which the migration `0005` has made. Here they are read, and computed
anew from the log and the memories, which must give the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, case, cast, delete, func, insert, literal, select

from cards.store.log import COUNTS, REVIEW, WITH_UNDO
from cards.store.memories import MEMORY
from cards.store.tables import Row
from cards.totals import MATURE_FROM, CardState, DayTotal, Maturity, Seen, Stage, Standing, Total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table

    AnySelect = Select[*tuple[Any, ...]]

DAY_TOTAL = Row.metadata.tables["day_total"]
TALLY = Row.metadata.tables["tally"]

DUE, SEEN, STAGE, WAITED = "due", "seen", "stage", "waited"
TOGETHER = ""
HUNDREDTHS = 100
OCTAVES = tuple(2**power for power in range(16))
DIFFICULTIES = tuple(range(1, 10))
AT_A_TIME = 500  # cards named in one statement: below what any database allows

SUMS = tuple(DAY_TOTAL.c[name] for name in Total._fields)
COUNTED = MEMORY.c.withdrawn_at.is_(None) & MEMORY.c.suspended_at.is_(None)
Counts = dict[tuple[Any, ...], tuple[int, ...]]


def days(connection: Connection, learner: int, first: int, last: int, section: str) -> list[DayTotal]:
    """Return the totals of the days from the first to the last, of a section or of all together."""
    rows = connection.execute(
        select(DAY_TOTAL.c.day, DAY_TOTAL.c.maturity, *SUMS).where(
            DAY_TOTAL.c.learner_id == learner,
            DAY_TOTAL.c.section == section,
            DAY_TOTAL.c.day.between(first, last),
            DAY_TOTAL.c.answers > 0,
        )
    ).all()
    named = {str(maturity): maturity for maturity in Maturity}
    return [DayTotal(row[0], named[row[1]], Total._make(row[2:])) for row in rows]


def sections(connection: Connection, learner: int, first: int, last: int) -> dict[str, dict[Maturity, Total]]:
    """Return the totals of a range of days by section, without those of all sections together."""
    rows = connection.execute(
        select(DAY_TOTAL.c.section, DAY_TOTAL.c.maturity, *(func.sum(column) for column in SUMS))
        .where(
            DAY_TOTAL.c.learner_id == learner,
            DAY_TOTAL.c.section != TOGETHER,
            DAY_TOTAL.c.day.between(first, last),
        )
        .group_by(DAY_TOTAL.c.section, DAY_TOTAL.c.maturity)
    )
    found: dict[str, dict[Maturity, Total]] = {}
    for section, maturity, *sums in rows:
        found.setdefault(section, {})[Maturity(maturity)] = Total(*map(int, sums))
    return found


def standing(connection: Connection, learner: int) -> Standing:
    """Return where all cards of a learner stand."""
    return _standing(_kept_tallies(connection, learner))


def standing_of(connection: Connection, learner: int, card_ids: Sequence[str]) -> Standing:
    """Return where some cards stand, counted one by one."""
    counts: Counts = {}
    for start in range(0, len(card_ids), AT_A_TIME):
        some = MEMORY.c.card_id.in_(card_ids[start : start + AT_A_TIME])
        _count(connection, counts, *(query.where(some) for query in _memory_queries(learner)))
    return _standing(counts)


def counted_ids(connection: Connection, learner: int) -> list[str]:
    """Return the ids of the cards that a learner keeps and has not suspended, in their order."""
    named = select(MEMORY.c.card_id).where(MEMORY.c.learner_id == learner, COUNTED)
    return list(connection.scalars(named.order_by(MEMORY.c.card_id)))


def card_states(connection: Connection, learner: int, card_ids: Sequence[str] | None) -> list[CardState]:
    """Return what a forecast needs of these cards, or of all that a learner keeps and has not suspended."""
    query = select(*(MEMORY.c[name] for name in CardState._fields)).where(
        MEMORY.c.learner_id == learner, COUNTED
    )
    if card_ids is None:
        return [CardState(*row) for row in connection.execute(query.order_by(MEMORY.c.card_id))]
    parts = (card_ids[start : start + AT_A_TIME] for start in range(0, len(card_ids), AT_A_TIME))
    return [
        CardState(*row)
        for part in parts
        for row in connection.execute(query.where(MEMORY.c.card_id.in_(part)).order_by(MEMORY.c.card_id))
    ]


def wrong(connection: Connection, learner: int) -> int:
    """Return how many totals are not what the log and the memories add up to; always none."""
    return sum(
        len(_differing(kept, computed)) for _, kept, computed in _kept_and_computed(connection, learner)
    )


def rebuild(connection: Connection, learner: int) -> int:
    """Compute all totals anew from the log and the memories; return how many were wrong."""
    mended = 0
    for table, kept, computed in _kept_and_computed(connection, learner):
        mended += len(_differing(kept, computed))
        connection.execute(delete(table).where(table.c.learner_id == learner))
        rows = [
            dict(zip(table.c.keys(), (learner, *key, *counts), strict=True))
            for key, counts in computed.items()
            if any(counts)
        ]
        if rows:
            connection.execute(insert(table), rows)
    return mended


def _standing(counts: Counts) -> Standing:
    tallies: dict[str, list[tuple[int, int, int, int]]] = {DUE: [], SEEN: [], STAGE: [], WAITED: []}
    for (measure, major, minor), (cards, amount) in counts.items():
        if cards:
            tallies[measure].append((major, minor, cards, amount))
    return Standing(
        due={day: cards for day, _, cards, _ in tallies[DUE]},
        seen=[
            Seen(day, octave, cards, amount / (HUNDREDTHS * cards))
            for day, octave, cards, amount in tallies[SEEN]
        ],
        stages={(Stage(stage), difficulty): cards for stage, difficulty, cards, _ in tallies[STAGE]},
        waited={day: cards for day, _, cards, _ in tallies[WAITED]},
    )


def _kept_tallies(connection: Connection, learner: int) -> Counts:
    rows = connection.execute(
        select(TALLY.c.measure, TALLY.c.major, TALLY.c.minor, TALLY.c.cards, TALLY.c.amount).where(
            TALLY.c.learner_id == learner
        )
    )
    return {(measure, major, minor): (cards, amount) for measure, major, minor, cards, amount in rows}


def _kept_and_computed(connection: Connection, learner: int) -> Iterator[tuple[Table, Counts, Counts]]:
    columns = DAY_TOTAL.c.values()[1:]
    kept = {
        tuple(row[:3]): tuple(row[3:])
        for row in connection.execute(select(*columns).where(DAY_TOTAL.c.learner_id == learner))
    }
    computed: Counts = {}
    _count(connection, computed, *_day_queries(learner), key=3)
    yield DAY_TOTAL, kept, computed

    tallies: Counts = {}
    _count(connection, tallies, *_memory_queries(learner), *_waited_queries(learner))
    yield TALLY, _kept_tallies(connection, learner), tallies


def _differing(kept: Counts, computed: Counts) -> list[tuple[Any, ...]]:
    """The keys whose counts differ; a row of zeros is as good as none."""
    nothing = (0,)
    return [
        key
        for key in kept.keys() | computed.keys()
        if any(kept.get(key, nothing)) or any(computed.get(key, nothing))
        if kept.get(key) != computed.get(key)
    ]


def _count(connection: Connection, counts: Counts, *queries: AnySelect, key: int = 3) -> None:
    """Add what queries count to what has been counted; the first columns of a row are its key."""
    for query in queries:
        for row in connection.execute(query):
            found = tuple(int(number) for number in row[key:])
            before = counts.get(tuple(row[:key]), (0,) * len(found))
            counts[tuple(row[:key])] = tuple(one + more for one, more in zip(before, found, strict=True))


def _day_queries(learner: int) -> list[AnySelect]:
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


def _waited_queries(learner: int) -> list[AnySelect]:
    due = func.coalesce(REVIEW.c.before_due_day, REVIEW.c.before_last_day)
    return [
        select(literal(WAITED), day.label("major"), literal(0), func.count() * sign, literal(0))
        .select_from(WITH_UNDO)
        .where(REVIEW.c.learner_id == learner, COUNTS, due < REVIEW.c.day)
        .group_by("major")
        for day, sign in ((due, 1), (REVIEW.c.day, -1))
    ]


def _memory_queries(learner: int) -> list[AnySelect]:
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
