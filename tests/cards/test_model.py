"""The model and the steps: py-fsrs's own, to the last bit, whatever the weights and the answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import fsrs
from hypothesis import given
from hypothesis import strategies as st

from cards.days import DayRules
from cards.memory import Memory, Rating, ReviewLog, State
from cards.schedule import PARAMETER_BOUNDS, SchedulerSettings, outcome, retrievability

DAY_ZERO = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = DayRules("UTC", rollover_hour=0)
FIRST_DAY = (DAY_ZERO - datetime(1970, 1, 1, tzinfo=UTC)).days
STATES = {
    fsrs.State.Learning: State.LEARNING,
    fsrs.State.Review: State.REVIEW,
    fsrs.State.Relearning: State.RELEARNING,
}

minutes = st.lists(st.floats(0.5, 1400), max_size=4).map(tuple)
many_settings = st.builds(
    SchedulerSettings,
    parameters=st.tuples(*(st.floats(low, high) for low, high in PARAMETER_BOUNDS)),
    desired_retention=st.floats(0.7, 0.99),
    learning_steps=minutes,
    relearning_steps=minutes,
    maximum_interval=st.integers(1, 36500),
    fuzz=st.just(False),
)
# Days go back at times, as they do for whoever travels west, and a card may come late by years.
gaps = st.one_of(st.integers(-1, 1), st.integers(0, 40), st.integers(0, 4000))
histories = st.lists(st.tuples(gaps, st.sampled_from(Rating), st.booleans()), max_size=10)


def scheduler(settings: SchedulerSettings) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        parameters=settings.parameters,
        desired_retention=settings.desired_retention,
        learning_steps=[timedelta(minutes=minutes) for minutes in settings.learning_steps],
        relearning_steps=[timedelta(minutes=minutes) for minutes in settings.relearning_steps],
        maximum_interval=settings.maximum_interval,
        enable_fuzzing=False,
    )


@given(many_settings, many_settings, histories)
def test_every_answer_leads_where_py_fsrs_leads(
    early: SchedulerSettings, late: SchedulerSettings, answers: list[tuple[int, Rating, bool]]
) -> None:
    """Settings may change between two answers, and the steps become fewer than the one a card stands at."""
    memory, card, day = Memory.new(DAY_ZERO), fsrs.Card(card_id=0, due=DAY_ZERO), 0
    for gap, rating, is_late in answers:
        day += gap
        at, settings = DAY_ZERO + timedelta(days=day), late if is_late else early
        oracle = scheduler(settings)
        assert retrievability(
            memory, now=at, rules=DAYS, settings=settings
        ) == oracle.get_card_retrievability(card, at)
        memory = outcome(ReviewLog(rating, at, FIRST_DAY + day, memory), settings=settings)
        card, _ = oracle.review_card(card, fsrs.Rating(rating), at)
        assert (memory.state, memory.step) == (STATES[card.state], card.step)
        assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
        if memory.due_day is None:
            assert memory.due == card.due
        elif memory.stability is not None:
            assert settings.model.days(memory.stability) == (card.due - at).days
