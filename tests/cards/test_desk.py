"""The desk: what is asked, in which order, within which caps, and how dates are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.card import Card
from cards.days import DayRules, day_number, start_of_day
from cards.desk import Limits, Today, in_words, queue
from cards.schedule import Memory, Rating, SchedulerSettings, State, answer

RULES = DayRules("Europe/London")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = day_number(NOW, RULES)


def card(number: int) -> Card:
    return Card(
        id=f"card-{number}",
        kind="recall",
        section="s",
        section_title="S",
        track="t",
        track_title="T",
        order=number,
        fields={},
        front="",
        back="",
        text_hash="",
    )


DECK = {f"card-{number}": card(number) for number in range(10)}
NEW = Memory.new(NOW - timedelta(days=1))


def step(minutes: float, state: State = State.LEARNING) -> Memory:
    """A memory in its steps that comes back in so many minutes."""
    return Memory(state, NOW + timedelta(minutes=minutes), None, 0, 1.0, 5.0, NOW, TODAY, 1)


def by_day(days: int) -> Memory:
    """A memory that comes back in so many days, at an hour of the day that is already past."""
    due = NOW + timedelta(days=days, hours=-1)
    return Memory(State.REVIEW, due, TODAY + days, None, 10.0, 5.0, NOW, TODAY - 10, 3)


def asked(memories: dict[str, Memory], **arguments: object) -> list[int]:
    return [card.order for card in queue(DECK, memories, now=NOW, rules=RULES, **arguments).cards]


memories = st.dictionaries(
    st.integers(0, 12).map(lambda number: f"card-{number}"),
    st.one_of(
        st.just(NEW),
        st.builds(step, st.integers(-60, 60), st.sampled_from([State.LEARNING, State.RELEARNING])),
        st.builds(by_day, st.integers(-5, 5)),
    ),
)
limits = st.builds(Limits, st.integers(0, 5), st.integers(0, 5))
done = st.builds(Today, st.integers(0, 7), st.integers(0, 7))


def test_steps_then_reviews_then_new_then_steps_ahead_of_time() -> None:
    memories = {
        "card-0": NEW,
        "card-1": by_day(0),
        "card-2": by_day(-3),
        "card-3": step(-1),
        "card-4": step(-9, State.RELEARNING),
        "card-5": step(10),
        "card-6": by_day(0),
        "card-7": NEW,
    }
    assert asked(memories) == [4, 3, 2, 1, 6, 0, 7, 5]


def test_a_review_is_due_all_day_though_its_hour_has_not_come() -> None:
    evening = Memory(State.REVIEW, NOW + timedelta(hours=12), TODAY, None, 10.0, 5.0, NOW, TODAY - 10, 3)
    assert asked({"card-0": evening}) == [0]


def test_what_is_not_due_not_enrolled_or_not_in_the_book_is_not_asked() -> None:
    assert asked({"card-0": by_day(1), "card-1": step(21), "gone-from-the-book": by_day(0)}) == []


def test_caps_count_what_was_done_today() -> None:
    memories = {f"card-{n}": NEW if n < 5 else by_day(0) for n in range(10)}
    found = queue(DECK, memories, now=NOW, rules=RULES, limits=Limits(3, 4), today=Today(2, 1))
    assert (found.new, found.review, found.due) == (1, 3, 3)
    assert asked(memories, limits=Limits(3, 4), today=Today(9, 9)) == []


def test_a_card_that_was_begun_is_finished_whatever_the_caps() -> None:
    assert asked({"card-0": step(-1)}, limits=Limits(0, 0), today=Today(20, 200)) == [0]


def test_next_due_is_the_first_to_come_back() -> None:
    def next_due(memories: dict[str, Memory], **arguments: object) -> datetime | None:
        return queue(DECK, memories, now=NOW, rules=RULES, **arguments).next_due

    assert next_due({}) is None
    assert next_due({"card-0": by_day(0)}) is None
    assert next_due({"card-0": by_day(2), "card-1": step(30)}) == NOW + timedelta(minutes=30)
    assert next_due({"card-0": by_day(2), "card-1": by_day(5)}) == start_of_day(TODAY + 2, RULES)
    assert next_due({"card-0": NEW}, limits=Limits(new_a_day=0)) == start_of_day(TODAY + 1, RULES)


@given(memories, limits, done)
def test_every_card_once_within_the_caps(memories: dict[str, Memory], limits: Limits, today: Today) -> None:
    found = queue(DECK, memories, now=NOW, rules=RULES, limits=limits, today=today)
    ids = [card.id for card in found.cards]
    assert len(ids) == len(set(ids)) == found.new + found.learning + found.review
    assert set(ids) <= DECK.keys() & memories.keys()
    assert found.new <= max(0, limits.new_a_day - today.introduced)
    assert found.review <= max(0, limits.reviews_a_day - today.reviewed)


@given(st.lists(st.sampled_from(list(Rating)), min_size=60, max_size=60))
def test_a_session_ends_and_every_answer_is_asked_for(ratings: list[Rating]) -> None:
    """Answering whatever comes first, and easily at last, empties the desk without ever waiting."""
    held = dict.fromkeys(list(DECK)[:4], NEW)
    for number, rating in enumerate([*ratings, *[Rating.EASY] * 8]):
        now = NOW + timedelta(seconds=number)
        cards = queue(DECK, held, now=now, rules=RULES).cards
        if not cards:
            break
        first = cards[0].id
        held[first], _ = answer(held[first], rating, now=now, rules=RULES, settings=SchedulerSettings())
    assert queue(DECK, held, now=NOW + timedelta(hours=1), rules=RULES).cards == ()


@pytest.mark.parametrize(
    ("memory", "words"),
    [
        (step(-5), "now"),
        (step(0.5), "1 minute"),
        (step(10), "10 minutes"),
        (step(90), "2 hours"),
        (by_day(-4), "today"),
        (by_day(0), "today"),
        (by_day(1), "tomorrow"),
        (by_day(8), "8 days"),
        (by_day(60), "60 days"),
        (by_day(91), "3 months"),
        (by_day(800), "2 years"),
    ],
)
def test_dates_in_words(memory: Memory, words: str) -> None:
    assert in_words(memory, now=NOW, rules=RULES) == words


def test_a_moment_is_told_by_the_clock_today_and_by_the_calendar_later() -> None:
    late = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # still today: the day ends at 4
    assert in_words(late, now=NOW, rules=RULES) == "18 hours"
    assert in_words(late + timedelta(hours=1), now=NOW, rules=RULES) == "tomorrow"
    assert in_words(late + timedelta(minutes=40), now=late, rules=RULES) == "40 minutes"
    assert in_words(start_of_day(TODAY + 8, RULES), now=NOW, rules=RULES) == "8 days"
