"""The desk: what is asked, in which order, within which caps, and how dates are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.backlog import Backlog
from cards.card import Card, Deck
from cards.days import DayRules, day_number, start_of_day
from cards.desk import STEPS, Queue, Step, Today, Waiting, in_words, queue
from cards.families import families
from cards.memory import State
from cards.preferences import Mix, NewOrder, Preferences, ReviewOrder
from cards.schedule import Memory, Rating, SchedulerSettings, answer, retrievability

RULES = DayRules("Europe/London")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = day_number(NOW, RULES)


def card(number: int, family: str = "") -> Card:
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
        family=family,
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


def waiting(memories: dict[str, Memory], day: int = TODAY, **more: object) -> Waiting:
    """What waits, had the store these memories."""
    memories = {card_id: memory for card_id, memory in memories.items() if card_id in DECK}

    def place(card_id: str) -> int:
        return DECK[card_id].order

    by_day = sorted(
        (
            (card_id, memory.due_day, memory.last_day or 0, place(card_id))
            for card_id, memory in memories.items()
            if memory.due_day is not None
        ),
        key=itemgetter(1, 3),
    )
    due = [one for one in by_day if one[1] <= day]
    return Waiting(
        steps=[Step(card_id, one.due) for card_id, one in memories.items() if one.state in STEPS],
        reviews=iter(due),
        due_ids=iter([card_id for card_id, *_ in due]),
        new=iter(sorted((c for c, one in memories.items() if one.state is State.NEW), key=place)),
        later=iter(by_day[len(due) :]),
        **{"due": len(due), **more},
    )


def found(
    memories: dict[str, Memory], *, now: datetime = NOW, deck: Deck = DECK, seed: str = "", **more: object
) -> Queue:
    """The queue, with preferences and what else waits by name."""
    wishes = {name: more.pop(name) for name in list(more) if name in Preferences.__dataclass_fields__}
    return queue(
        deck,
        waiting(memories, day_number(now, RULES), families=families(deck), **more),
        now=now,
        rules=RULES,
        preferences=Preferences(**wishes),
        seed=seed,
    )


def asked(memories: dict[str, Memory], **more: object) -> list[int]:
    return [card.order for card in found(memories, **more).cards]


memories = st.dictionaries(
    st.integers(0, 12).map(lambda number: f"card-{number}"),
    st.one_of(
        st.just(NEW),
        st.builds(step, st.integers(-60, 60), st.sampled_from([State.LEARNING, State.RELEARNING])),
        st.builds(by_day, st.integers(-5, 5)),
    ),
)
caps = st.fixed_dictionaries({"new_a_day": st.integers(0, 5), "reviews_a_day": st.integers(0, 5)})
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


def test_what_is_not_due_or_not_enrolled_is_not_asked() -> None:
    assert asked({"card-0": by_day(1), "card-1": step(21)}) == []


def test_caps_count_what_was_done_today() -> None:
    memories = {f"card-{n}": NEW if n < 5 else by_day(0) for n in range(10)}
    some = found(memories, new_a_day=3, reviews_a_day=4, today=Today(2, 1))
    assert (some.new, some.review, some.due) == (1, 3, 3)
    assert asked(memories, new_a_day=3, reviews_a_day=4, today=Today(9, 9)) == []


def test_a_card_that_was_begun_is_finished_whatever_the_caps() -> None:
    assert asked({"card-0": step(-1)}, new_a_day=0, reviews_a_day=0, today=Today(20, 200)) == [0]


def test_next_due_is_the_first_to_come_back() -> None:
    def next_due(memories: dict[str, Memory], **more: object) -> datetime | None:
        return found(memories, **more).next_due

    assert next_due({}) is None
    assert next_due({"card-0": by_day(0)}) is None
    assert next_due({"card-0": by_day(2), "card-1": step(30)}) == NOW + timedelta(minutes=30)
    assert next_due({"card-0": by_day(2), "card-1": by_day(5)}) == start_of_day(TODAY + 2, RULES)
    assert next_due({"card-0": NEW}, new_a_day=0) == start_of_day(TODAY + 1, RULES)


@given(memories, caps, done)
def test_every_card_once_within_the_caps(
    memories: dict[str, Memory], caps: dict[str, int], today: Today
) -> None:
    some = found(memories, **caps, today=today)
    ids = [card.id for card in some.cards]
    assert len(ids) == len(set(ids)) == some.new + some.learning + some.review
    assert set(ids) <= DECK.keys() & memories.keys()
    assert some.new <= max(0, caps["new_a_day"] - today.introduced)
    assert some.review <= max(0, caps["reviews_a_day"] - today.reviewed)


# Orders


def overdue(days: int, interval: int) -> Memory:
    """A review so many days late, after an interval of so many days."""
    last = TODAY - days - interval
    return Memory(State.REVIEW, NOW - timedelta(days=days), TODAY - days, None, 10.0, 5.0, NOW, last, 3)


LATE = {
    "card-0": overdue(30, 300),  # a tenth of its interval
    "card-1": overdue(5, 5),  # all of it
    "card-2": overdue(0, 2),
    "card-3": overdue(6, 2),  # three times
    "card-4": overdue(30, 30),
}


def test_the_longest_due_come_first_or_the_most_overdue_for_their_interval_or_the_book_decides() -> None:
    assert asked(LATE, review_order=ReviewOrder.LONGEST_DUE) == [0, 4, 3, 1, 2]
    assert asked(LATE, review_order=ReviewOrder.OVERDUE) == [3, 4, 1, 0, 2]
    assert asked(LATE, review_order=ReviewOrder.BOOK) == [0, 1, 2, 3, 4]


def test_what_is_most_overdue_is_what_is_closest_to_being_forgotten() -> None:
    """The order is that of the chance of recall, where each interval is its stability."""
    exact = {
        card_id: replace(memory, stability=float(memory.due_day - memory.last_day))
        for card_id, memory in LATE.items()
    }
    chances = [
        retrievability(exact[f"card-{number}"], now=NOW, rules=RULES, settings=SchedulerSettings())
        for number in asked(exact, review_order=ReviewOrder.OVERDUE)
    ]
    assert chances == sorted(chances)


@pytest.mark.parametrize("kind", ["review", "new"])
def test_a_random_order_lasts_a_day_and_is_one_learners(kind: str) -> None:
    memories = dict.fromkeys(DECK, by_day(0) if kind == "review" else NEW)
    wish = {"review_order": ReviewOrder.RANDOM, "new_order": NewOrder.RANDOM}
    mine = asked(memories, seed="me", **wish)
    assert sorted(mine) == list(range(10))
    assert asked(dict(reversed(memories.items())), seed="me", now=NOW + timedelta(hours=9), **wish) == mine
    without_first = {card_id: memory for card_id, memory in memories.items() if card_id != f"card-{mine[0]}"}
    assert asked(without_first, seed="me", **wish) == mine[1:]
    others = {tuple(asked(memories, seed=name, **wish)) for name in ("you", "they")}
    tomorrow = tuple(asked(memories, seed="me", now=NOW + timedelta(days=1), **wish))
    assert len({tuple(mine), tomorrow, *others}) == 4


def test_new_cards_come_after_the_reviews_or_before_or_evenly_between_them() -> None:
    memories = {f"card-{n}": by_day(0) if n < 6 else NEW for n in range(9)}
    assert asked(memories, mix=Mix.REVIEWS_FIRST) == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert asked(memories, mix=Mix.NEW_FIRST) == [6, 7, 8, 0, 1, 2, 3, 4, 5]
    assert asked(memories, mix=Mix.MIXED) == [0, 6, 1, 2, 7, 3, 4, 8, 5]


@given(st.integers(0, 5), st.integers(0, 5))
def test_mixing_keeps_each_kind_in_order_and_leaves_no_long_run(reviews: int, new: int) -> None:
    memories = {f"card-{n}": by_day(0) if n < reviews else NEW for n in range(reviews + new)}
    row = asked(memories, mix=Mix.MIXED)
    assert [n for n in row if n < reviews] == list(range(reviews))
    assert [n for n in row if n >= reviews] == list(range(reviews, reviews + new))
    if reviews and new:
        runs = [len(list(run)) for _, run in groupby(row, key=lambda n: n < reviews)]
        assert max(runs) <= -(-max(reviews, new) // (min(reviews, new) + 1)) + 1


# Catching up


def test_a_backlog_is_asked_by_overdueness_under_the_cap_and_told_in_days() -> None:
    some = found(LATE, reviews_a_day=2)
    assert [card.order for card in some.cards] == [3, 4]
    assert some.backlog is not None
    assert (some.backlog.waiting, some.backlog.days) == (5, 3)
    assert "5 reviews" in some.backlog.sentence
    assert "3 days" in some.backlog.sentence
    assert some.backlog.spread_over(5) == 1
    assert some.next_due == start_of_day(TODAY + 1, RULES)


def test_catching_up_lasts_the_whole_day_and_can_be_declined() -> None:
    """What was done today counts: the order does not flip as soon as the rest fits into a day."""
    left = {card_id: LATE[card_id] for card_id in ("card-0", "card-1")}
    assert asked(left, reviews_a_day=3, today=Today(reviewed=2)) == [1]
    assert asked(left, reviews_a_day=4, today=Today(reviewed=2)) == [0, 1]
    assert asked(left, reviews_a_day=3, today=Today(reviewed=2), catch_up=False) == [0]


def test_a_backlog_without_a_cap_to_work_it_off_says_that_it_waits() -> None:
    backlog = found(LATE, reviews_a_day=0).backlog
    assert backlog is not None
    assert backlog.days is None
    assert "no reviews a day" in backlog.sentence


@given(st.integers(1, 10_000), st.integers(1, 500))
def test_a_backlog_takes_as_many_days_as_its_cap_fills(due: int, a_day: int) -> None:
    backlog = Backlog.of(due, done=0, a_day=a_day)
    if backlog is None:
        assert due <= a_day
        return
    assert (backlog.days - 1) * a_day < due <= backlog.days * a_day
    assert Backlog(due, backlog.spread_over(backlog.days)).days <= backlog.days


# Decisions and families


def test_a_buried_card_waits_for_its_day() -> None:
    memories = {"card-0": by_day(0), "card-1": step(-1), "card-2": NEW}
    buried = dict.fromkeys(memories, TODAY + 3)
    some = found(memories, buried=buried)
    assert some.cards == ()
    assert some.next_due == start_of_day(TODAY + 3, RULES)


FAMILY = {f"card-{n}": card(n, family="twins" if n in (2, 5, 7) else "") for n in range(10)}


def test_of_a_family_one_review_is_asked_a_day_and_the_others_are_left_for_tomorrow() -> None:
    memories = {f"card-{n}": by_day(-n) for n in (2, 3, 5, 7)}
    some = found(memories, deck=FAMILY)
    assert [card.order for card in some.cards] == [7, 3]
    assert some.next_due == start_of_day(TODAY + 1, RULES)
    assert asked(memories, deck=FAMILY, part_review_siblings=False) == [7, 5, 3, 2]


def test_a_new_card_gives_way_to_a_sibling_that_is_reviewed_or_in_its_steps() -> None:
    for sibling in (by_day(0), step(-1), step(15)):
        memories = {"card-2": NEW, "card-4": NEW, "card-5": sibling}
        assert sorted(asked(memories, deck=FAMILY)) == [4, 5]
        assert sorted(asked(memories, deck=FAMILY, part_new_siblings=False)) == [2, 4, 5]


def test_a_card_that_was_answered_today_holds_back_its_siblings_and_not_itself() -> None:
    memories = {"card-2": by_day(0), "card-5": by_day(0), "card-7": NEW}
    assert asked(memories, deck=FAMILY, answered={"card-5"}) == [5]
    assert asked(memories, deck=FAMILY, answered={"card-9"}) == [2]


def test_a_sibling_left_for_tomorrow_takes_no_place_under_the_cap() -> None:
    memories = {f"card-{n}": by_day(0) for n in (2, 5, 7, 8)}
    assert asked(memories, deck=FAMILY, reviews_a_day=2) == [2, 8]


def test_cards_to_be_looked_at_again_come_before_the_reviews_and_once() -> None:
    memories = {"card-0": by_day(0), "card-1": by_day(9), "card-2": by_day(0), "card-3": step(-1)}
    some = found(memories, rechecks=["card-2", "card-1", "gone-from-the-book"], reviews_a_day=1)
    assert [card.order for card in some.cards] == [3, 2, 1, 0]
    assert some.review == 3


@given(st.lists(st.sampled_from(list(Rating)), min_size=60, max_size=60))
def test_a_session_ends_and_every_answer_is_asked_for(ratings: list[Rating]) -> None:
    """Answering whatever comes first, and easily at last, empties the desk without ever waiting."""
    held = dict.fromkeys(list(DECK)[:4], NEW)
    for number, rating in enumerate([*ratings, *[Rating.EASY] * 8]):
        now = NOW + timedelta(seconds=number)
        cards = found(held, now=now).cards
        if not cards:
            break
        first = cards[0].id
        held[first], _ = answer(held[first], rating, now=now, rules=RULES, settings=SchedulerSettings())
    assert found(held, now=NOW + timedelta(hours=1)).cards == ()


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
