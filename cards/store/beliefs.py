"""Claims, credences, resolutions and checks of conservation, written and read.

What is taken back stays as a row that does not count, and can be brought back. Only forgetting deletes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from cards.claims import Claim, ConservationCheck, Credence, Outcome, Resolution
from cards.days import calendar_date, number_of_date
from cards.store import belief_tables
from cards.store.decisions import among
from cards.store.moments import from_ms, to_ms
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Table

CLAIM = Row.metadata.tables[str(belief_tables.Claim.__tablename__)]
CREDENCE = Row.metadata.tables[str(belief_tables.Credence.__tablename__)]
RESOLUTION = Row.metadata.tables[str(belief_tables.Resolution.__tablename__)]
CHECK = Row.metadata.tables[str(belief_tables.ConservationCheck.__tablename__)]
PREDICTION = Row.metadata.tables["prediction"]

LOGS = (CREDENCE, RESOLUTION, CHECK)
BELIEVED = (*LOGS, CLAIM, PREDICTION)
ABOUT_A_CLAIM = (CREDENCE.c.claim_id, RESOLUTION.c.claim_id, CHECK.c.check_id, CLAIM.c.claim_id)


def keep_claim(connection: Connection, learner: int, claim: Claim) -> None:
    """Put down a claim; one of the same id gets this text and this date."""
    said = {"text": claim.text, "by_day": None if claim.by is None else number_of_date(claim.by)}
    named = (CLAIM.c.learner_id == learner, CLAIM.c.claim_id == claim.id)
    if not connection.execute(update(CLAIM).where(*named).values(said)).rowcount:
        row = {"learner_id": learner, "claim_id": claim.id, "made_at": to_ms(claim.made_at), **said}
        connection.execute(insert(CLAIM), row)


def claims(connection: Connection, learner: int) -> list[Claim]:
    """Return a learner's own claims, oldest first."""
    rows = connection.execute(
        select(CLAIM).where(CLAIM.c.learner_id == learner).order_by(CLAIM.c.made_at, CLAIM.c.claim_id)
    )
    return [
        Claim(
            row.claim_id,
            row.text,
            None if row.by_day is None else calendar_date(row.by_day),
            from_ms(row.made_at),
        )
        for row in rows
    ]


def record_credence(connection: Connection, learner: int, credence: Credence) -> None:
    """Keep a credence; one that was kept before is left as it is."""
    row = {
        "claim_id": credence.claim_id,
        "probability": credence.probability,
        "note": credence.note,
        "repeat": credence.repeat,
        "occasion": credence.occasion,
        "at": to_ms(credence.at),
    }
    _record(connection, CREDENCE, learner, credence.client_id, row)


def note_credence(connection: Connection, learner: int, client_id: str, note: str) -> None:
    """Change what a learner has written to a credence."""
    connection.execute(update(CREDENCE).where(*_named(CREDENCE, learner, client_id)).values(note=note))


def credences(
    connection: Connection, learner: int, claim_ids: Iterable[str] | None = None
) -> dict[str, list[Credence]]:
    """Return the credences that count, by claim, each claim's in the order of their moments.

    Args:
        connection: The connection.
        learner: Whose they are.
        claim_ids: In which claims; by default in all. A claim without a credence is left out.
    """
    found: dict[str, list[Credence]] = {}
    counting = (
        select(
            CREDENCE.c.client_id,
            CREDENCE.c.claim_id,
            CREDENCE.c.probability,
            CREDENCE.c.at,
            CREDENCE.c.note,
            CREDENCE.c.repeat,
            CREDENCE.c.occasion,
        )
        .where(CREDENCE.c.learner_id == learner, CREDENCE.c.withdrawn_at.is_(None))
        .order_by(CREDENCE.c.at, CREDENCE.c.id)
    )
    for some in among(CREDENCE.c.claim_id, claim_ids):
        for client_id, claim_id, probability, at, *rest in connection.execute(counting.where(some)):
            entry = Credence(client_id, claim_id, probability, from_ms(at), *rest)
            found.setdefault(claim_id, []).append(entry)
    return found


def record_resolution(connection: Connection, learner: int, resolution: Resolution) -> None:
    """Keep how a claim has turned out; what was kept before under the same client id is left as it is."""
    row = {
        "claim_id": resolution.claim_id,
        "outcome": str(resolution.outcome),
        "note": resolution.note,
        "at": to_ms(resolution.at),
    }
    _record(connection, RESOLUTION, learner, resolution.client_id, row)


def resolutions(connection: Connection, learner: int) -> dict[str, Resolution]:
    """Return what was said last, and not taken back, of how each claim has turned out, by claim."""
    rows = connection.execute(
        select(RESOLUTION)
        .where(RESOLUTION.c.learner_id == learner, RESOLUTION.c.withdrawn_at.is_(None))
        .order_by(RESOLUTION.c.at, RESOLUTION.c.id)
    )
    return {
        row.claim_id: Resolution(row.client_id, row.claim_id, Outcome(row.outcome), from_ms(row.at), row.note)
        for row in rows
    }


def record_check(connection: Connection, learner: int, check: ConservationCheck) -> None:
    """Keep a check of conservation; of one that was kept before only the credence afterwards changes."""
    stated = update(CHECK).where(*_named(CHECK, learner, check.client_id)).values(after=check.after)
    if connection.execute(stated).rowcount:
        return
    row = {
        "check_id": check.check_id,
        "prior": check.prior,
        "if_true": check.if_true,
        "if_false": check.if_false,
        "happened": check.happened,
        "after": check.after,
        "at": to_ms(check.at),
    }
    _record(connection, CHECK, learner, check.client_id, row)


def checks(connection: Connection, learner: int) -> list[ConservationCheck]:
    """Return the checks of conservation that count, oldest first."""
    rows = connection.execute(
        select(CHECK)
        .where(CHECK.c.learner_id == learner, CHECK.c.withdrawn_at.is_(None))
        .order_by(CHECK.c.at, CHECK.c.id)
    )
    return [
        ConservationCheck(
            row.client_id,
            row.check_id,
            row.prior,
            row.if_true,
            row.if_false,
            row.happened,
            from_ms(row.at),
            row.after,
        )
        for row in rows
    ]


def take_back(connection: Connection, learner: int, client_id: str, now: datetime | None) -> None:
    """Let a credence, a resolution or a check not count any more; without a moment it counts again."""
    withdrawn_at = None if now is None else to_ms(now)
    for table in LOGS:
        named = _named(table, learner, client_id)
        connection.execute(update(table).where(*named).values(withdrawn_at=withdrawn_at))


def is_held(connection: Connection, learner: int, claim_id: str | None = None) -> bool:
    """Whether anything is kept of a claim or a check, or of any belief at all; also what was taken back."""
    if claim_id is None:
        held = [select(table.c.learner_id).where(table.c.learner_id == learner) for table in BELIEVED]
    else:
        held = [
            select(column).where(column.table.c.learner_id == learner, column == claim_id)
            for column in ABOUT_A_CLAIM
        ]
    return any(connection.execute(query.limit(1)).first() is not None for query in held)


def forget_claim(connection: Connection, learner: int, claim_id: str) -> int:
    """Delete all that a learner has said of a claim, or of a check; return how many rows that was."""
    return sum(
        connection.execute(
            delete(column.table).where(column.table.c.learner_id == learner, column == claim_id)
        ).rowcount
        for column in ABOUT_A_CLAIM
    )


def forget(connection: Connection, learner: int) -> int:
    """Delete all claims, credences, resolutions, checks and predictions; return how many rows that was."""
    return sum(
        connection.execute(delete(table).where(table.c.learner_id == learner)).rowcount for table in BELIEVED
    )


def _record(connection: Connection, table: Table, learner: int, client_id: str, row: dict[str, Any]) -> None:
    """Add a row to a log, unless one was added under this client id."""
    if connection.execute(select(table.c.id).where(*_named(table, learner, client_id))).first() is None:
        connection.execute(insert(table), {"learner_id": learner, "client_id": client_id, **row})


def _named(table: Table, learner: int, client_id: str) -> tuple[Any, ...]:
    return table.c.learner_id == learner, table.c.client_id == client_id
