"""What a learner takes along, against the log as it is read one answer at a time."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from sqlalchemy import delete, select, update

from cards.days import DayRules
from cards.memory import Rating
from cards.replay.columns import STATES
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store, StoreProblem, departing_answers
from cards.store.arrays import NOT_THERE, Integers
from cards.store.log import REVIEW
from cards.store.memories import COLUMNS, FIELDS, MEMORY, to_columns
from cards.store.moments import to_ms
from cards.store.problems import closed
from tests.cards.histories import NOW, histories, live

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from cards.memory import Memory

RULES, SETTINGS, DAY = DayRules(), SchedulerSettings(), timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "martingale.db", now=NOW)) as opened:
        yield opened


@pytest.fixture
def learner(store: Store) -> int:
    return store.learner("me")


def answer(store: Store, learner: int, card_id: str, days_ago: float, rating: Rating = Rating.GOOD) -> None:
    """Answer a card so many days ago."""
    given = Answer(f"{card_id}-{days_ago}", card_id, rating, NOW - days_ago * DAY, elapsed_ms=1234)
    store.answer(learner, given, RULES, SETTINGS)


def interval(before: Memory) -> int:
    """The interval that an answer ended: days above 0, seconds below, and 0 if there was none."""
    if before.due_day is not None and before.last_day is not None:
        return before.due_day - before.last_day
    if before.last_review is None:
        return 0
    return (to_ms(before.last_review) - to_ms(before.due)) // 1000


def standing(store: Store, learner: int) -> dict[str, tuple[Any, ...]]:
    """Where each card stands: the columns of its memory, and what the learner has decided."""
    taken = store.departures(learner)
    names = (*FIELDS, "is_suspended", "buried_until", "is_withdrawn")
    columns = [getattr(taken.kept, name).tolist() for name in names]
    rows = [
        [None if kept == NOT_THERE or np.isnan(kept) else kept for kept in row]
        for row in zip(*columns, strict=True)
    ]
    return {card_id: (str(STATES[row[0]]), *row[1:]) for card_id, row in zip(taken.cards, rows, strict=True)}


def row_by_row(store: Store, learner: int) -> dict[str, tuple[Any, ...]]:
    """The same from the table."""
    decided = MEMORY.c.suspended_at.is_not(None), MEMORY.c.buried_until, MEMORY.c.withdrawn_at.is_not(None)
    statement = select(MEMORY.c.card_id, *COLUMNS, *decided).where(MEMORY.c.learner_id == learner)
    with store._database.reading() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(statement)}


def in_columns(store: Store, learner: int) -> list[tuple[Any, ...]]:
    taken = store.departures(learner)
    card_ids = list(taken.cards)
    return [(card_ids[row[0]], *row[1:]) for row in taken.answers.tolist()]


def one_by_one(store: Store, learner: int) -> list[tuple[Any, ...]]:
    """The same from the log, with the difficulty in millionths."""
    rows = [
        (
            review.card_id,
            to_ms(review.at),
            int(review.rating),
            review.elapsed_ms,
            STATES.index(review.before.state),
            interval(review.before),
            pytest.approx(review.before.difficulty or 0, abs=1e-6),
        )
        for review in store.reviews(learner)
    ]
    return sorted(rows, key=lambda row: row[1])


@given(histories)
@settings(max_examples=40)
@example([(timedelta(hours=hour), ("answer", "a", Rating.AGAIN, 0, 0)) for hour in range(20)])
def test_columns_say_what_the_log_says_answer_by_answer(history: list[Any]) -> None:
    """Of every learner their own, and of what may be undone, merged or withdrawn what counts."""
    with (
        TemporaryDirectory() as folder,
        closing(Store.open(Path(folder) / "martingale.db", now=NOW)) as store,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(departing_answers, "SOME", 3)  # so that there are several readings
        learner = store.learner("me")
        answer(store, store.learner("another"), "a", 1)
        live(store, learner, history)
        found, wanted = in_columns(store, learner), one_by_one(store, learner)
        assert sorted(found) == sorted(wanted, key=lambda row: (row[0], row[1], *row[2:6]))
        assert [row[1] for row in found] == [row[1] for row in wanted]
        assert standing(store, learner) == row_by_row(store, learner)


def test_each_card_stands_where_its_memory_says(store: Store, learner: int) -> None:
    store.enrol(learner, ["new"], NOW)
    for card_id in ("seen", "suspended", "buried", "withdrawn"):
        answer(store, learner, card_id, 3)
    store.suspend(learner, ["suspended"], NOW)
    store.bury(learner, ["buried"], 30_000)
    store.withdraw(learner, ["withdrawn"], NOW)
    answer(store, store.learner("another"), "theirs", 1)
    found = standing(store, learner)
    assert found == row_by_row(store, learner)
    assert set(found) == {"new", "seen", "suspended", "buried", "withdrawn"}
    for card_id, memory in store.memories(learner).items():
        assert found[card_id][: len(FIELDS)] == to_columns(memory)
    assert [found[card_id][-3:] for card_id in ("seen", "suspended", "buried", "withdrawn")] == [
        (False, None, False),
        (True, None, False),
        (False, 30_000, False),
        (False, None, True),
    ]


def test_real_numbers_are_read_to_the_last_bit(store: Store, learner: int) -> None:
    draw = np.random.default_rng(7)
    drawn = [
        *(10 ** draw.uniform(-6, 12, 400)),
        *draw.uniform(0, 40_000, 400),
        1e-6,
        0.1 + 0.2,
        1 / 3,
        0,
        4e12,
    ]
    wanted = {f"card-{place}": float(real) for place, real in enumerate(drawn)}
    store.enrol(learner, list(wanted), NOW)
    with store._database.writing(learner) as connection:
        for card_id, real in wanted.items():
            change = update(MEMORY).where(MEMORY.c.learner_id == learner, MEMORY.c.card_id == card_id)
            connection.execute(change.values(stability=real, difficulty=1 + real))
    taken = store.departures(learner)
    assert {card_id: float(taken.kept.stability[place]) for card_id, place in taken.cards.items()} == wanted
    assert standing(store, learner) == row_by_row(store, learner)


def test_a_real_number_without_a_meaning_is_as_if_it_were_not_there(store: Store, learner: int) -> None:
    store.enrol(learner, ["endless", "negative"], NOW)
    with store._database.writing(learner) as connection:
        change = update(MEMORY).where(MEMORY.c.learner_id == learner)
        connection.execute(change.where(MEMORY.c.card_id == "endless").values(stability=float("inf")))
        connection.execute(change.where(MEMORY.c.card_id == "negative").values(stability=-1.0))
    assert np.isnan(store.departures(learner).kept.stability).all()


def test_answers_to_a_card_of_which_there_is_no_memory_are_left_out(store: Store, learner: int) -> None:
    for card_id in ("kept", "lost"):
        answer(store, learner, card_id, 2)
        answer(store, learner, card_id, 1)
    with store._database.writing(learner) as connection:
        connection.execute(delete(MEMORY).where(MEMORY.c.learner_id == learner, MEMORY.c.card_id == "lost"))
    assert [(row[0], row[1]) for row in in_columns(store, learner)] == [
        ("kept", to_ms(NOW - 2 * DAY)),
        ("kept", to_ms(NOW - DAY)),
    ]


def test_what_has_no_meaning_is_as_if_it_were_not_there_or_as_much_as_there_is_room_for(
    store: Store, learner: int
) -> None:
    """No answer that was given here is so; a document that was loaded may have anything."""
    for days_ago in (3, 2, 1):
        answer(store, learner, "one", days_ago)
    first, second, third = [REVIEW.c.client_id == f"one-{days_ago}" for days_ago in (3, 2, 1)]
    with store._database.writing(learner) as connection:
        change = update(REVIEW).where(REVIEW.c.learner_id == learner)
        connection.execute(change.where(first).values(before_difficulty=float("inf"), before_due_day=9))
        connection.execute(change.where(second).values(before_difficulty=-1.0, before_last_review=2**50))
        connection.execute(change.where(second).values(before_due=0, before_due_day=None))
        connection.execute(change.where(third).values(before_difficulty=10.5))
    rows = in_columns(store, learner)
    assert [row[6] for row in rows] == [0, 0, 0]
    assert [row[5] for row in rows][:2] == [0, 2**31 - 1]


def test_who_has_undone_everything_takes_no_answers(store: Store, learner: int) -> None:
    answer(store, learner, "one", 1)
    store.undo(learner, "undo", NOW)
    taken = store.departures(learner)
    assert (list(taken.cards), len(taken.answers)) == (["one"], 0)


def test_cards_and_answers_are_of_one_moment(
    store: Store, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is answered while the answers are being read is in neither."""
    answer(store, learner, "early", 2)
    read = departing_answers.answers_to

    def slowly(numbers: Integers, connection: Connection, me: int) -> departing_answers.Answers:
        answer(store, learner, "early", 1)
        return read(numbers, connection, me)

    monkeypatch.setattr("cards.store.departing.answers_to", slowly)
    taken = store.departures(learner)
    assert len(taken.answers) == 1
    assert taken.kept.reps.tolist() == [1]
    assert len(store.reviews(learner)) == 2


def test_what_cannot_be_read_is_one_sentence_when_it_is_wanted_and_at_once_where_nothing_can_be(
    store: Store, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(store, learner, "one", 1)

    def breaks(*_given: object) -> object:
        raise closed("here")

    with monkeypatch.context() as patch:
        patch.setattr("cards.store.departing.answers_to", breaks)
        taken = store.departures(learner)
        with pytest.raises(StoreProblem, match="just been replaced"):
            _ = taken.answers
    with monkeypatch.context() as patch:
        patch.setattr("cards.store.departing.cards_of", breaks)
        taken = store.departures(learner)
        for wanted in ("cards", "kept", "answers"):
            with pytest.raises(StoreProblem, match="just been replaced"):
                getattr(taken, wanted)
    store._database.refuse(closed("here"))
    with pytest.raises(StoreProblem, match="just been replaced"):
        store.departures(learner)


def test_a_store_may_be_closed_while_answers_are_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store.open(tmp_path / "closed.db", now=NOW)) as opened:
        learner = opened.learner("me")
        answer(opened, learner, "one", 1)
        read = departing_answers.answers_to

        def slowly(numbers: Integers, connection: Connection, me: int) -> departing_answers.Answers:
            time.sleep(0.2)
            return read(numbers, connection, me)

        monkeypatch.setattr("cards.store.departing.answers_to", slowly)
        taken = opened.departures(learner)
    assert len(taken.answers) == 1
