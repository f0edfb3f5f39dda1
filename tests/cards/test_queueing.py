"""The queue that the database is asked for is the one that all memories together would give."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.card import Deck
from cards.days import DayRules, day_number, start_of_day
from cards.decision import NO_DECISION, Decision
from cards.desk import STEPS, Queue
from cards.leeches import Leech
from cards.memory import Memory, Rating, State
from cards.order import by_preference, mixed, new_by_preference
from cards.preferences import LeechAction, Leeches, Mix, NewOrder, Preferences, ReviewOrder
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store, answers, decisions, memories, presets, waiting
from cards.store.prepared import Prepared
from tests.cards.pages_learner import card

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULES = DayRules("Europe/London")
SETTINGS = SchedulerSettings()
STEPLESS = SchedulerSettings(learning_steps=(), relearning_steps=())
TODAY = day_number(NOW, RULES)
LEARNERS = (f"learner {number}" for number in itertools.count())
NUMBERS = range(14)
FAMILIES = {1: "one", 4: "one", 9: "one", 2: "two", 3: "two"}


def book(numbers: Iterable[int]) -> Deck:
    """A book with these cards in this order."""
    cards = (
        replace(card(number), order=place, family=FAMILIES.get(number, ""))
        for place, number in enumerate(numbers)
    )
    return {one.id: one for one in cards}


DECK = book(number for number in reversed(NUMBERS) if number != 7)  # not in the order of the ids; one is gone


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


class Kept(NamedTuple):
    """One card: what is remembered of it, what was decided, and whether it was answered today."""

    memory: Memory
    decision: Decision = NO_DECISION
    withdrawn: bool = False
    answered: bool = False


def review(days: int, interval: int) -> Memory:
    """A memory that has been due for so many days, after an interval of so many days."""
    due_day = TODAY - days
    due = NOW - timedelta(days=days)
    return Memory(State.REVIEW, due, due_day, None, 10.0, 5.0, NOW, due_day - interval, 3)


def step(minutes: int, state: State) -> Memory:
    """A memory in its steps."""
    return Memory(state, NOW + timedelta(minutes=minutes), None, 0, 1.0, 5.0, NOW, TODAY, 1)


a_memory = st.one_of(
    st.just(Memory.new(NOW)),
    st.builds(step, st.integers(-60, 60), st.sampled_from(STEPS)),
    st.builds(review, st.integers(-4, 9), st.integers(1, 9)),
)
a_decision = st.builds(
    Decision,
    suspended_at=st.sampled_from([None, None, None, NOW]),
    buried_until=st.sampled_from([None, None, None, TODAY - 1, TODAY, TODAY + 1, TODAY + 3]),
    marked_at=st.sampled_from([None, NOW]),
)
collection = st.dictionaries(
    st.sampled_from([f"card-{number}" for number in NUMBERS]),
    st.builds(
        Kept, a_memory, a_decision, withdrawn=st.sampled_from([False] * 5 + [True]), answered=st.booleans()
    ),
)
preferences = st.builds(
    Preferences,
    new_a_day=st.integers(0, 6),
    reviews_a_day=st.integers(0, 8),
    learn_ahead_minutes=st.integers(0, 40),
    review_order=st.sampled_from(ReviewOrder),
    new_order=st.sampled_from(NewOrder),
    mix=st.sampled_from(Mix),
    catch_up=st.booleans(),
    part_new_siblings=st.booleans(),
    part_review_siblings=st.booleans(),
)


@given(collection, preferences)
def test_the_queue_of_the_database_is_that_of_all_memories(
    store: Store, kept: dict[str, Kept], wish: Preferences
) -> None:
    learner = store.learner(next(LEARNERS))
    put(store, learner, kept)
    found = store.queue(learner, DECK, now=NOW, rules=RULES, preferences=wish)
    assert Told.of(found) == brute_force(kept, wish, seed=str(learner))


class Told(NamedTuple):
    """A queue, in what can be compared."""

    ids: list[str]
    new: int
    learning: int
    review: int
    next_due: datetime | None
    backlog: int

    @classmethod
    def of(cls, queue: Queue) -> Told:
        """A queue in these terms."""
        ids = [one.id for one in queue.cards]
        piled_up = queue.backlog.waiting if queue.backlog else 0
        return cls(ids, queue.new, queue.learning, queue.review, queue.next_due, piled_up)


def put(store: Store, learner: int, kept: dict[str, Kept]) -> None:
    """Let a learner have exactly this, in one transaction."""
    with store._database.writing(learner) as connection:
        preset = presets.keep(connection, learner, SETTINGS)
        memories.enrol(connection, learner, kept, NOW)
        for number, (card_id, one) in enumerate(kept.items()):
            if one.answered:
                given = Answer(f"answer-{number}", card_id, Rating.GOOD, NOW)
                answers.record(connection, learner, given, rules=RULES, settings=SETTINGS, preset=preset)
            memories.replace(connection, learner, card_id, one.memory)
            decisions.suspend(connection, learner, [card_id], one.decision.suspended_at)
            decisions.bury(connection, learner, [card_id], one.decision.buried_until)
        memories.withdraw(connection, learner, [c for c, one in kept.items() if one.withdrawn], NOW)


def brute_force(kept: dict[str, Kept], wish: Preferences, *, seed: str) -> Told:
    """The queue as the desk describes it, from all memories at once."""
    asked = {
        card_id: one
        for card_id, one in kept.items()
        if card_id in DECK and not one.withdrawn and not one.decision.suspended_at
    }
    buried = {c: one.decision.buried_until for c, one in asked.items() if buried_today(one.decision)}
    free = {card_id: one.memory for card_id, one in asked.items() if card_id not in buried}
    today = [card_id for card_id, one in kept.items() if one.answered]
    seen = {card_id for card_id in today if card_id in DECK}  # what holds its family back

    def taken(card_ids: list[str], most: int, *, parted: bool) -> list[str]:
        chosen: list[str] = []
        for card_id in card_ids:
            siblings = {c for c in DECK if DECK[c].family and DECK[c].family == DECK[card_id].family} - {
                card_id
            }
            if len(chosen) < most and not (parted and siblings & (seen | set(chosen))):
                chosen.append(card_id)
        seen.update(chosen)
        return chosen

    def place(card_id: str) -> int:
        return DECK[card_id].order

    steps = sorted((c for c in free if free[c].state in STEPS), key=lambda c: (free[c].due, place(c)))
    soon = NOW + timedelta(minutes=wish.learn_ahead_minutes)
    learning = [c for c in steps if free[c].due <= NOW]
    ahead = [c for c in steps if NOW < free[c].due <= soon]
    seen.update(learning, ahead)

    by_day = [c for c in free if free[c].state is State.REVIEW]
    by_day.sort(key=lambda c: (free[c].due_day, place(c)))
    due = [c for c in by_day if free[c].due_day <= TODAY]
    piled_up = len(due) > wish.reviews_a_day and bool(due)
    order = ReviewOrder.OVERDUE if piled_up and wish.catch_up else wish.review_order
    rows = [(c, free[c].due_day, free[c].last_day, place(c)) for c in due]
    in_order = list(by_preference(due, rows, order, day=TODAY, seed=seed))
    reviews = taken(in_order, wish.reviews_a_day, parted=wish.part_review_siblings)
    unseen = sorted((c for c in free if free[c].state is State.NEW), key=place)
    in_order = list(new_by_preference(unseen, wish.new_order, day=TODAY, seed=seed))
    new = taken(in_order, wish.new_a_day - len(today), parted=wish.part_new_siblings)

    back = [free[c].due for c in steps if free[c].due > soon]
    back += [
        start_of_day(until, RULES)
        for until in (max(u, kept[c].memory.due_day or 0) for c, u in buried.items())
    ]
    back += [start_of_day(free[c].due_day, RULES) for c in by_day if free[c].due_day > TODAY]
    if len(reviews) < len(due) or len(new) < len(unseen):
        back.append(start_of_day(TODAY + 1, RULES))
    between = [one.id for one in mixed([DECK[c] for c in reviews], [DECK[c] for c in new], wish.mix)]
    return Told(
        ids=[*learning, *between, *ahead],
        new=len(new),
        learning=len(learning) + len(ahead),
        review=len(reviews),
        next_due=min(back, default=None),
        backlog=len(due) if piled_up else 0,
    )


def buried_today(decision: Decision) -> bool:
    return decision.buried_until is not None and decision.buried_until > TODAY


# What the database is asked


def test_no_more_rows_are_read_than_the_caps_reach(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many are due, and the caps are small: only the first rows of each kind are fetched."""
    monkeypatch.setattr(waiting, "FIRST_ROWS", 4)
    read: list[int] = []
    fetch = waiting._rows

    def counted(*arguments: object) -> Iterator[tuple[object, ...]]:
        for row in fetch(*arguments):
            read.append(1)
            yield row

    monkeypatch.setattr(waiting, "_rows", counted)
    learner = store.learner(next(LEARNERS))
    deck = {f"card-{number}": card(number) for number in range(60)}
    late = {card_id: review(1, 5) if place < 30 else Memory.new(NOW) for place, card_id in enumerate(deck)}
    put(store, learner, {card_id: Kept(memory) for card_id, memory in late.items()})
    wish = Preferences(new_a_day=2, reviews_a_day=3, catch_up=False)
    queue = store.queue(learner, deck, now=NOW, rules=RULES, preferences=wish)
    assert [one.order for one in queue.cards] == [0, 1, 2, 30, 31]
    assert len(read) == 3 + 1 + 2 + 1  # of each kind one more, to know that some are left
    whole = store.queue(learner, deck, now=NOW, rules=RULES, preferences=Preferences(new_a_day=100))
    assert [one.order for one in whole.cards] == list(range(60))


@pytest.mark.parametrize(
    "statement",
    [waiting.REVIEWS, waiting.DUE_IDS, waiting.NEW, waiting.NEW_IDS, waiting.LATER, waiting.HOW_MANY],
)
def test_the_index_answers_alone_and_nothing_is_sorted(store: Store, statement: Prepared) -> None:
    with store._database.reading() as connection:
        statement.all(connection, {"learner": 1, "day": TODAY, "start": 0, "most": 10})
        text, _, constants, _ = statement._compiled["sqlite"]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text.replace('?', '1')}").fetchall()
    (step,) = [row[3] for row in plan]
    assert "USING COVERING INDEX ix_memory_queue" in step
    assert constants is not None


def test_a_changed_book_changes_the_order(store: Store) -> None:
    learner = store.learner(next(LEARNERS))
    store.enrol(learner, [f"card-{number}" for number in NUMBERS], NOW)

    def first(deck: Deck) -> list[str]:
        return [one.id for one in store.queue(learner, deck, now=NOW, rules=RULES).cards[:3]]

    assert first(book(range(14))) == ["card-0", "card-1", "card-2"]
    assert first(book(reversed(range(14)))) == ["card-13", "card-12", "card-11"]
    assert first(book([5, 3])) == ["card-5", "card-3"]
    assert store.kept(learner, book([5, 3])) == 2
    store.enrol(learner, ["card-20"], NOW)
    assert first(book([20, 5, 3])) == ["card-20", "card-5", "card-3"]


def test_a_card_that_is_answered_before_it_is_kept_gets_its_place(store: Store) -> None:
    learner, deck = store.learner(next(LEARNERS)), book(range(5))
    store.enrol(learner, ["card-4"], NOW)
    assert len(store.queue(learner, deck, now=NOW, rules=RULES).cards) == 1
    store.answer(learner, Answer("a", "card-2", Rating.EASY, NOW), RULES, SETTINGS)
    later = NOW + timedelta(days=30)
    assert [one.id for one in store.queue(learner, deck, now=later, rules=RULES).cards] == [
        "card-2",
        "card-4",
    ]


def test_one_learners_decisions_and_answers_are_not_anothers(store: Store) -> None:
    mine, theirs, deck = store.learner(next(LEARNERS)), store.learner(next(LEARNERS)), book(range(3))
    for learner in (mine, theirs):
        store.enrol(learner, deck, NOW)
    store.suspend(mine, ["card-0"], NOW)
    store.bury(mine, ["card-1"], TODAY + 1)
    assert [one.id for one in store.queue(mine, deck, now=NOW, rules=RULES).cards] == ["card-2"]
    assert len(store.queue(theirs, deck, now=NOW, rules=RULES).cards) == 3


# Leeches, marks and what was forgotten


def forget(store: Store, learner: int, card_id: str, times: int, **more: object) -> None:
    """Learn a card and forget it so often, day after day."""
    store.answer(learner, Answer(f"{card_id}-0", card_id, Rating.EASY, NOW), RULES, STEPLESS)
    for time in range(1, times + 1):
        at = NOW + timedelta(days=time)
        store.answer(learner, Answer(f"{card_id}-{time}", card_id, Rating.AGAIN, at), RULES, STEPLESS, **more)


def test_leeches_are_listed_until_they_are_passed_and_again_after_more_lapses(store: Store) -> None:
    learner = store.learner(next(LEARNERS))
    forget(store, learner, "often", 8)
    forget(store, learner, "seldom", 7)
    assert store.leeches(learner, 8) == [Leech("often", 8)]
    store.pass_leech(learner, ["often"])
    assert store.leeches(learner, 8) == [Leech("often", 8, passed=8)]
    store.suspend(learner, ["often"], NOW)
    assert store.leeches(learner, 8) == [Leech("often", 8, passed=8, suspended=True)]
    store.withdraw(learner, ["often"], NOW)
    assert store.leeches(learner, 8) == []


@pytest.mark.parametrize("action", LeechAction)
def test_what_becomes_of_a_leech_is_what_its_learner_chose_and_an_undo_takes_it_back(
    store: Store, action: LeechAction
) -> None:
    learner = store.learner(next(LEARNERS))
    leeches = Leeches(threshold=3, action=action)
    forget(store, learner, "card", 2, leeches=leeches)
    assert store.decisions(learner) == {}
    at = NOW + timedelta(days=3)
    third = Answer("third", "card", Rating.AGAIN, at)
    store.answer(learner, third, RULES, STEPLESS, leeches=leeches)
    expected = {
        LeechAction.OFFER: {},
        LeechAction.MARK: {"card": Decision(marked_at=at)},
        LeechAction.SUSPEND: {"card": Decision(suspended_at=at)},
    }[action]
    assert store.decisions(learner) == expected
    store.undo(learner, "undo", at + timedelta(seconds=1))
    assert store.decisions(learner) == {}
    store.answer(learner, third, RULES, STEPLESS, leeches=leeches)  # sent again, late: it stays undone
    assert store.decisions(learner) == {}


def test_an_undo_leaves_a_mark_and_a_suspension_that_the_learner_made(store: Store) -> None:
    learner = store.learner(next(LEARNERS))
    forget(store, learner, "card", 1)
    at = NOW + timedelta(days=1, seconds=5)
    store.mark(learner, ["card"], at)
    store.suspend(learner, ["card"], at)
    store.undo(learner, "undo", at)
    assert store.decisions(learner) == {"card": Decision(suspended_at=at, marked_at=at)}


def test_what_was_marked_and_what_was_forgotten_today_is_told(store: Store) -> None:
    learner = store.learner(next(LEARNERS))
    for number, rating in enumerate([Rating.AGAIN, Rating.GOOD, Rating.AGAIN]):
        store.answer(learner, Answer(f"a{number}", f"card-{number}", rating, NOW), RULES, SETTINGS)
    store.undo(learner, "undo", NOW)
    store.mark(learner, ["card-1"], NOW)
    assert store.forgotten(learner, TODAY) == {"card-0"}
    assert store.forgotten(learner, TODAY + 1) == set()
    assert store.marked(learner) == {"card-1"}
    store.withdraw(learner, ["card-1"], NOW)
    assert store.marked(learner) == set()


def test_memories_are_given_for_the_cards_that_are_asked_for(store: Store) -> None:
    learner = store.learner(next(LEARNERS))
    store.enrol(learner, ["card-0", "card-1", "card-2"], NOW)
    store.withdraw(learner, ["card-1"], NOW)
    assert store.memories_of(learner, ["card-0", "card-1", "never"]) == {"card-0": Memory.new(NOW)}
