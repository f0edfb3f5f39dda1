"""Whether what a learner has makes sense: settings that can be read, answers that add up to the memories.

Only looked at: nothing here writes. `repair` mends what can be computed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, UniqueConstraint, cast, delete, func, or_, select

from cards.memory import Rating, State
from cards.shown import shortened
from cards.store import projections, values
from cards.store.belongings import LEARNER, belongings
from cards.store.findings import Finding
from cards.store.log import REVIEW, UNDO
from cards.store.moments import from_ms
from cards.store.presets import PRESET
from cards.store.soundness import RESTORE
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

HOUR = 3_600_000  # milliseconds
DAY = 24 * HOUR
# A learner's day is that of a clock 12 hours behind UTC to 14 before it, less a rollover of at most 23 hours.
BEHIND, BEFORE = (12 + 23) * HOUR, 14 * HOUR

MEND = "python -m cards doctor --repair"
SETTING = Row.metadata.tables["setting"]
REPAIR = ("It can be computed again from the log.", MEND)


def findings(connection: Connection, learner: int) -> list[Finding]:
    """Return what does not make sense of what a learner has."""
    unreadable = _unreadable_log(connection, learner)
    found = [
        *unreadable,
        *_unreadable_values(connection, learner),
        *_undos_of_nothing(connection, learner),
        *_doubles(connection, learner),
        *_days_that_do_not_fit(connection, learner),
    ]
    if not unreadable:  # a log that cannot be read cannot be replayed
        found += _projections(connection, learner)
    return found


def repair(connection: Connection, learner: int) -> int:
    """Compute again what is computed from the log, and drop settings that cannot be read.

    Returns:
        How many rows were wrong. Where the log itself cannot be read, nothing is computed.
    """
    dropped = 0
    for key, value in _settings(connection, learner):
        if not values.is_json(value):
            dropped += 1
            connection.execute(delete(SETTING).where(SETTING.c.learner_id == learner, SETTING.c.key == key))
    if _unreadable_log(connection, learner):
        return dropped
    return dropped + projections.rebuild(connection, learner)


def _unreadable_log(connection: Connection, learner: int) -> list[Finding]:
    return [
        *_unreadable_presets(connection, learner),
        *_unreadable_reviews(connection, learner),
        *_reviews_without_preset(connection, learner),
    ]


def _unreadable_presets(connection: Connection, learner: int) -> Iterator[Finding]:
    kept = select(PRESET.c.id, PRESET.c.settings).where(PRESET.c.learner_id == learner)
    for number, settings in connection.execute(kept):
        if not values.is_preset(settings):
            yield Finding("bad-preset", f"The scheduler settings number {number} cannot be read.", *RESTORE)


def _unreadable_reviews(connection: Connection, learner: int) -> Iterator[Finding]:
    senseless = or_(
        REVIEW.c.rating.not_in([*map(int, Rating)]), REVIEW.c.before_state.not_in([*map(str, State)])
    )
    wrong = select(REVIEW.c.client_id, REVIEW.c.card_id).where(REVIEW.c.learner_id == learner, senseless)
    for client_id, card_id in connection.execute(wrong):
        yield Finding(
            "bad-answer",
            f"The answer '{shortened(client_id)}' to the card '{shortened(card_id)}' cannot be read.",
            *RESTORE,
        )


def _unreadable_values(connection: Connection, learner: int) -> Iterator[Finding]:
    for key, value in _settings(connection, learner):
        if not values.is_json(value):
            yield Finding(
                "bad-setting",
                f"The setting '{shortened(key)}' cannot be read.",
                "Without it, its default comes back.",
                MEND,
                is_mendable=True,
            )
    for table, column in sorted(values.JSON_COLUMNS - {("setting", "value")}):
        rows = Row.metadata.tables[table]
        for client_id, value in connection.execute(
            select(rows.c.client_id, rows.c[column]).where(rows.c[LEARNER] == learner)
        ):
            if not values.is_json(value):
                what = f"The {column} of the {table} '{shortened(client_id)}' cannot be read."
                yield Finding("bad-value", what, *RESTORE)


def _settings(connection: Connection, learner: int) -> list[tuple[str, str]]:
    kept = select(SETTING.c.key, SETTING.c.value).where(SETTING.c.learner_id == learner)
    return [(key, value) for key, value in connection.execute(kept)]


def _reviews_without_preset(connection: Connection, learner: int) -> Iterator[Finding]:
    foreign = (
        select(REVIEW.c.client_id)
        .select_from(REVIEW.outerjoin(PRESET, PRESET.c.id == REVIEW.c.preset_id))
        .where(REVIEW.c.learner_id == learner, PRESET.c.learner_id.is_distinct_from(learner))
    )
    for client_id in connection.scalars(foreign):
        yield Finding(
            "bad-preset", f"The answer '{shortened(client_id)}' has no scheduler settings of yours.", *RESTORE
        )


def _undos_of_nothing(connection: Connection, learner: int) -> Iterator[Finding]:
    nowhere = (
        select(UNDO.c.client_id)
        .select_from(UNDO.outerjoin(REVIEW, REVIEW.c.id == UNDO.c.review_id))
        .where(UNDO.c.learner_id == learner, or_(REVIEW.c.id.is_(None), REVIEW.c.learner_id != learner))
    )
    for client_id in connection.scalars(nowhere):
        yield Finding(
            "undo-of-nothing",
            f"The undo '{shortened(client_id)}' takes back an answer that is not yours.",
            *RESTORE,
        )


def _doubles(connection: Connection, learner: int) -> Iterator[Finding]:
    """Look for rows that a damaged index has let in twice, and so not by that index.

    What tells rows apart is what the tables declare: one change of several cards is a row for each of them.
    """
    for one in belongings():
        for names in _ids(one.table):
            key = [one.table.c[name].concat("") for name in names]
            twice = select(*key).where(one.table.c[LEARNER] == learner).group_by(*key)
            for double in connection.execute(twice.having(func.count() > 1)):
                named = " for ".join(f"'{shortened(part)}'" for part in double)
                yield Finding("double", f"{named} is in the table '{one.name}' more than once.", *RESTORE)


def _ids(table: Table) -> list[list[str]]:
    """The columns that tell one learner's rows apart, where the id that a browser made up is among them."""
    unique = [
        [column.name for column in constraint.columns if column.name != LEARNER]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    return [names for names in unique if "client_id" in names]


def _days_that_do_not_fit(connection: Connection, learner: int) -> Iterator[Finding]:
    begins = cast(REVIEW.c.day, BigInteger) * DAY
    outside = or_(begins > REVIEW.c.at + BEFORE, begins + DAY <= REVIEW.c.at - BEHIND)
    wrong = select(REVIEW.c.client_id, REVIEW.c.card_id, REVIEW.c.at, REVIEW.c.day)
    for client_id, card_id, at, day in connection.execute(
        wrong.where(REVIEW.c.learner_id == learner, outside)
    ):
        yield Finding(
            "wrong-day",
            f"The answer '{shortened(client_id)}' to the card '{shortened(card_id)}' was given at "
            f"{from_ms(at):%Y-%m-%d %H:%M} UTC and is counted on day {day}, which it was nowhere on earth.",
            *RESTORE,
        )


def _projections(connection: Connection, learner: int) -> Iterator[Finding]:
    for projection in projections.PROJECTIONS:
        for difference in projection.differences(connection, learner):
            what = f"'{shortened(difference.name)}' of the {projection.title} is not what the log adds up to"
            yield Finding("not-the-log", f"{what}: {difference.what}.", *REPAIR, is_mendable=True)
