"""Clocks set back, time zones that change, summer time, and cards that leave the book: nothing is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.days import DayRules, day_number, start_of_day
from cards.memory import Memory, Rating, State
from cards.preferences import Preferences
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store
from tests.cards.pages_learner import DECK

LONDON, TOKYO, HONOLULU = DayRules("Europe/London"), DayRules("Asia/Tokyo"), DayRules("Pacific/Honolulu")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SETTINGS = SchedulerSettings()
LEARNERS = (f"learner {number}" for number in itertools.count())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def learner(store: Store) -> int:
    return store.learner(next(LEARNERS))


def give(
    store: Store, learner: int, at: datetime, rating: Rating = Rating.EASY, *, rules: DayRules = LONDON
) -> Memory:
    """Answer the first card."""
    sent = Answer(f"answer-{at.isoformat()}-{rules.timezone}", "card-0", rating, at)
    return store.answer(learner, sent, rules, SETTINGS)


def asked(store: Store, learner: int, now: datetime, rules: DayRules = LONDON) -> list[str]:
    return [card.id for card in store.queue(learner, DECK, now=now, rules=rules).cards]


# The clock is set back


def test_a_clock_that_was_days_ahead_costs_no_answer(store: Store, learner: int) -> None:
    ahead = give(store, learner, NOW + 40 * DAY)
    assert asked(store, learner, NOW) == []
    after = give(store, learner, NOW)
    assert len(store.reviews(learner)) == 2
    assert after.reps == 2
    assert after.due_day is not None
    assert after.due_day > day_number(NOW, LONDON)
    assert after.due_day < ahead.due_day  # counted from the true day again
    assert store.replay(learner) == store.memories(learner)
    assert asked(store, learner, start_of_day(after.due_day, LONDON)) == ["card-0"]


def test_what_was_done_on_a_day_that_has_not_come_does_not_count_today(store: Store, learner: int) -> None:
    store.enrol(learner, DECK, NOW)
    for number in range(3):
        store.answer(
            learner, Answer(f"a{number}", f"card-{number}", Rating.EASY, NOW + DAY), LONDON, SETTINGS
        )
    wish = Preferences(new_a_day=3)
    queue = store.queue(learner, DECK, now=NOW, rules=LONDON, preferences=wish)
    assert [card.order for card in queue.cards] == [3, 4, 5]
    tomorrow = store.queue(learner, DECK, now=NOW + DAY, rules=LONDON, preferences=wish)
    assert tomorrow.new == 0


moments = st.lists(
    st.tuples(
        st.integers(-400, 400).map(lambda hours: NOW + timedelta(hours=hours)),
        st.sampled_from([LONDON, TOKYO, HONOLULU, DayRules("UTC", 0), DayRules("America/New_York", 23)]),
        st.sampled_from(Rating),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40)
@given(moments)
def test_in_whatever_order_and_zones_the_clock_goes_the_log_adds_up_and_the_card_comes_back(
    store: Store, history: list[tuple[datetime, DayRules, Rating]]
) -> None:
    learner = store.learner(next(LEARNERS))
    for number, (at, rules, rating) in enumerate(history):
        store.answer(learner, Answer(f"a{number}", "card-0", rating, at), rules, SETTINGS)
    memory = store.memories(learner)["card-0"]
    assert memory.reps == len(history) == len(store.reviews(learner))
    assert store.replay(learner) == {"card-0": memory}
    _, rules, _ = history[-1]
    comes_back = memory.due if memory.due_day is None else start_of_day(memory.due_day, rules)
    assert asked(store, learner, comes_back, rules) == ["card-0"]


# The time zone changes


def test_who_flies_east_finds_a_card_on_its_calendar_day_there(store: Store, learner: int) -> None:
    memory = give(store, learner, NOW)
    day = memory.due_day
    assert day is not None
    dawn = start_of_day(day, TOKYO)
    assert dawn < start_of_day(day, LONDON)
    assert asked(store, learner, dawn, TOKYO) == ["card-0"]
    assert asked(store, learner, dawn - timedelta(seconds=1), TOKYO) == []


def test_who_flies_west_lives_a_day_twice_and_is_not_asked_twice(store: Store, learner: int) -> None:
    morning_in_tokyo = datetime(2026, 11, 24, 6, tzinfo=ZoneInfo("Asia/Tokyo"))
    memory = give(store, learner, morning_in_tokyo, rules=TOKYO)
    landed = morning_in_tokyo + timedelta(hours=8)  # it is the day before, in Honolulu
    assert day_number(landed, HONOLULU) < day_number(morning_in_tokyo, TOKYO)
    assert asked(store, learner, landed, HONOLULU) == []
    after = give(store, learner, landed, rules=HONOLULU)
    assert store.replay(learner) == {"card-0": after}
    assert after.last_day == day_number(landed, HONOLULU)
    assert memory.due_day is not None


# Summer time


@pytest.mark.parametrize(
    ("day", "hours"),
    [(datetime(2026, 3, 28, 12, tzinfo=UTC), 23), (datetime(2026, 10, 24, 12, tzinfo=UTC), 25)],
    ids=["forward", "back"],
)
def test_the_night_of_the_change_is_one_night(store: Store, learner: int, day: datetime, hours: int) -> None:
    """Where a day begins at midnight, that of the change has 23 hours or 25, and is one day all the same."""
    rules = DayRules("Europe/London", rollover_hour=0)
    number = day_number(day, rules)
    assert start_of_day(number + 2, rules) - start_of_day(number + 1, rules) == timedelta(hours=hours)
    steps = SchedulerSettings(learning_steps=(), fuzz=False)
    first = store.answer(learner, Answer("a", "card-0", Rating.AGAIN, day), rules, steps)
    assert (first.state, first.due_day) == (State.REVIEW, number + 1)
    dawn = start_of_day(number + 1, rules)
    assert asked(store, learner, dawn - timedelta(seconds=1), rules) == []
    assert asked(store, learner, dawn, rules) == ["card-0"]
    last_minute = start_of_day(number + 2, rules) - timedelta(minutes=1)
    after = store.answer(learner, Answer("b", "card-0", Rating.GOOD, last_minute), rules, steps)
    assert after.last_day == number + 1
    assert after.last_day - first.last_day == 1


# A card leaves the book


def test_a_card_that_leaves_the_book_while_it_is_due_waits_until_it_returns(
    store: Store, learner: int
) -> None:
    memory = give(store, learner, NOW)
    give_other = Answer("other", "card-1", Rating.EASY, NOW)
    store.answer(learner, give_other, LONDON, SETTINGS)
    later = NOW + 60 * DAY
    without = {card_id: card for card_id, card in DECK.items() if card_id != "card-0"}
    queue = store.queue(learner, without, now=later, rules=LONDON)
    assert [card.id for card in queue.cards] == ["card-1"]
    assert queue.due == 1
    assert store.kept(learner, without) == 1
    assert store.memories(learner)["card-0"] == memory
    assert [card.id for card in store.queue(learner, DECK, now=later, rules=LONDON).cards] == [
        "card-0",
        "card-1",
    ]


def test_an_answer_to_a_card_that_left_the_book_while_it_was_asked_is_kept(
    store: Store, learner: int
) -> None:
    store.enrol(learner, ["card-0"], NOW)
    assert asked(store, learner, NOW) == ["card-0"]
    assert store.queue(learner, {}, now=NOW, rules=LONDON).cards == ()
    after = give(store, learner, NOW)
    assert store.memories(learner) == {"card-0": after}
    assert store.queue(learner, {}, now=NOW + 90 * DAY, rules=LONDON).next_due is None
