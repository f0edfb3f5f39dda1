"""A learner's answers in columns, for whoever takes them elsewhere.

The database puts answers into columns itself, many at a time: to its driver a million rows of seven values
are seven million objects, which takes longer over them than the database does, and lets no other thread go on
meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, bindparam, case, cast, func, select

from cards.model import EASIEST, HARDEST
from cards.store import log
from cards.store.arrays import NOTHING, Integers, as_array, number_of, numbers
from cards.store.departing_cards import place_of
from cards.store.memories import MEMORY
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

REVIEW = log.REVIEW

NONE = 0.0  # the difficulty of what was never answered
A_SECOND = 1000  # milliseconds
A_MILLION = 1_000_000  # a difficulty is read in millionths, which is as fine as it is handed over

Answers = npt.NDArray[np.void]
ANSWER = np.dtype(
    [
        ("card", np.int32),
        ("at", np.int64),
        ("rating", np.int8),
        ("elapsed_ms", np.int32),
        ("state", np.int8),
        ("interval", np.int32),
        ("difficulty", np.float32),
    ]
)
MEASURED = ("at", "rating", "elapsed_ms", "state", "interval", "difficulty")  # what the log has as numbers

# The interval that an answer ended: days above 0, seconds below 0, and 0 where a card had none yet.
INTERVAL = func.coalesce(
    case(
        (REVIEW.c.before_due_day.is_not(None), REVIEW.c.before_due_day - REVIEW.c.before_last_day),
        else_=(REVIEW.c.before_last_review - REVIEW.c.before_due) // A_SECOND,
    ),
    0,
)
# A difficulty that is none, such as an infinite one, is too great for a whole number.
IS_DIFFICULTY = REVIEW.c.before_difficulty.between(EASIEST, HARDEST)
DIFFICULTY = case(
    (IS_DIFFICULTY, cast(func.round(REVIEW.c.before_difficulty * A_MILLION), BigInteger)), else_=0
)
# The database finds an answer's card quicker than Python does, and leaves out those of which it has none.
OF_CARD = (MEMORY.c.learner_id == REVIEW.c.learner_id) & (MEMORY.c.card_id == REVIEW.c.card_id)
IS_FILED, CAME_SINCE = (
    select(func.count()).select_from(REVIEW).where(these).scalar_subquery()
    for these in (log.FILED, log.SINCE)
)
SIZE = Prepared(select(select(func.max(REVIEW.c.id)).scalar_subquery(), IS_FILED + CAME_SINCE))
SOME_ANSWERS = Prepared(
    select(
        as_array(number_of(MEMORY)),
        *(as_array(REVIEW.c[name]) for name in ("at", "rating", "elapsed_ms")),
        *(as_array(value) for value in (place_of(REVIEW.c.before_state), INTERVAL, DIFFICULTY)),
    )
    .select_from(log.WITH_UNDO.join(MEMORY, OF_CARD))
    # Adding 0 keeps planners from the index of days: the log is read as it was written.
    .where(REVIEW.c.learner_id + 0 == bindparam("learner"), log.COUNTS)
    .where(REVIEW.c.id > bindparam("after"), REVIEW.c.id <= bindparam("through"))
)
# Answers that are text at a time: 4 MB. Between two texts a reader needs Python to itself for a moment, and
# waits some milliseconds for it each time that another thread is at work.
SOME = 100_000


def answers_to(card_numbers: Integers, connection: Connection, learner: int) -> Answers:
    """Return a learner's answers in the order of time, by the ascending numbers of their cards' rows."""
    last, size = SIZE.first(connection, {"learner": learner}) or (None, 0)
    answers = np.empty(size, dtype=ANSWER)
    held = 0
    for after in range(0, last or 0, SOME):
        span = {"learner": learner, "after": after, "through": after + SOME}
        texts = SOME_ANSWERS.first(connection, span) or (None,)
        if texts[0] not in NOTHING:
            number, *measured = numbers(texts)
            part = answers[held : held + len(number)]
            part["card"] = np.searchsorted(card_numbers, number)
            _fill(part, measured)
            held += len(part)
    answers = answers[:held]
    is_in_order = (answers["at"][1:] >= answers["at"][:-1]).all()
    return answers if is_in_order else answers[np.argsort(answers["at"], kind="stable")]


def _fill(answers: Answers, measured: Sequence[Integers]) -> None:
    """Fill in what was measured of answers, as far as there is room for it."""
    for name, column in zip(MEASURED, measured, strict=True):
        room = ANSWER[name]
        limits = np.iinfo(room) if room.kind == "i" else np.iinfo(np.int64)
        answers[name] = column.clip(limits.min, limits.max)
    answers["difficulty"] /= A_MILLION
