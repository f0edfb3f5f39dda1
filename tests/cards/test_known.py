"""What the log has already: the same by texts as row by row, and what comparing each with each would say."""

from __future__ import annotations

import itertools
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cards.days import DayRules
from cards.memory import Rating
from cards.schedule import SchedulerSettings
from cards.store import Answer, Arrivals, Store, known
from tests.cards.histories import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = DayRules()
PLAIN = SchedulerSettings()
NAMES = (f"learner {number}" for number in itertools.count())

# Ids from elsewhere may be any text, and may hold what stands between ids or moments.
ids = st.sampled_from(["a", "b", "a\nb", "\n", ",", "b,a", "c'd"])
moves = st.integers(0, 400)  # milliseconds, so that many are alike
answers = st.lists(st.tuples(ids, moves), max_size=12)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "martingale.db", now=NOW)) as opened:
        yield opened


def arriving(given_there: list[tuple[str, int]]) -> Arrivals:
    names = sorted({card_id for card_id, _ in given_there})
    start = int(NOW.timestamp() * 1000)
    card = np.array([names.index(card_id) for card_id, _ in given_there], dtype=np.int64)
    at = np.array([start + move for _, move in given_there], dtype=np.int64)
    nothing = np.zeros_like(at)
    return Arrivals(names, card, at, rating=nothing + 3, elapsed_ms=nothing, interval=nothing)


def found(store: Store, learner: int, given_there: list[tuple[str, int]]) -> list[bool]:
    with store._database.reading() as connection:
        return list(known.known(connection, learner, arriving(given_there)).tolist())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(here=answers, of_another=answers, there=answers, at_a_time=st.integers(1, 5))
def test_each_answer_that_the_log_has_is_known_however_the_log_is_read(
    store: Store,
    here: list[tuple[str, int]],
    of_another: list[tuple[str, int]],
    there: list[tuple[str, int]],
    at_a_time: int,
) -> None:
    learner, other = store.learner(next(NAMES)), store.learner(next(NAMES))
    for whose, log in ((learner, here), (other, of_another)):
        for number, (card_id, move) in enumerate(log):
            at = NOW + timedelta(milliseconds=move)
            store.answer(whose, Answer(f"{number}", card_id, Rating.GOOD, at), HERE, PLAIN)
    compared = [
        any(mine == card_id and abs(at - move) < known.SAME for mine, at in here) for card_id, move in there
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(known, "AT_A_TIME", at_a_time)
        assert found(store, learner, there) == compared
        patched.setattr(known, "TEXTS", {})
        assert found(store, learner, there) == compared
