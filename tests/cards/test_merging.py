"""Answers given elsewhere, merged into the log: what they lead to, and that nothing else changes."""

from __future__ import annotations

import io
import itertools
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cards.card import LONGEST_ID
from cards.days import DayRules, day_number
from cards.memory import Rating, State
from cards.replay.days import day_numbers
from cards.schedule import SchedulerSettings
from cards.store import Answer, Arrivals, ProblemKind, Store, StoreProblem, Terms, merge_rows, merges
from cards.store.moments import from_ms, to_ms
from tests.cards.histories import NOW, SETTINGS, histories, live

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HERE = DayRules("Europe/London")
PLAIN = SchedulerSettings()
TERMS = Terms(HERE, PLAIN, settings={"b": SETTINGS[1]}, sections={"a": "walks"})
LATER = NOW + timedelta(days=400)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

NAMES = (f"learner {number}" for number in itertools.count())

Given = tuple[str, datetime, Rating]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "martingale.db", now=NOW)) as opened:
        yield opened


def arrivals(given: Sequence[Given]) -> Arrivals:
    ids = sorted({card_id for card_id, _, _ in given})
    rows = [(ids.index(card_id), to_ms(at), int(rating), 4000, 25) for card_id, at, rating in given]
    return Arrivals(ids, *np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def days_later(*days: float, card_id: str = "a", rating: Rating = Rating.GOOD) -> list[Given]:
    return [(card_id, MONDAY + timedelta(days=day), rating) for day in days]


def answered(store: Store, learner: int, given: Sequence[Given]) -> None:
    for number, (card_id, at, rating) in enumerate(given):
        chosen = TERMS.settings.get(card_id, PLAIN)
        store.answer(learner, Answer(f"here-{number}", card_id, rating, at), HERE, chosen)


def assert_sound(store: Store, learner: int) -> None:
    assert store.replay(learner) == store.memories(learner)
    assert store.examine_learner(learner) == []
    assert store.wrong_totals(learner) == 0


def test_a_log_from_elsewhere_leads_where_the_same_answers_lead_here(store: Store) -> None:
    given = [*days_later(0, 0.01, 3, 20), *days_later(1, 5, card_id="b", rating=Rating.HARD)]
    here, there = store.learner("here"), store.learner("there")
    answered(store, here, sorted(given, key=lambda one: one[1]))

    merged = store.merge(there, arrivals(given[::-1]), TERMS, LATER)

    assert (merged.added, merged.known, merged.cards, merged.enrolled) == (6, 0, 2, 2)
    assert store.memories(there) == store.memories(here)
    assert [(r.card_id, r.at, r.day, r.before.state, r.before.stability) for r in store.reviews(there)] == [
        (r.card_id, r.at, r.day, r.before.state, r.before.stability) for r in store.reviews(here)
    ]
    assert_sound(store, there)


def test_answers_of_both_sides_count_in_the_order_they_were_given(store: Store) -> None:
    given = days_later(0, 0.01, 3, 9, 20, 60)
    here, both = store.learner("here"), store.learner("both")
    answered(store, here, given)
    answered(store, both, given[::2])

    merged = store.merge(both, arrivals(given), TERMS, LATER)

    assert (merged.added, merged.known, merged.enrolled) == (3, 3, 0)
    assert store.memories(both) == store.memories(here)
    assert [review.at for review in store.reviews(both)] == [at for _, at, _ in given]
    assert_sound(store, both)


def test_an_answer_recorded_after_a_merge_counts_after_it_whatever_its_clock_says(store: Store) -> None:
    learner = store.learner("me")
    store.merge(learner, arrivals(days_later(0, 0.01, 3)), TERMS, LATER)
    late = Answer("late", "a", Rating.AGAIN, MONDAY + timedelta(days=1))
    after = store.answer(learner, late, HERE, PLAIN)
    assert after.reps == 4
    assert after.last_review == late.at
    assert_sound(store, learner)


def test_the_same_answers_again_change_nothing(store: Store) -> None:
    learner = store.learner("me")
    store.merge(learner, arrivals(days_later(0, 3)), TERMS, LATER)
    before, copies = store.belongings(learner), store.copies()
    merged = store.merge(learner, arrivals(days_later(0, 3)), TERMS, LATER + timedelta(days=1))
    assert (merged.added, merged.known, merged.changed, merged.backup) == (0, 2, 0, None)
    assert (store.belongings(learner), store.copies()) == (before, copies)


@pytest.mark.parametrize(("ms", "known"), [(-99, 1), (0, 1), (99, 1), (101, 0), (-101, 0)])
def test_a_moment_moved_by_milliseconds_is_still_the_same_answer(store: Store, ms: int, known: int) -> None:
    learner = store.learner("me")
    answered(store, learner, days_later(0))
    moved = [("a", MONDAY + timedelta(milliseconds=ms), Rating.EASY)]
    assert store.merge(learner, arrivals(moved), TERMS, LATER, dry_run=True).known == known
    other = [("b", MONDAY, Rating.GOOD)]
    assert store.merge(learner, arrivals(other), TERMS, LATER, dry_run=True).known == 0


def test_an_answer_that_was_taken_back_here_does_not_come_home_again(store: Store) -> None:
    learner = store.learner("me")
    answered(store, learner, days_later(0))
    store.undo(learner, "undo", MONDAY)
    assert store.merge(learner, arrivals(days_later(0)), TERMS, LATER).added == 0
    assert store.memories(learner)["a"].state is State.NEW


def test_what_was_merged_or_came_before_it_is_not_taken_back_here(store: Store) -> None:
    learner = store.learner("me")
    answered(store, learner, days_later(3))
    store.merge(learner, arrivals(days_later(0)), TERMS, LATER)
    before = store.memories(learner)
    assert store.undo(learner, "u1", LATER) is None
    assert store.undo(learner, "u2", LATER, answer="here-0") is None
    assert store.undo(learner, "u3", LATER, answer=f"anki-{to_ms(MONDAY)}-a") is None
    assert store.memories(learner) == before

    store.answer(learner, Answer("after", "a", Rating.AGAIN, LATER), HERE, PLAIN)
    undone = store.undo(learner, "u4", LATER, answer="after")
    assert undone is not None
    assert store.memories(learner) == before
    assert_sound(store, learner)


def test_a_log_of_the_longest_ids_can_be_taken_along(store: Store) -> None:
    me, other = store.learner("the first"), store.learner("the second")
    given = days_later(0, 3, card_id="c" * LONGEST_ID)
    assert store.merge(me, arrivals(given), TERMS, LATER).added == 2
    assert store.merge(me, arrivals(given), TERMS, LATER).added == 0
    document = io.StringIO()
    store.dump(me, document, LATER)
    document.seek(0)
    store.load(other, document)
    assert store.memories(other) == store.memories(me)


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    learner = store.learner("me")
    answered(store, learner, days_later(0))
    before, copies = store.belongings(learner), store.copies()
    tried = store.merge(learner, arrivals(days_later(0, 4)), TERMS, LATER, dry_run=True)
    assert (store.belongings(learner), store.copies()) == (before, copies)
    done = store.merge(learner, arrivals(days_later(0, 4)), TERMS, LATER)
    assert (done.added, done.examples) == (tried.added, tried.examples)
    assert done.backup is not None
    (change,) = done.examples
    assert change.after == store.memories(learner)["a"]
    assert change.before is not None
    assert change.before.reps == 1


def test_a_card_withdrawn_here_and_answered_there_since_is_asked_again(store: Store) -> None:
    learner = store.learner("me")
    store.enrol(learner, ["a", "b"], MONDAY)
    store.withdraw(learner, ["a", "b"], MONDAY + timedelta(days=2))
    given = [*days_later(0, 5), *days_later(1, card_id="b")]
    store.merge(learner, arrivals(given), TERMS, LATER)
    assert set(store.memories(learner)) == {"a"}
    assert_sound(store, learner)


def test_the_totals_of_a_day_count_what_was_merged(store: Store) -> None:
    learner = store.learner("me")
    store.merge(learner, arrivals(days_later(0, 0.01, 40)), TERMS, LATER)
    day = day_number(MONDAY, HERE)
    first, last = (store.day_totals(learner, one, one, "walks") for one in (day, day + 40))
    assert [(one.maturity, one.total.answers, one.total.introduced) for one in first] == [("learning", 2, 1)]
    # Elsewhere the card had been given 25 days, which is a mature card's interval.
    assert [(one.maturity, one.total.answers, one.total.elapsed_ms) for one in last] == [("mature", 1, 4000)]


def test_a_full_disk_leaves_everything_as_it_was(store: Store) -> None:
    learner = store.learner("me")
    answered(store, learner, days_later(0))
    before = (store.belongings(learner), store.memories(learner), store.standing(learner))
    with store._database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(StoreProblem) as caught:
        store.merge(learner, arrivals(days_later(*range(2000))), TERMS, LATER)
    assert caught.value.kind is ProblemKind.FULL
    assert (store.belongings(learner), store.memories(learner), store.standing(learner)) == before
    store.answer(learner, Answer("after", "a", Rating.GOOD, LATER), HERE, PLAIN)
    assert_sound(store, learner)


def test_an_interrupt_leaves_everything_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    learner = store.learner("me")
    answered(store, learner, days_later(0))
    before = (store.belongings(learner), store.memories(learner))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(merge_rows, "remember", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.merge(learner, arrivals(days_later(1, 2)), TERMS, LATER)
    assert (store.belongings(learner), store.memories(learner)) == before
    assert store.merge(learner, arrivals(days_later(1, 2)), TERMS, LATER).added == 2
    assert_sound(store, learner)


def test_a_card_that_is_enrolled_while_a_merge_is_planned_is_kept_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = store.learner("me")
    plan = merges.plan

    def planned_meanwhile(*given: object) -> merges.Plan:
        made = plan(*given)
        store.enrol(learner, ["a"], LATER)
        return made

    monkeypatch.setattr(merges, "plan", planned_meanwhile)
    store.merge(learner, arrivals(days_later(0, 3)), TERMS, LATER)
    assert store.memories(learner)["a"].reps == 2
    assert_sound(store, learner)


def test_an_answer_that_arrives_while_a_merge_is_planned_counts_in_its_place(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner, plan = store.learner("me"), merges.plan
    twice = []

    def planned_meanwhile(*given: object) -> merges.Plan:
        made = plan(*given)
        if not twice:
            answered(store, learner, days_later(1))
        twice.append(made)
        return made

    monkeypatch.setattr(merges, "plan", planned_meanwhile)
    store.merge(learner, arrivals(days_later(0, 3)), TERMS, LATER)
    assert len(twice) == 2
    assert [review.at for review in store.reviews(learner)] == [at for _, at, _ in days_later(0, 1, 3)]
    assert_sound(store, learner)


moments = st.integers(to_ms(NOW), to_ms(NOW + timedelta(days=300))).map(from_ms)
given_elsewhere = st.lists(
    st.tuples(st.sampled_from(["a", "b", "z"]), moments, st.sampled_from(Rating)), max_size=8
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(histories, given_elsewhere), min_size=1, max_size=2))
def test_whatever_was_done_before_and_between_merges_the_log_adds_up(
    store: Store, parts: list[tuple[list[Any], list[Given]]]
) -> None:
    learner = store.learner(next(NAMES))
    for history, elsewhere in parts:
        live(store, learner, history)
        merged = store.merge(learner, arrivals(elsewhere), TERMS, LATER)
        assert merged.added + merged.known == len(elsewhere)
        assert store.merge(learner, arrivals(elsewhere), TERMS, LATER).added == 0
        assert_sound(store, learner)
    file, copy = io.StringIO(), store.learner(next(NAMES))
    store.dump(learner, file, LATER)
    store.load(copy, io.StringIO(file.getvalue()))
    assert store.memories(copy) == store.memories(learner)
    assert store.reviews(copy) == store.reviews(learner)


zones = st.sampled_from(["Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"])


@settings(deadline=None)
@given(st.lists(st.integers(10**11, 2 * 10**12), max_size=20), zones, st.integers(0, 23))
def test_days_in_columns_are_the_days_of_each_moment(at: list[int], zone: str, hour: int) -> None:
    rules = DayRules(zone, hour)
    found = day_numbers(np.array(at, dtype=np.int64), rules)
    assert found.tolist() == [day_number(from_ms(one), rules) for one in at]
