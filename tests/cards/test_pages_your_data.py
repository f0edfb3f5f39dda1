"""What the page of a learner's data says: counts, copies and findings in words, and nothing unescaped."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from cards.days import DayRules
from cards.doctor import Report, Shelf
from cards.pages import one_file, session, your_data
from cards.pages.one_file import load, written
from cards.pages.session import Present
from cards.pages.your_data_words import (
    MOST,
    all_in_words,
    copy_in_words,
    counted,
    findings_in_words,
    has_in_words,
)
from cards.sizes import in_bytes
from cards.store import Copy, Finding, LoadError
from tests.cards.pages_learner import NOW, open_store, someone

COPY = Copy(
    Path("/home/me/martingale.db"), datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "by-hand", 1_234_567, 1, 2_000
)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ({}, "nothing"),
        ({"memory": 0, "preset": 3}, "nothing"),
        ({"memory": 1}, "1 card"),
        ({"memory": 1, "review": 1_200}, "1 card and 1,200 answers"),
        ({"memory": 1, "review": 8, "undo": 3}, "1 card and 5 answers"),
        ({"memory": 1, "review": 3, "undo": 3}, "1 card"),
        ({"memory": 34, "review": 1, "reading": 2}, "34 cards, 1 answer and 2 sections read"),
    ],
)
def test_what_is_held_is_counted_in_words(held: dict[str, int], words: str) -> None:
    assert counted(held) == words


@pytest.mark.parametrize("held", [{}, {"memory": 0, "preset": 3}, {"review": 1, "undo": 1}])
def test_what_a_learner_has_and_would_lose_is_a_sentence_where_nothing_can_be_counted(
    held: dict[str, int],
) -> None:
    assert has_in_words(held) == "You have no cards and no answers yet."
    assert all_in_words(held) == "all that you have here"


def test_what_a_learner_has_and_would_lose_is_counted() -> None:
    assert has_in_words({"memory": 2, "card_note": 1}) == "You have 2 cards and 1 note."
    assert all_in_words({"memory": 2}) == "2 cards and all else that you have here"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (63_488, "63 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (213_000_000, "213 MB"),
        (5 * 10**15, "5000 TB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert in_bytes(size) == words


def test_a_copy_tells_its_moment_by_the_learners_clock() -> None:
    shown = copy_in_words(COPY, DayRules("Asia/Tokyo"))
    assert "2 July 2026, 08:30" in shown
    assert "made by you · 1 card, 2,000 answers · 1.2 MB" in shown
    assert "before an update" in copy_in_words(replace(COPY, why="before-0003"), DayRules())
    assert "it is damaged" in copy_in_words(replace(COPY, trouble="damaged"), DayRules())


@pytest.mark.parametrize(
    ("press", "why"),
    [
        (your_data._back_up, "by-hand"),
        (partial(your_data._mend, shelf=Shelf()), "before-repair"),
        (partial(one_file._load, file=io.BytesIO(b"no file of ours")), "before-load"),
        (your_data._erase, "before-erase"),
    ],
)
def test_a_copy_is_dated_by_the_press_and_not_by_the_page(
    press: Callable[[Present], object], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed_at = NOW + timedelta(days=2, hours=3)
    monkeypatch.setattr(session, "now", lambda: pressed_at)
    for page in (your_data, one_file):
        monkeypatch.setattr(page, "st", SimpleNamespace(session_state={}))
    with closing(open_store(tmp_path)) as store:
        here = someone(store)
        assert here.now == NOW
        press(here)
        assert [copy.made_at for copy in store.copies() if copy.why == why] == [pressed_at]


def test_who_deletes_everything_is_told_that_older_copies_hold_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(your_data, "st", SimpleNamespace(session_state={}))
    with closing(open_store(tmp_path)) as store:
        store.back_up(NOW)
        said = your_data._erase(someone(store))
        assert len(store.copies()) > 1
        assert "the older ones beside it and what was set aside still hold all of it" in said


def test_a_reason_that_nobody_knows_is_quoted_as_text() -> None:
    assert "&lt;b&gt;" in copy_in_words(replace(COPY, why="<b>"), DayRules())


def test_findings_are_named_as_far_as_a_page_bears_and_quoted_as_text() -> None:
    finding = Finding("orphan", "You keep <b>x</b>.", "Bring it back.", "python -m cards doctor")
    shown = findings_in_words(Report((finding,) * (MOST + 5), {}, "here"))
    assert shown.count("&lt;b&gt;x&lt;/b&gt;") == MOST
    assert "5 more;" in shown
    sound = "Everything is sound. The log adds up to every memory: 2 cards."
    assert sound in findings_in_words(Report((), {"memory": 2}, "here", mended=1))
    assert "Everything is sound.</p>" in findings_in_words(Report((), {"memory": 0}, "here"))


def test_what_is_downloaded_can_be_loaded_and_what_is_uploaded_stays_open(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    one, other = someone(store), someone(store)
    store.enrol(one.learner, ["a", "b"], NOW)
    document = written(one)
    assert json.loads(document)["made_at"] == "2026-11-23T09:00:00.000Z"
    uploaded = io.BytesIO(b"\xef\xbb\xbf" + document)  # as an editor of another system may save it
    for dry_run in (True, False):
        assert load(other, uploaded, dry_run=dry_run).rows["memory"] == 2
    assert written(other) == document
    with pytest.raises(LoadError, match="cannot be loaded"):
        load(other, io.BytesIO(b"\xff\xfe"), dry_run=True)
    assert written(other) == document
    store.close()
