"""What a learner takes along to another program: where each card stands, and every answer that counts.

All of it is handed over in columns, because a million answers take 25 MB so, and a gigabyte as objects. The
database puts them into columns itself, many answers at a time: to its driver a million rows of seven values
are seven million objects, which takes longer over them than the database does, and lets no other thread go on
meanwhile.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, Integer, bindparam, case, cast, func, literal, select

from cards.model import EASIEST, HARDEST
from cards.replay.columns import STATES
from cards.store import log
from cards.store.arrays import NOT_THERE, NOTHING, Integers, as_array, number_of, numbers, parts_of, reals
from cards.store.memories import MEMORY
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from sqlalchemy import ColumnElement, Connection

REVIEW = log.REVIEW

NONE = 0.0  # the difficulty of what was never answered
A_SECOND = 1000  # milliseconds
A_MILLION = 1_000_000  # a difficulty is read in millionths, which is as fine as it is handed over

Answers = npt.NDArray[np.void]
Kept = npt.NDArray[np.void]
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
COUNTED = ("due", "due_day", "step", "last_review", "last_day", "reps", "lapses", "buried_until")
DECIDED = {"is_suspended": MEMORY.c.suspended_at, "is_withdrawn": MEMORY.c.withdrawn_at}
WHOLE = ("state", *COUNTED, *DECIDED)
REAL = ("stability", "difficulty")
KEPT = np.dtype(
    [
        ("state", np.int8),
        *((name, np.int64) for name in COUNTED),
        *((name, np.float64) for name in REAL),
        *((name, np.bool_) for name in DECIDED),
    ]
)


def _place_of(state: ColumnElement[str]) -> ColumnElement[int]:
    return case(*((state == one, place) for place, one in enumerate(STATES)), else_=0)


MOMENT = Prepared(select(func.max(REVIEW.c.id)))  # whatever is read first settles what all the rest sees
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
# Days are what the log has an index of.
EACH_DAY = (
    select(REVIEW.c.day, func.count().label("answers"))
    .where(REVIEW.c.learner_id == bindparam("learner"))
    .group_by(REVIEW.c.learner_id, REVIEW.c.day)
    .subquery()
)
BY_DAY = Prepared(select(as_array(EACH_DAY.c.day), as_array(EACH_DAY.c.answers)))
OF_DAYS = Prepared(
    select(
        as_array(number_of(MEMORY)),
        *(as_array(REVIEW.c[name]) for name in ("at", "rating", "elapsed_ms")),
        *(as_array(value) for value in (_place_of(REVIEW.c.before_state), INTERVAL, DIFFICULTY)),
    )
    .select_from(log.WITH_UNDO.join(MEMORY, OF_CARD))
    .where(REVIEW.c.learner_id == bindparam("learner"), log.COUNTS)
    .where(REVIEW.c.day >= bindparam("first"), REVIEW.c.day <= bindparam("last"))
)
# Answers that are text at a time, or those of a day, if they are more: 4 MB. Between two texts a reader needs
# Python to itself for a moment, and waits some milliseconds for it each time that another thread is at work.
SOME = 100_000
MEMORIES = Prepared(
    select(
        as_array(MEMORY.c.card_id),
        as_array(number_of(MEMORY)),
        as_array(_place_of(MEMORY.c.state)),
        *(as_array(func.coalesce(MEMORY.c[name], literal(NOT_THERE, BigInteger))) for name in COUNTED),
        *(as_array(cast(since.is_not(None), Integer)) for since in DECIDED.values()),
        *(as_array(part) for name in REAL for part in parts_of(MEMORY.c[name])),
    ).where(MEMORY.c.learner_id == bindparam("learner"))
)


@dataclass(frozen=True, eq=False)
class Departures:
    """What is taken along. It may still be being read, and who wants it waits.

    Attributes:
        standing: The cards, and where each stands.
        answering: The answers.
    """

    standing: Future[tuple[Mapping[str, int], Kept]]
    answering: Future[Answers]

    @property
    def cards(self) -> Mapping[str, int]:
        """The place of each card that the learner keeps, or kept once, in `kept`, by its id.

        Raises:
            StoreProblem: They could not be read.
        """
        cards, _ = self.standing.result()
        return cards

    @property
    def kept(self) -> Kept:
        """Where each of the cards stands: [card].

        The columns are those of `cards.memory.Memory`, but that `state` is a place in
        `cards.replay.columns.STATES`, and a moment in milliseconds since 1970; what a memory has not is
        `NOT_THERE`, or not a number. Beside them `is_suspended` says whether the learner has suspended it,
        `buried_until` on what day it is asked again, if it was buried, and `is_withdrawn` whether the learner
        keeps it no longer.

        Raises:
            StoreProblem: They could not be read.
        """
        _, kept = self.standing.result()
        return kept

    @property
    def answers(self) -> Answers:
        """The answers by when they were given: [answer].

        They have these columns: `card`, the place of its card in `kept`; `at`, in milliseconds since 1970;
        `rating`; `elapsed_ms`; and of the memory that was answered `state`, as its place in
        `cards.replay.columns.STATES`, `interval`, in days above 0 and in seconds below, and `difficulty`, 0
        where it was new. What was undone is left out, and so is what was answered of a card of which there
        is no memory.

        Raises:
            StoreProblem: They could not be read.
        """
        return self.answering.result()


def never_kept(count: int) -> Kept:
    """Return where so many cards stand of which there is no memory."""
    kept = np.zeros(count, dtype=KEPT)
    for name in COUNTED:
        kept[name] = NOT_THERE
    return kept


def cards_of(connection: Connection, learner: int) -> tuple[dict[str, int], Kept, Integers]:
    """Return a learner's cards and where each stands, as `Departures` has them, and their rows' numbers.

    The cards are in the order of the numbers.
    """
    ids, *texts = MEMORIES.first(connection, {"learner": learner}) or (None,)
    if ids in NOTHING:
        return {}, np.empty(0, dtype=KEPT), np.empty(0, dtype=np.int64)
    columns = numbers(texts)
    order = np.argsort(columns[0])
    number, *columns_in_order = columns[:, order]
    whole, parts = columns_in_order[: len(WHOLE)], columns_in_order[len(WHOLE) :]
    kept = np.empty(len(number), dtype=KEPT)
    for name, column in zip(WHOLE, whole, strict=True):
        kept[name] = column
    for place, name in enumerate(REAL):
        kept[name] = reals(*parts[2 * place : 2 * place + 2])
    names = json.loads(ids)
    return {names[place]: card for card, place in enumerate(order.tolist())}, kept, number


def answers_to(card_numbers: Integers, connection: Connection, learner: int) -> Answers:
    """Return a learner's answers as `Departures` has them, by the ascending numbers of their cards' rows."""
    of_days = BY_DAY.first(connection, {"learner": learner}) or (None,)
    if of_days[0] in NOTHING:
        return np.empty(0, dtype=ANSWER)
    days, counts = numbers(of_days)
    answers = np.empty(counts.sum(), dtype=ANSWER)
    held = 0
    for first, last in _spans(sorted(zip(days.tolist(), counts.tolist(), strict=True))):
        texts = OF_DAYS.first(connection, {"learner": learner, "first": first, "last": last}) or (None,)
        if texts[0] not in NOTHING:
            number, *measured = numbers(texts)
            part = answers[held : held + len(number)]
            part["card"] = np.searchsorted(card_numbers, number)
            _fill(part, measured)
            held += len(part)
    answers = answers[:held]
    is_in_order = (answers["at"][1:] >= answers["at"][:-1]).all()
    return answers if is_in_order else answers[np.argsort(answers["at"], kind="stable")]


def _spans(days: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Go through (first, last) of days, given in order with their numbers of answers, some answers each."""
    span: list[int] = []
    held = 0
    for day, count in days:
        if span and held + count > SOME:
            yield span[0], span[-1]
            span, held = [], 0
        span.append(day)
        held += count
    if span:
        yield span[0], span[-1]


def _fill(answers: Answers, measured: Sequence[Integers]) -> None:
    """Fill in what was measured of answers, as far as there is room for it."""
    for name, column in zip(MEASURED, measured, strict=True):
        room = ANSWER[name]
        limits = np.iinfo(room) if room.kind == "i" else np.iinfo(np.int64)
        answers[name] = column.clip(limits.min, limits.max)
    answers["difficulty"] /= A_MILLION
