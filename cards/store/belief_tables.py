"""The tables of what a learner believes; see `cards.claims`, and `tables` for the rest."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from cards.store.tables import Row


class Claim(Row, table=True):
    """A claim that a learner has put down; those of the book have no row."""

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    claim_id: str = Field(primary_key=True)
    text: str
    by_day: int | None
    made_at: int = Field(sa_type=BigInteger)


class Credence(Row, table=True):
    """A probability that a learner gave a claim; null is "no idea". Rows are only added, and withdrawn."""

    __table_args__ = (
        UniqueConstraint("learner_id", "client_id"),
        Index("ix_credence_claim", "learner_id", "claim_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    claim_id: str
    probability: float | None
    note: str
    repeat: bool
    occasion: str
    at: int = Field(sa_type=BigInteger)
    withdrawn_at: int | None = Field(default=None, sa_type=BigInteger)


class Resolution(Row, table=True):
    """How a claim has turned out; of those that are not withdrawn the last one counts."""

    __table_args__ = (UniqueConstraint("learner_id", "client_id"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    claim_id: str
    outcome: str
    note: str
    at: int = Field(sa_type=BigInteger)
    withdrawn_at: int | None = Field(default=None, sa_type=BigInteger)


class ConservationCheck(Row, table=True):
    """What a learner expected of some evidence, what it was, and the credence stated afterwards, if any."""

    __tablename__ = "conservation_check"
    __table_args__ = (UniqueConstraint("learner_id", "client_id"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    check_id: str
    prior: float
    if_true: float
    if_false: float
    happened: bool
    after: float | None
    at: int = Field(sa_type=BigInteger)
    withdrawn_at: int | None = Field(default=None, sa_type=BigInteger)
