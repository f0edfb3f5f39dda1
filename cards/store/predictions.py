"""What a learner predicted of simulations, with how they turned out.

A prediction that answered a card has the client id of the answer, and counts for as long as that does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from cards.store import tables
from cards.store.log import REVIEW, UNDO
from cards.store.moments import from_ms, to_ms
from cards.store.records import Prediction

if TYPE_CHECKING:
    from sqlalchemy import Connection


def record(connection: Connection, learner: int, prediction: Prediction) -> None:
    """Keep a prediction; one that was kept before is left as it is."""
    with Session(connection) as session:
        kept = session.exec(
            select(tables.Prediction.id).where(
                col(tables.Prediction.learner_id) == learner,
                col(tables.Prediction.client_id) == prediction.client_id,
            )
        ).first()
        if kept is not None:
            return
        session.add(
            tables.Prediction(
                learner_id=learner,
                client_id=prediction.client_id,
                toy=prediction.toy,
                fact=prediction.fact,
                settings=json.dumps(dict(prediction.settings), sort_keys=True),
                guess=prediction.guess,
                truth=prediction.truth,
                at=to_ms(prediction.at),
                kind=prediction.kind,
                low=prediction.low,
                high=prediction.high,
                confidence=prediction.confidence,
                choice=prediction.choice,
                score=prediction.score,
                card_id=prediction.card_id,
            )
        )
        session.flush()


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
