"""The tables, as SQLModel declares them. What creates them is `migrations`; a test holds the two together.

Moments are stored as milliseconds since 1970 in UTC, days as day numbers (`cards.days`). Every row belongs to
a learner, but for the texts of cards, which are the book's.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, MetaData, UniqueConstraint, text, true
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

# A migration can only drop what has a name, and databases differ in the names they choose.
CONSTRAINT_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}


# Of the memories the desk looks only at some, and its indexes hold only those.
ASKED = text("withdrawn_at IS NULL AND suspended_at IS NULL")
BURIED = text("buried_until IS NOT NULL")
CHANGED = text("meaning_changed_at IS NOT NULL")

# Of the answers, those that the index of days has been told of; see `filing`.
IS_FILED = text("is_filed = 1"), text("is_filed")

# What `belongings` has to know of a table or a column beyond its type.
COMPUTED = {"info": {"computed": True}}
IN_REVIEW = {"info": {"position_in": "review"}}


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=CONSTRAINT_NAMES))):
    """The base of every table.

    It has a registry of its own, because Streamlit evicts and re-imports modules that have changed, and a
    second declaration of a table in SQLModel's shared registry is an error.
    """


class Learner(Row, table=True):
    """Someone who learns; a local install has one.

    `placed` is a digest of the order of the book that the `place` of this learner's memories follows; null
    where they have to be written again. `filed_through` is the last answer that was there when answers were
    filed last (`filing`).
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    placed: str | None = Field(default=None, sa_column_kwargs=COMPUTED)
    filed_through: int | None = Field(default=None, sa_column_kwargs=COMPUTED)


class Memory(Row, table=True):
    """How well a learner remembers a card now.

    `enrolled_at`, `withdrawn_at` and what a learner has decided about the card (from `suspended_at` to
    `verified_at`) are facts; `place` is the card's place in the book, null outside it, so that the desk can
    sort by it; all the rest is a projection of the reviews, and can be computed again from them. A withdrawn
    card keeps what is remembered of it. The desk's index goes by the state and the days under which a memory
    was filed last (`filing`).
    """

    __table_args__ = (
        Index(
            "ix_memory_queue",
            *("learner_id", "filed_state", "filed_due_day", "place"),
            # What is read besides, so that no row need be looked up; SQLite reads even what is always null.
            *("card_id", "filed_last_day", "withdrawn_at", "suspended_at"),
            sqlite_where=ASKED,
            postgresql_where=ASKED,
        ),
        Index("ix_memory_buried", "learner_id", "buried_until", sqlite_where=BURIED, postgresql_where=BURIED),
    )

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
    place: int | None = Field(sa_column_kwargs=COMPUTED)
    filed_state: str | None = Field(default=None, sa_column_kwargs=COMPUTED)
    filed_due_day: int | None = Field(default=None, sa_column_kwargs=COMPUTED)
    filed_last_day: int | None = Field(default=None, sa_column_kwargs=COMPUTED)


class Preset(Row, table=True):
    """Scheduler settings that answers were computed under, as JSON; never changed once written."""

    __table_args__ = (UniqueConstraint("learner_id", "settings"),)

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    settings: str


class Review(Row, table=True):
    """One answer, and the memory before it: all that undoing or repeating it needs. Rows are only added.

    An answer that was given elsewhere says when it was merged; `cards.store.order` says what comes of that.
    """

    __table_args__ = (
        UniqueConstraint("learner_id", "client_id"),
        Index("ix_review_day", "learner_id", "day", sqlite_where=IS_FILED[0], postgresql_where=IS_FILED[1]),
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
    section: str = Field(default="", sa_column_kwargs={"server_default": ""})
    merged_at: int | None = Field(default=None, sa_type=BigInteger)
    is_filed: bool = Field(sa_column_kwargs={"server_default": true(), **COMPUTED})


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
    through: int = Field(sa_column_kwargs=IN_REVIEW)
    undone_at: int | None = Field(default=None, sa_type=BigInteger)
    undone_through: int | None = Field(sa_column_kwargs=IN_REVIEW)


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
    card_id: str = Field(default="", sa_column_kwargs={"server_default": ""})


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


class DayTotal(Row, table=True):
    """What the answers of a day add up to, by maturity; of all sections under "", and of each by itself.

    A projection of the reviews that count, as it was when last brought up to date; see `cards.store.counts`.
    """

    __tablename__ = "day_total"
    __table_args__ = ({"sqlite_with_rowid": False, **COMPUTED},)

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    section: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    maturity: str = Field(primary_key=True)
    answers: int
    recalled: int
    introduced: int
    timed: int
    elapsed_ms: int = Field(sa_type=BigInteger)


class Tally(Row, table=True):
    """How many cards stand where, by several measures: a projection of the memories, and of the reviews.

    It is as it was when last brought up to date. What the measures are is in `cards.store.counts`.
    """

    __table_args__ = ({"sqlite_with_rowid": False, **COMPUTED},)

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    measure: str = Field(primary_key=True)
    major: int = Field(primary_key=True)
    minor: int = Field(primary_key=True)
    cards: int
    amount: int = Field(sa_type=BigInteger)


class Recount(Row, table=True):
    """A card whose memory has changed since the tallies were up to date, and how they count it still.

    The database writes it by triggers, at the first change that is not an answer, with the number that the
    answers had come to: those before it tell themselves how they found their card. Of a card that was not
    there the rest is null.
    """

    __table_args__ = ({"sqlite_with_rowid": False, **COMPUTED},)

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    card_id: str = Field(primary_key=True)
    is_counted: bool
    state: str | None
    due_day: int | None
    last_day: int | None
    stability: float | None
    difficulty: float | None
    after_review: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class CountedThrough(Row, table=True):
    """The last answer and the last undo that the totals of a learner hold, by number; no row where none."""

    __tablename__ = "counted_through"
    __table_args__ = ({**COMPUTED},)

    learner_id: int = Field(primary_key=True, foreign_key="learner.id")
    review: int
    undo: int


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


class CardChange(Row, table=True):
    """One decision about one card; rows are only added. What holds now is in `memory`, and in `card_note`.

    One that is not `heeded` arrived after another sender had decided the same, later than it was made.
    """

    __tablename__ = "card_change"
    __table_args__ = (
        UniqueConstraint("learner_id", "client_id", "card_id"),
        Index("ix_card_change_card", "learner_id", "card_id", "matter"),
    )

    id: int | None = Field(default=None, primary_key=True)
    learner_id: int = Field(foreign_key="learner.id")
    client_id: str
    card_id: str
    matter: str
    value: str
    at: int = Field(sa_type=BigInteger)
    heeded: bool


class CardText(Row, table=True):
    """The text of a card as it was last seen, when it last changed, and when its meaning last did."""

    __tablename__ = "card_text"
    __table_args__ = (
        Index(
            "ix_card_text_changed",
            *("meaning_changed_at", "card_id"),
            sqlite_where=CHANGED,
            postgresql_where=CHANGED,
        ),
    )

    card_id: str = Field(primary_key=True)
    text_hash: str
    changed_at: int = Field(sa_type=BigInteger)
    edition: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    meaning_changed_at: int | None = Field(default=None, sa_type=BigInteger)
