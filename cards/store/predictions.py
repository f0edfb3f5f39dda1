"""What a learner predicted of simulations, with how they turned out.

A prediction that answered a card has the client id of the answer, and counts for as long as that does.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlmodel import Session, col, select

from cards.store import tables
from cards.store.log import REVIEW, UNDO
from cards.store.moments import from_ms, to_ms
from cards.store.records import Prediction
from cards.store.tables import Row

if TYPE_CHECKING:
    from sqlalchemy import Connection

PREDICTION = Row.metadata.tables["prediction"]
CONVERTED = {"settings", "at"}
AS_THEY_ARE = [one.name for one in fields(Prediction) if one.name not in CONVERTED]


def record(connection: Connection, learner: int, prediction: Prediction) -> None:
    """Keep a prediction; one that was kept before is left as it is."""
    kept = select(PREDICTION.c.id).where(
        PREDICTION.c.learner_id == learner, PREDICTION.c.client_id == prediction.client_id
    )
    if connection.scalar(kept) is not None:
        return
    row = {column: getattr(prediction, column) for column in AS_THEY_ARE}
    settings = json.dumps(dict(prediction.settings), sort_keys=True)
    row |= {"learner_id": learner, "at": to_ms(prediction.at), "settings": settings}
    connection.execute(insert(PREDICTION), row)


def oldest_first(connection: Connection, learner: int) -> list[Prediction]:
    """Return a learner's predictions that count, oldest first: those whose answer was taken back do not."""
    taken_back = (
        select(REVIEW.c.client_id)
        .select_from(REVIEW.join(UNDO, UNDO.c.review_id == REVIEW.c.id))
        .where(REVIEW.c.learner_id == learner)
    )
    with Session(connection) as session:
        rows = session.exec(
            select(tables.Prediction)
            .where(
                col(tables.Prediction.learner_id) == learner,
                col(tables.Prediction.client_id).not_in(taken_back),
            )
            .order_by(col(tables.Prediction.id))
        )
        return [
            Prediction(
                client_id=row.client_id,
                toy=row.toy,
                fact=row.fact,
                settings=json.loads(row.settings),
                guess=row.guess,
                truth=row.truth,
                at=from_ms(row.at),
                kind=row.kind,
                low=row.low,
                high=row.high,
                confidence=row.confidence,
                choice=row.choice,
                score=row.score,
                card_id=row.card_id,
            )
            for row in rows
        ]
