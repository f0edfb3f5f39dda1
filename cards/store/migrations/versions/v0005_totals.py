"""Totals of each day and of the cards' standing, kept by triggers, and the section that an answer belongs to.

The database keeps the totals itself, in the transaction that changes what they are totals of: no way of
writing an answer or a memory can forget them. `cards.store.totals` says what each of them means, and computes
them anew; here they are computed once for all that there is already.

A step that copies a table of SQLite's and drops the old one drops its triggers too, and has to put them back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# What one answer adds, or all of them with `total` and `grouped` filled in; `sign` takes it back if it is −1.
DAY = """
INSERT INTO day_total
    (learner_id, section, day, maturity, answers, recalled, introduced, timed, elapsed_ms)
SELECT {row}.learner_id, {section}, {row}.day,
    CASE WHEN {row}.before_state <> 'review' THEN 'learning'
         WHEN {row}.before_due_day - {row}.before_last_day >= 21 THEN 'mature' ELSE 'young' END,
    {total}({sign}),
    {total}({sign} * CASE WHEN {row}.rating > 1 THEN 1 ELSE 0 END),
    {total}({sign} * CASE WHEN {row}.before_state = 'new' THEN 1 ELSE 0 END),
    {total}({sign} * CASE WHEN {row}.elapsed_ms > 0 THEN 1 ELSE 0 END),
    {total}({sign} * {row}.elapsed_ms)
{source} {grouped}
ON CONFLICT (learner_id, section, day, maturity) DO UPDATE SET
    answers = day_total.answers + excluded.answers,
    recalled = day_total.recalled + excluded.recalled,
    introduced = day_total.introduced + excluded.introduced,
    timed = day_total.timed + excluded.timed,
    elapsed_ms = day_total.elapsed_ms + excluded.elapsed_ms"""
TALLY = """
INSERT INTO tally (learner_id, measure, major, minor, cards, amount)
SELECT {row}.learner_id, '{measure}', {major}, {minor}, {total}({cards}), {total}({amount})
{source} {grouped}
ON CONFLICT (learner_id, measure, major, minor) DO UPDATE SET
    cards = tally.cards + excluded.cards, amount = tally.amount + excluded.amount"""
LEAVE = """
UPDATE tally SET cards = cards - 1, amount = amount - {amount}
WHERE {holds} AND learner_id = {row}.learner_id
    AND measure = '{measure}' AND major = {major} AND minor = {minor}
"""
FUNCTION = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
ONE = {"total": "", "grouped": ""}
MANY = {"total": "sum", "grouped": "GROUP BY 1, 2, 3, 4"}

NOT_UNDONE = "review.id NOT IN (SELECT review_id FROM undo)"
COUNTED = "{row}.withdrawn_at IS NULL AND {row}.suspended_at IS NULL"
WATCHED = "UPDATE OF state, due_day, last_day, stability, difficulty, withdrawn_at, suspended_at"


def upgrade() -> None:
    """Create the tables of totals, fill them, and have them kept."""
    op.add_column("review", sa.Column("section", sa.String, nullable=False, server_default=""))
    op.create_table(
        "day_total",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("section", sa.String, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("maturity", sa.String, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("recalled", sa.Integer, nullable=False),
        sa.Column("introduced", sa.Integer, nullable=False),
        sa.Column("timed", sa.Integer, nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "section", "day", "maturity", name="pk_day_total"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_day_total_learner_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("measure", sa.String, nullable=False),
        sa.Column("major", sa.Integer, nullable=False),
        sa.Column("minor", sa.Integer, nullable=False),
        sa.Column("cards", sa.Integer, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "measure", "major", "minor", name="pk_tally"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_tally_learner_id"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for statement in (*_of_answers("review", 1, f"FROM review WHERE {NOT_UNDONE}"), *_of_memories()):
        connection.exec_driver_sql(statement)
    taken_back = "FROM review WHERE review.id = NEW.review_id"
    counted = COUNTED.format(row="NEW")
    left = COUNTED.format(row="OLD")
    for trigger in (
        ("answer_counted", "INSERT", "review", "", _of_answers("NEW", 1)),
        ("answer_taken_back", "INSERT", "undo", "", _of_answers("review", -1, taken_back)),
        ("memory_counted", "INSERT", "memory", counted, _of_memories("NEW")),
        ("memory_left", WATCHED, "memory", left, _without("OLD")),
        ("memory_moved", WATCHED, "memory", counted, _of_memories("NEW")),
        ("memory_gone", "DELETE", "memory", left, _without("OLD")),
    ):
        _keep(connection, *trigger)


def _keep(
    connection: sa.Connection, name: str, event: str, table: str, condition: str, does: list[str]
) -> None:
    """Create a trigger for each row of a table that an event changes."""
    when, body = f"WHEN ({condition})" if condition else "", ";".join(does)
    if connection.dialect.name == "sqlite":
        statements = [f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN {body}; END"]
    else:
        statements = [
            FUNCTION.format(name=name, body=body),
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {name}()",
        ]
    for statement in statements:
        connection.exec_driver_sql(statement)


def _of_answers(row: str, sign: int, source: str = "") -> list[str]:
    """What answers add to the totals of their days, and to the cards that had waited before them."""
    due = f"coalesce({row}.before_due_day, {row}.before_last_day)"
    number = MANY if source else ONE
    where = f"{source} AND" if source else "WHERE"
    day = {"row": row, "sign": sign, **number}
    waited = {"row": row, "measure": "waited", "minor": 0, "amount": 0, **number}
    late = f"{where} {due} < {row}.day"
    return [
        DAY.format(section="''", source=f"{where} 1 = 1", **day),
        DAY.format(section=f"{row}.section", source=f"{where} {row}.section <> ''", **day),
        TALLY.format(major=due, cards=sign, source=late, **waited),
        TALLY.format(major=f"{row}.day", cards=-sign, source=late, **waited),
    ]


def _of_memories(row: str = "memory") -> list[str]:
    """What memories add to the tallies: the one that a trigger calls NEW, or all there are."""
    every = row == "memory"
    where = f"FROM memory WHERE {COUNTED.format(row=row)} AND" if every else "WHERE"
    number = MANY if every else ONE
    return [
        TALLY.format(
            row=row,
            measure=measure,
            major=major,
            minor=minor,
            cards=1,
            amount=amount,
            source=f"{where} {holds}",
            **number,
        )
        for measure, major, minor, amount, holds in _measures(row)
    ]


def _without(row: str) -> list[str]:
    """Take one memory, which a trigger calls OLD, out of the tallies."""
    return [
        LEAVE.format(row=row, measure=measure, major=major, minor=minor, amount=amount, holds=holds)
        for measure, major, minor, amount, holds in _measures(row)
    ]


def _measures(row: str) -> list[tuple[str, str, str, str, str]]:
    """Of each measure: its name, its two numbers for a memory, the amount, and for which memories it is."""
    due, last = f"coalesce({row}.due_day, {row}.last_day)", f"{row}.last_day"
    stage = (
        f"CASE WHEN {row}.state = 'new' THEN 0 WHEN {row}.state <> 'review' THEN 1 "
        f"WHEN {row}.due_day - {last} >= 21 THEN 3 ELSE 2 END"
    )
    octave = _reached(f"{row}.stability", [2**power for power in range(16)])
    hundredths = f"CAST(round(100 * {row}.stability) AS BIGINT)"
    return [
        ("due", due, "0", "0", f"{due} IS NOT NULL"),
        ("seen", last, octave, hundredths, f"{row}.stability IS NOT NULL AND {last} IS NOT NULL"),
        ("stage", stage, _reached(f"{row}.difficulty", list(range(1, 10))), "0", "1 = 1"),
    ]


def _reached(value: str, steps: list[int], before: int = 0) -> str:
    """How many of some steps a value has reached, by halves; none, if there is no value."""
    if not steps:
        return str(before)
    half = len(steps) // 2
    above = _reached(value, steps[half + 1 :], before + half + 1)
    below = _reached(value, steps[:half], before)
    return f"CASE WHEN {value} >= {steps[half]} THEN {above} ELSE {below} END"
