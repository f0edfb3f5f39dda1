"""Totals of a learner's answers and cards: read as the database keeps them, or counted anew.

What they are is in `cards.store.counts`. They are a projection of the log and of the memories, so counting
them anew must give the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from cards.store.counts import (
    COUNTED,
    DAY_TOTAL,
    DUE,
    HUNDREDTHS,
    KEY,
    SEEN,
    STAGE,
    TALLY,
    TOGETHER,
    WAITED,
    Counts,
    add_up,
    day_queries,
    memory_queries,
    waited_queries,
)
from cards.store.memories import MEMORY
from cards.totals import CardState, DayTotal, Maturity, Seen, Stage, Standing, Total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Table

AT_A_TIME = 500  # cards named in one statement: below what any database allows
SUMS = tuple(DAY_TOTAL.c[name] for name in Total._fields)


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
        tuple(row[:KEY]): tuple(row[KEY:])
        for row in connection.execute(select(*columns).where(DAY_TOTAL.c.learner_id == learner))
    }
    computed: Counts = {}
    add_up(connection, computed, *day_queries(learner))
    yield DAY_TOTAL, kept, computed

    tallies: Counts = {}
    add_up(connection, tallies, *memory_queries(learner), *waited_queries(learner))
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
