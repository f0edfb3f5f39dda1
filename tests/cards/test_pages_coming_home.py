"""The way back from Anki on the page: what a file would change is said first, and quoted as text."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cards.anki.home import Home
from cards.anki.home_words import NOT_OURS, example, left_out, summary
from cards.anki.reading.reviews import Found
from cards.memory import Memory, State
from cards.pages import coming_home
from cards.pages.coming_home import Tried, found_in_words, try_out
from cards.store import Arrivals, Change, Merged, Store
from tests.cards.pages_learner import DECK, NOW, open_store, someone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES_DAY = NOW.date()
AFTER = Memory(State.REVIEW, NOW + timedelta(days=9), None, None, 9.25, 5.0, NOW, 0, 4)
BEFORE = replace(AFTER, due=NOW + timedelta(days=2), stability=2.5)
NOTHING = np.zeros(0, dtype=np.int64)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path)) as opened:
        yield opened


def home(merged: Merged, **counts: int) -> Home:
    none = dict.fromkeys(("foreign_notes", "foreign", "backwards", "unknown", "misdated", "uncounted"), 0)
    arrivals = Arrivals((), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
    return Home(Found(arrivals, **{"notes": 1, **none, **counts}), merged)


def test_what_is_no_package_is_said_and_nothing_else_is_offered(store: Store) -> None:
    tried = try_out(someone(store), "file", BytesIO(b"<b>hello</b>"))
    assert tried.home is None
    assert 'role="alert"' in found_in_words(tried, someone(store).rules, DECK)
    assert "is not a zip archive" in tried.trouble


def test_a_full_disk_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(coming_home, "bring_home", full)
    tried = try_out(someone(store), "file", BytesIO()).trouble
    assert "No space left on device. See that" in tried
    assert tried.endswith("has room for temporary files, and try again.")
    assert coming_home.bring(someone(store), BytesIO()) == f"Nothing was changed. {tried}"


def test_examples_say_dates_and_stabilities_and_are_quoted_as_text(store: Store) -> None:
    changes = (Change("<i>a</i>", BEFORE, AFTER), Change("card-1", None, AFTER))
    merged = Merged(added=5, known=2, cards=14, enrolled=1, changed=14, examples=changes)
    shown = found_in_words(Tried("file", home(merged)), someone(store).rules, DECK)
    assert "5 new reviews of 14 cards (1 of them not kept before) would come home" in shown
    assert "<li>&lt;i&gt;a&lt;/i&gt;: due 2026-11-25 → 2026-12-02" in shown
    assert "stability 2.5 → 9.25 days" in shown
    assert '<a href="/walks#card-card-1">Question 1</a>: due' in shown
    assert "due 2026-12-02, stability 9.25 days, new until now" in shown
    assert "and 12 more" in shown


@pytest.mark.parametrize(
    ("merged", "notes", "says"),
    [
        (Merged(), 0, NOT_OURS),
        (Merged(known=1), 1, "no review in it that this app does not know. 1 review known already."),
        (Merged(added=1, cards=1, changed=1), 1, "1 new review of 1 card came home, and 1 date changes."),
        (Merged(added=2, cards=2, changed=2), 1, "2 new reviews of 2 cards came home, and 2 dates change."),
    ],
)
def test_a_summary_counts(merged: Merged, notes: int, says: str) -> None:
    assert says in summary(home(merged, notes=notes), dry_run=False)


def test_what_is_left_out_is_told_with_its_reason() -> None:
    assert left_out(home(Merged())) == []
    told = left_out(home(Merged(), foreign=1200, backwards=1, unknown=2, misdated=3, uncounted=1))
    assert [words.split()[0] for words in told] == ["1,200", "1", "2", "3", "1"]
    assert all(words.endswith(".") for words in told)


def test_an_example_within_the_day_names_the_day_of_the_next_step(store: Store) -> None:
    step = replace(AFTER, state=State.LEARNING, due=NOW + timedelta(minutes=10))
    words = example(Change("a", None, step), someone(store).rules)
    assert words.startswith(f"due {RULES_DAY.isoformat()},")
