"""Totals of a learner's answers and cards: what is kept of them with what has come since, or counted anew.

What they are is in `cards.store.counts`. They are a projection of the log and of the memories, so counting
them anew must give the same. An answer that kept them itself would write twice as many pages of the database
as it does; so they are brought up to date now and then, for many answers at once.
"""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from cards.store.counts import (
    COUNTED,
    DAY_TOTAL,
    DAYS_SINCE,
    DUE,
    HUNDREDTHS,
    KEY,
    RECOUNT,
    SEEN,
    STAGE,
    TALLIES_SINCE,
    TALLY,
    THROUGH,
    TOGETHER,
    WAITED,
    Counts,
    Since,
    add_up,
    add_up_since,
    day_queries,
    memory_queries,
    waited_queries,
)
from cards.store.log import REVIEW, UNDO
from cards.store.memories import MEMORY
from cards.totals import CardState, DayTotal, Maturity, Seen, Stage, Standing, Total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Table

AT_A_TIME = 500  # cards named in one statement: below what any database allows
SUMS = tuple(DAY_TOTAL.c[name] for name in Total._fields)
DAY_COLUMNS = DAY_TOTAL.c.values()[1:]
MATURITIES = {str(maturity): maturity for maturity in Maturity}
NOTHING = Total(0, 0, 0, 0, 0)


def days(connection: Connection, learner: int, first: int, last: int, section: str) -> list[DayTotal]:
    """Return the totals of the days from the first to the last, of a section or of all together."""
    kept = select(*DAY_COLUMNS).where(
        DAY_TOTAL.c.learner_id == learner,
        DAY_TOTAL.c.section == section,
        DAY_TOTAL.c.day.between(first, last),
    )
    counts = {tuple(row[:KEY]): tuple(row[KEY:]) for row in connection.execute(kept)}
    for key, more in _days_since(connection, learner).items():
        if key[0] == section and first <= key[1] <= last:
            counts[key] = tuple(map(add, counts.get(key, NOTHING), more))
    return [
        DayTotal(day, MATURITIES[maturity], Total._make(sums))
        for (_, day, maturity), sums in counts.items()
        if sums[0] > 0
    ]


def sections(connection: Connection, learner: int, first: int, last: int) -> dict[str, dict[Maturity, Total]]:
    """Return the totals of a range of days by section, without those of all sections together."""
    kept = (
        select(DAY_TOTAL.c.section, DAY_TOTAL.c.maturity, *(func.sum(column) for column in SUMS))
        .where(
            DAY_TOTAL.c.learner_id == learner,
            DAY_TOTAL.c.section != TOGETHER,
            DAY_TOTAL.c.day.between(first, last),
        )
        .group_by(DAY_TOTAL.c.section, DAY_TOTAL.c.maturity)
    )
    found: dict[str, dict[Maturity, Total]] = {}
    for section, maturity, *sums in connection.execute(kept):
        found.setdefault(section, {})[Maturity(maturity)] = Total(*map(int, sums))
    for (section, day, maturity), more in _days_since(connection, learner).items():
        if section != TOGETHER and first <= day <= last:
            of_section, named = found.setdefault(section, {}), MATURITIES[maturity]
            of_section[named] = Total(*map(add, of_section.get(named, NOTHING), more))
    return found


def standing(connection: Connection, learner: int) -> Standing:
    """Return where all cards of a learner stand."""
    counts = _kept_tallies(connection, learner)
    add_up_since(connection, counts, TALLIES_SINCE, learner, _through(connection, learner))
    return _standing(counts)


def standing_of(connection: Connection, learner: int, card_ids: Sequence[str]) -> Standing:
    """Return where some cards stand, counted one by one."""
    counts: Counts = {}
    for start in range(0, len(card_ids), AT_A_TIME):
        some = MEMORY.c.card_id.in_(card_ids[start : start + AT_A_TIME])
        add_up(connection, counts, *(query.where(some) for query in memory_queries(learner)))
    return _standing(counts)


def counted_ids(connection: Connection, learner: int) -> list[str]:
    """Return the ids of the cards that a learner keeps and has not suspended, in their order."""
    named = select(MEMORY.c.card_id).where(MEMORY.c.learner_id == learner, COUNTED)
    return list(connection.scalars(named.order_by(MEMORY.c.card_id)))


def card_states(connection: Connection, learner: int, card_ids: Sequence[str] | None) -> list[CardState]:
    """Return what a forecast needs of these cards, or of all that are kept and not suspended; in no order."""
    query = select(*(MEMORY.c[name] for name in CardState._fields)).where(
        MEMORY.c.learner_id == learner, COUNTED
    )
    if card_ids is None:
        return list(map(CardState._make, connection.execute(query)))
    parts = (card_ids[start : start + AT_A_TIME] for start in range(0, len(card_ids), AT_A_TIME))
    return [
        CardState(*row)
        for part in parts
        for row in connection.execute(query.where(MEMORY.c.card_id.in_(part)))
    ]


def behind(connection: Connection, learner: int) -> int:
    """Return how many answers and changed memories the totals do not hold yet."""
    through = _through(connection, learner)
    answers = select(func.count()).where(REVIEW.c.learner_id + 0 == learner, REVIEW.c.id > through.review)
    memories = select(func.count()).where(RECOUNT.c.learner_id == learner)
    return (connection.scalar(answers) or 0) + (connection.scalar(memories) or 0)


def bring_up_to_date(connection: Connection, learner: int) -> None:
    """Let the totals hold all that has come since they were last up to date."""
    through = _through(connection, learner)
    for table, queries in (
        (DAY_TOTAL, DAYS_SINCE),
        (TALLY, TALLIES_SINCE),
    ):
        changes: Counts = {}
        add_up_since(connection, changes, queries, learner, through)
        for key, counts in changes.items():
            if any(counts):
                _add(connection, table, (learner, *key), counts)
    _are_up_to_date(connection, learner)


def wrong(connection: Connection, learner: int) -> int:
    """Return how many totals are not what the log and the memories add up to; always none."""
    return sum(
        len(_differing(kept, computed)) for _, kept, computed in _kept_and_computed(connection, learner)
    )


def rebuild(connection: Connection, learner: int) -> int:
    """Compute all totals anew from the log and the memories; return how many were wrong."""
    mended = 0
    for table, kept, computed in list(_kept_and_computed(connection, learner)):
        mended += len(_differing(kept, computed))
        connection.execute(delete(table).where(table.c.learner_id == learner))
        rows = [
            dict(zip(table.c.keys(), (learner, *key, *counts), strict=True))
            for key, counts in computed.items()
            if any(counts)
        ]
        if rows:
            connection.execute(insert(table), rows)
    _are_up_to_date(connection, learner)
    return mended


def _through(connection: Connection, learner: int) -> Since:
    """The last answer and the last undo that the totals hold."""
    kept = select(THROUGH.c.review, THROUGH.c.undo).where(THROUGH.c.learner_id == learner)
    row = connection.execute(kept).first()
    return Since(0, 0) if row is None else Since(*row)


def _are_up_to_date(connection: Connection, learner: int) -> None:
    """Note that the totals hold everything."""
    last = {
        table.name: connection.scalar(select(func.max(table.c.id)).where(table.c.learner_id == learner)) or 0
        for table in (REVIEW, UNDO)
    }
    for table in (THROUGH, RECOUNT):
        connection.execute(delete(table).where(table.c.learner_id == learner))
    connection.execute(insert(THROUGH), {"learner_id": learner, **last})


def _add(connection: Connection, table: Table, key: Sequence[Any], counts: Sequence[int]) -> None:
    """Add to a row of totals, which need not be there."""
    names = table.c.keys()
    this = [table.c[name] == value for name, value in zip(names, key, strict=False)]
    sums = dict(zip(names[len(key) :], counts, strict=True))
    added = {name: table.c[name] + number for name, number in sums.items()}
    if not connection.execute(update(table).where(*this).values(added)).rowcount:
        connection.execute(insert(table), {**dict(zip(names, key, strict=False)), **sums})


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


def _days_since(connection: Connection, learner: int) -> Counts:
    """What the answers since the totals were up to date add to them."""
    counts: Counts = {}
    add_up_since(connection, counts, DAYS_SINCE, learner, _through(connection, learner))
    return counts


def _kept_and_computed(connection: Connection, learner: int) -> Iterator[tuple[Table, Counts, Counts]]:
    """The totals of both tables with all that has come since, and the same counted anew."""
    through = _through(connection, learner)
    kept: Counts = {}
    every_day = select(*DAY_COLUMNS).where(DAY_TOTAL.c.learner_id == learner)
    add_up(connection, kept, every_day)
    add_up_since(connection, kept, DAYS_SINCE, learner, through)
    computed: Counts = {}
    add_up(connection, computed, *day_queries(learner))
    yield DAY_TOTAL, kept, computed

    tallies = _kept_tallies(connection, learner)
    add_up_since(connection, tallies, TALLIES_SINCE, learner, through)
    counted: Counts = {}
    add_up(connection, counted, *memory_queries(learner), *waited_queries(learner))
    yield TALLY, tallies, counted


def _differing(kept: Counts, computed: Counts) -> list[tuple[Any, ...]]:
    """The keys whose counts differ; a row of zeros is as good as none."""
    nothing = (0,)
    return [
        key
        for key in kept.keys() | computed.keys()
        if any(kept.get(key, nothing)) or any(computed.get(key, nothing))
        if kept.get(key) != computed.get(key)
    ]
