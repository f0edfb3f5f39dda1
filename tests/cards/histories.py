"""Whatever a learner may do, as a hypothesis strategy, and a hand that does it to a store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, Counterexample, Prediction, Store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SETTINGS = (SchedulerSettings(), SchedulerSettings(desired_retention=0.8, learning_steps=(5.0,)))
ZONES = (DayRules("Europe/London"), DayRules("Asia/Tokyo"), DayRules("Pacific/Honolulu", rollover_hour=0))

# Everything that UTF-8 can carry: quotes, newlines, marks of other scripts, and characters beyond 16 bits.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
cards = st.sampled_from(["a", "b", "ç-3", 'd"e'])
numbers = st.floats(allow_nan=False, allow_infinity=False)
maybe = st.one_of(st.none(), numbers)
settings = st.dictionaries(texts, numbers, max_size=2)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(texts, inner, max_size=2)),
    max_leaves=4,
)

acts = st.one_of(
    st.tuples(st.just("answer"), cards, st.sampled_from(Rating), st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["enrol", "withdraw", "suspend", "resume", "mark", "verify"]), cards),
    st.tuples(st.just("bury"), cards, st.one_of(st.none(), st.integers(0, 40_000))),
    st.tuples(st.just("pass"), cards),
    st.tuples(st.just("reschedule"), cards, st.integers(0, 1)),
    st.tuples(st.just("not-reschedule"), st.integers(0, 3)),
    st.tuples(st.just("note"), cards, texts),
    st.tuples(st.just("set"), texts, json_values),
    st.tuples(st.just("read"), texts, st.floats(0, 1)),
    st.tuples(
        st.just("predict"), settings, maybe, numbers, maybe, texts, st.one_of(maybe, st.just(float("inf")))
    ),
    st.tuples(st.just("counter"), settings, st.integers(0, 2**63 - 1), texts, st.booleans()),
)
gaps = st.integers(-3600, 40 * 86400).map(lambda seconds: timedelta(seconds=seconds))
histories = st.lists(st.tuples(gaps, acts), max_size=25)


def live(
    store: Store, learner: int, history: list[tuple[timedelta, tuple[Any, ...]]], *, first: int = 0
) -> None:
    """Let a learner do all of it, from `NOW` on, under ids that count from the first."""
    now = NOW
    for number, (gap, (kind, *details)) in enumerate(history, first):
        now += gap
        _ACTS[kind](store, learner, number, now, *details)


def _answer(
    store: Store, me: int, number: int, now: datetime, card: str, rating: Rating, chosen: int, zone: int
) -> None:
    answer = Answer(f"answer-{number}", card, rating, now, elapsed_ms=number)
    store.answer(me, answer, ZONES[zone], SETTINGS[chosen])


def _undo(store: Store, me: int, number: int, now: datetime, back: int) -> None:
    store.undo(me, f"undo-{max(0, number - back)}", now)


def _reschedule(store: Store, me: int, number: int, now: datetime, card: str, chosen: int) -> None:
    store.reschedule(me, f"reschedule-{number}", {card: SETTINGS[chosen]}, now)


def _not_reschedule(store: Store, me: int, number: int, now: datetime, back: int) -> None:
    store.undo_reschedule(me, f"reschedule-{max(0, number - back)}", now)


def _predict(store: Store, me: int, number: int, now: datetime, *details: Any) -> None:  # noqa: ANN401
    chosen, guess, truth, low, choice, score = details
    made = Prediction(
        f"p-{number}", "toy", "fact", chosen, guess, truth, now, "number", low, choice=choice, score=score
    )
    store.record_prediction(me, made)


def _counter(store: Store, me: int, number: int, now: datetime, *details: Any) -> None:  # noqa: ANN401
    chosen, seed, note, is_withdrawn = details
    found = Counterexample(f"c-{number}", "section", "toy-1", "toy", chosen, seed, note, now)
    store.record_counterexample(me, found)
    if is_withdrawn:
        store.withdraw_counterexample(me, found.client_id, now)


_ACTS: dict[str, Callable[..., None]] = {
    "answer": _answer,
    "undo": _undo,
    "enrol": lambda store, me, _, now, card: store.enrol(me, [card], now),
    "withdraw": lambda store, me, _, now, card: store.withdraw(me, [card], now),
    "suspend": lambda store, me, _, now, card: store.suspend(me, [card], now),
    "resume": lambda store, me, _, _now, card: store.resume(me, [card]),
    "mark": lambda store, me, _, now, card: store.mark(me, [card], now),
    "verify": lambda store, me, _, now, card: store.verify(me, [card], now),
    "bury": lambda store, me, _, _now, card, until: store.bury(me, [card], until),
    "pass": lambda store, me, _, _now, card: store.pass_leech(me, [card]),
    "note": lambda store, me, _, now, card, text: store.write_note(me, card, text, now),
    "set": lambda store, me, _, _now, key, value: store.set_setting(me, key, value),
    "read": lambda store, me, _, now, slug, share: store.record_reading(me, slug, share, now),
    "reschedule": _reschedule,
    "not-reschedule": _not_reschedule,
    "predict": _predict,
    "counter": _counter,
}
