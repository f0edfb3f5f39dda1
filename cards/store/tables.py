"""The tables, as SQLModel declares them. What creates them is `migrations`; a test holds the two together.

Moments are stored as milliseconds since 1970 in UTC, days as day numbers (`cards.days`). Every row belongs to
a learner, but for the texts of cards, which are the book's.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

# A migration can only drop what has a name, and databases differ in the names they choose.
CONSTRAINT_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=CONSTRAINT_NAMES))):
    """The base of every table.

    It has a registry of its own, because Streamlit evicts and re-imports modules that have changed, and a
    second declaration of a table in SQLModel's shared registry is an error.
    """


class Learner(Row, table=True):
    """Someone who learns; a local install has one."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Memory(Row, table=True):
    """How well a learner remembers a card now.

    `enrolled_at`, `withdrawn_at` and what a learner has decided about the card (the last five columns) are
    facts; all the rest is a projection of the reviews, and can be computed again from them. A withdrawn card
    keeps what is remembered of it.
    """

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    card_id: str = Field(primary_key=True)
    enrolled_at: int = Field(sa_type=BigInteger)
    withdrawn_at: int | None = Field(default=None, sa_type=BigInteger)
    state: str
    step: int | None
    stability: float | None
    difficulty: float | None
    due: int = Field(sa_type=BigInteger)
    due_day: int | None
    last_review: int | None = Field(sa_type=BigInteger)
    last_day: int | None
    reps: int
    lapses: int
    suspended_at: int | None = Field(default=None, sa_type=BigInteger)
    buried_until: int | None
    marked_at: int | None = Field(default=None, sa_type=BigInteger)
    leech_passed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    verified_at: int | None = Field(default=None, sa_type=BigInteger)


class Preset(Row, table=True):
    """Scheduler settings that answers were computed under, as JSON; never changed once written."""

    __table_args__ = (UniqueConstraint("learner_id", "settings"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    settings: str


class Review(Row, table=True):
    """One answer, and the memory before it: all that undoing or repeating it needs. Rows are only added."""

    __table_args__ = (
        UniqueConstraint("learner_id", "client_id"),
        Index("ix_review_day", "learner_id", "day"),  # the only one: each costs every answer a page
    )

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    card_id: str
    rating: int
    at: int = Field(sa_type=BigInteger)
    day: int
    elapsed_ms: int
    preset_id: int = Field(foreign_key="preset.id")
    before_state: str
    before_step: int | None
    before_stability: float | None
    before_difficulty: float | None
    before_due: int = Field(sa_type=BigInteger)
    before_due_day: int | None
    before_last_review: int | None = Field(sa_type=BigInteger)
    before_last_day: int | None
    before_reps: int
    before_lapses: int


class Undo(Row, table=True):
    """One answer taken back. The answer's row stays; this one says that it no longer counts."""

    __table_args__ = (UniqueConstraint("learner_id", "client_id"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    review_id: int = Field(foreign_key="review.id", unique=True)
    at: int = Field(sa_type=BigInteger)


class Reschedule(Row, table=True):
    """Memories computed again under other settings, as if all answers so far had been given under them.

    It reaches through the last answer that was recorded when it was made, and is in force until it is undone;
    `undone_through` is the last answer that had been recorded by then.
    """

    __table_args__ = (UniqueConstraint("learner_id", "client_id"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    at: int = Field(sa_type=BigInteger)
    through: int
    undone_at: int | None = Field(default=None, sa_type=BigInteger)
    undone_through: int | None


class Rescheduled(Row, table=True):
    """One card whose memory a reschedule has changed, and the settings it was computed under."""

    reschedule_id: int = Field(primary_key=True, foreign_key="reschedule.id")
    card_id: str = Field(primary_key=True)
    preset_id: int = Field(foreign_key="preset.id")


class Reading(Row, table=True):
    """How far a learner has read a section."""

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    slug: str = Field(primary_key=True)
    share: float
    last_at: int = Field(sa_type=BigInteger)


class Prediction(Row, table=True):
    """A guess at what a simulation will do, with the truth and a score; no guess means the learner passed."""

    __table_args__ = (UniqueConstraint("learner_id", "client_id"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    toy: str
    fact: str
    settings: str
    guess: float | None
    truth: float
    at: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_column_kwargs={"server_default": "number"})
    low: float | None
    high: float | None
    confidence: float | None
    choice: str = Field(sa_column_kwargs={"server_default": ""})
    score: float | None


class Counterexample(Row, table=True):
    """Settings that contradict a section, with a learner's note; one that was withdrawn can come back."""

    __table_args__ = (UniqueConstraint("learner_id", "client_id"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    section: str
    block: str
    toy: str
    settings: str
    seed: int = Field(sa_type=BigInteger)
    note: str
    at: int = Field(sa_type=BigInteger)
    withdrawn_at: int | None = Field(default=None, sa_type=BigInteger)


class Setting(Row, table=True):
    """One thing a learner has chosen, as JSON."""

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    key: str = Field(primary_key=True)
    value: str


class CardNote(Row, table=True):
    """What a learner has written about a card; no row where there is nothing."""

    __tablename__ = "card_note"

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    card_id: str = Field(primary_key=True)
    note: str
    at: int = Field(sa_type=BigInteger)


class CardText(Row, table=True):
    """The text of a card as it was last seen, when it last changed, and when its meaning last did."""

    __tablename__ = "card_text"

    card_id: str = Field(primary_key=True)
    text_hash: str
    changed_at: int = Field(sa_type=BigInteger)
    edition: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    meaning_changed_at: int | None = Field(default=None, sa_type=BigInteger)
