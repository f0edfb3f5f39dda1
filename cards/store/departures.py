"""What a learner takes along to another program: where each card stands, and every answer that counts.

The answers are handed over in columns, because a million of them take 26 MB so, and a gigabyte as objects.
The database puts answers into columns itself, some thousand at a time: a million rows of seven values are
seven million objects to its driver, which takes longer over them than the database does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, bindparam, case, cast, func, select

from cards.model import EASIEST, HARDEST
from cards.replay.columns import STATES
from cards.store import log, memories
from cards.store.arrays import as_array, number_of
from cards.store.prepared import Prepared
from cards.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from sqlalchemy import Connection

MEMORY, REVIEW = memories.MEMORY, log.REVIEW

NONE = 0.0  # the difficulty of what was never answered
A_SECOND = 1000  # milliseconds
A_MILLION = 1_000_000  # a difficulty is read in millionths, which is as fine as it is handed over

# The interval that an answer ended: days above 0, seconds below 0, and 0 where a card had none yet.
INTERVAL = func.coalesce(
    case(
        (REVIEW.c.before_due_day.is_not(None), REVIEW.c.before_due_day - REVIEW.c.before_last_day),
        else_=(REVIEW.c.before_last_review - REVIEW.c.before_due) // A_SECOND,
    ),
    0,
)
STATE = case(*((REVIEW.c.before_state == state, place) for place, state in enumerate(STATES)), else_=0)
# A difficulty that is none, such as an infinite one, is too great for a whole number.
IS_DIFFICULTY = REVIEW.c.before_difficulty.between(EASIEST, HARDEST)
DIFFICULTY = case(
    (IS_DIFFICULTY, cast(func.round(REVIEW.c.before_difficulty * A_MILLION), BigInteger)), else_=0
)
# The database finds an answer's card quicker than Python does, and leaves out those of which it has none.
OF_CARD = (MEMORY.c.learner_id == REVIEW.c.learner_id) & (MEMORY.c.card_id == REVIEW.c.card_id)
LAST = Prepared(select(func.max(REVIEW.c.id)))
# Adding 0 keeps planners from the index of days: the log is read as it was written.
SOME_ANSWERS = Prepared(
    select(
        as_array(number_of(MEMORY)),
        *(as_array(REVIEW.c[name]) for name in ("at", "rating", "elapsed_ms")),
        *(as_array(value) for value in (STATE, INTERVAL, DIFFICULTY)),
    )
    .select_from(log.WITH_UNDO.join(MEMORY, OF_CARD))
    .where(REVIEW.c.learner_id + 0 == bindparam("learner"), log.COUNTS)
    .where(REVIEW.c.id > bindparam("after"), REVIEW.c.id <= bindparam("through"))
)
# Answers that are text at a time. Longer texts would each take memory from the system and give it back.
SOME = 8000
KEPT = Prepared(
    select(
        number_of(MEMORY),
        MEMORY.c.card_id,
        *memories.COLUMNS,
        MEMORY.c.suspended_at.is_not(None),
        MEMORY.c.buried_until,
        MEMORY.c.withdrawn_at.is_not(None),
    ).where(MEMORY.c.learner_id == bindparam("learner"))
)
Answers = npt.NDArray[np.void]
Integers = npt.NDArray[np.int64]
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


class Kept(NamedTuple):
    """Where a card stands that a learner keeps, or kept once: a memory as the tables have it, and decisions.

    Attributes:
        state: As in `cards.memory.Memory`, and so are those that follow.
        due: In milliseconds since 1970.
        due_day: A day number, or None.
        step: From 0, or None.
        stability: In days, or None.
        difficulty: 1 to 10, or None.
        last_review: In milliseconds since 1970, or None.
        last_day: A day number, or None.
        reps: Answers so far.
        lapses: Times it was forgotten.
        is_suspended: Whether the learner has suspended it.
        buried_until: The day number on which it is asked again, if it was buried.
        is_withdrawn: Whether the learner keeps it no longer.
    """

    state: str
    due: int
    due_day: int | None
    step: int | None
    stability: float | None
    difficulty: float | None
    last_review: int | None
    last_day: int | None
    reps: int
    lapses: int
    is_suspended: bool
    buried_until: int | None
    is_withdrawn: bool


@dataclass(frozen=True, eq=False)
class Departures:
    """What is taken along.

    Attributes:
        cards: Where each card stands, by its id: the values of a `Kept`. Python's collector goes through
            objects again and again, and forgets a plain row of values once it has seen it.
        reading: The answers, which may still be being read.
    """

    cards: Mapping[str, tuple[Any, ...]]
    reading: Future[Answers]

    def kept(self, card_id: str) -> Kept | None:
        """Return where a card stands, or None if there is no memory of it."""
        values = self.cards.get(card_id)
        return None if values is None else Kept._make(values)

    @property
    def answers(self) -> Answers:
        """The answers by when they were given: [answer].

        They have these columns: `card`, the place of its card in `cards`; `at`, in milliseconds since 1970;
        `rating`; `elapsed_ms`; and of the memory that was answered `state`, as its place in
        `cards.replay.columns.STATES`, `interval`, in days above 0 and in seconds below, and `difficulty`, 0
        where it was new. What was undone is left out, and so is what was answered of a card of which there
        is no memory.

        Raises:
            StoreProblem: They could not be read.
        """
        return self.reading.result()


def cards_of(connection: Connection, learner: int) -> tuple[dict[str, tuple[Any, ...]], Integers]:
    """Return where each of a learner's cards stands, as `Departures` has it, and each card's row's number."""
    cards: dict[str, tuple[Any, ...]] = {}
    numbers: list[int] = []
    with uncollected():
        for rows in KEPT.batches(connection, {"learner": learner}):
            cards.update((row[1], row[2:]) for row in rows)
            numbers += [row[0] for row in rows]
    return cards, np.array(numbers, dtype=np.int64)


def answers_to(numbers: Integers, connection: Connection, learner: int) -> Answers:
    """Return a learner's answers as `Departures` has them, by the numbers of their cards' rows."""
    parts = [np.empty(0, dtype=ANSWER)]
    by_number = np.argsort(numbers)
    in_order = numbers[by_number]
    (last,) = LAST.first(connection, {}) or (None,)
    for after in range(0, last or 0, SOME):
        row = SOME_ANSWERS.first(connection, {"learner": learner, "after": after, "through": after + SOME})
        if row is not None and row[0] is not None:  # on a server it is null where nothing counts
            part = _answers(row)
            part["card"] = by_number[np.searchsorted(in_order, _numbers(row[0], in_order.dtype))]
            parts.append(part)
    answers = np.concatenate(parts)
    return answers[np.argsort(answers["at"], kind="stable")]


def _answers(columns: Sequence[str]) -> Answers:
    """Return answers from their columns, the first of which is their cards' and is left to the caller."""
    measured = {name: _numbers(text, ANSWER[name]) for name, text in zip(MEASURED, columns[1:], strict=True)}
    answers = np.empty(len(measured["at"]), dtype=ANSWER)
    for name, numbers in measured.items():
        answers[name] = numbers
    answers["difficulty"] /= A_MILLION
    return answers


def _numbers(array: str, wanted: np.dtype[Any]) -> Integers:
    """Return the whole numbers of a JSON array, as far as what is to hold them goes."""
    numbers = np.fromstring(array[1:-1], dtype=np.int64, sep=",")
    if wanted.kind != "i":
        return numbers
    limits = np.iinfo(wanted)
    return numbers.clip(limits.min, limits.max)
