"""Progress made in Anki comes home: what its own backend has reviewed, exported and computed."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cards.anki.home import Home, bring_home
from cards.memory import Memory, Rating
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store
from cards.store.moments import from_ms, to_ms
from cards.tuning import Tuning
from tests.cards.anki_learner import CLOZE, RECALL
from tests.cards.anki_reviewer import ANKI_DAYS, COLLECTION, LEGACY, MODERN, OLD_COLLECTION, Reviewer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOOK = [
    RECALL,
    CLOZE,
    *(replace(RECALL, id=f"card-{place}", order=place + 2, section="more") for place in range(6)),
]
DECK = {card.id: card for card in BOOK}
CLOSE = 1e-3
GOOD = Rating.GOOD


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Reviewer]:
    someone = Reviewer(tmp_path)
    someone.receives(BOOK)
    yield someone
    someone.anki.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "martingale.db", now=datetime.now(UTC))) as opened:
        opened.learner("me")
        yield opened


def home(store: Store, path: Path, *, dry_run: bool = False, tuning: Tuning | None = None) -> Home:
    with path.open("rb") as package:
        return bring_home(
            store,
            store.learner("me"),
            package,
            DECK,
            rules=ANKI_DAYS,
            tuning=tuning or Tuning(),
            now=datetime.now(UTC),
            dry_run=dry_run,
        )


def memories(store: Store) -> dict[str, Memory]:
    return store.memories(store.learner("me"))


def moments_and_ratings(store: Store) -> list[tuple[int, int]]:
    return [(to_ms(review.at), int(review.rating)) for review in store.reviews(store.learner("me"))]


def assert_as_in_anki(store: Store, anki: Reviewer) -> None:
    for card_id, memory in memories(store).items():
        assert (memory.stability, memory.difficulty) == pytest.approx(anki.memory(card_id), rel=CLOSE)
    assert sorted(moments_and_ratings(store)) == sorted(anki.log())
    assert store.examine_learner(store.learner("me")) == []


@pytest.mark.parametrize("name", [MODERN, LEGACY, COLLECTION, OLD_COLLECTION])
def test_twenty_reviews_in_anki_come_home_with_the_memories_that_anki_has(
    anki: Reviewer, store: Store, name: str
) -> None:
    anki.has_reviewed(RECALL.id, [(40.2, GOOD), (37.1, GOOD), (20.3, Rating.AGAIN), (12, Rating.HARD)])
    assert anki.reviews([GOOD, Rating.AGAIN, GOOD, Rating.HARD, Rating.EASY] * 4) == 20
    path = anki.exports(name)

    tried = home(store, path, dry_run=True)
    assert memories(store) == {}
    done = home(store, path)

    assert done.merged.added == tried.merged.added == len(anki.log()) == 24
    assert done.merged.examples == tried.merged.examples
    assert done.found.foreign == done.found.uncounted == 0
    assert_as_in_anki(store, anki)
    again = home(store, path)
    assert (again.merged.added, again.merged.known, again.merged.backup) == (0, 24, None)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_reviewed_on_both_sides_merges_into_what_anki_makes_of_all_of_it(
    anki: Reviewer, store: Store, seed: int
) -> None:
    """Anki is given both sides' reviews too, so that it can say what they come to together."""
    draw, learner = random.Random(seed), store.learner("me")  # noqa: S311 - invented histories, not secrets
    expected = 0
    for card in BOOK:
        days = sorted({round(draw.uniform(1, 200), 3) for _ in range(draw.randint(2, 9))}, reverse=True)
        there = anki.has_reviewed(card.id, [(day, draw.choice(list(Rating))) for day in days])
        ratings = dict(anki.log())
        for at in there:
            if draw.random() < 0.4:  # it was given here, and went to Anki with its history
                answer = Answer(f"here-{at}", card.id, Rating(ratings[at]), from_ms(at))
                store.answer(learner, answer, ANKI_DAYS, SchedulerSettings())
            else:
                expected += 1
    merged = home(store, anki.exports(draw.choice([MODERN, LEGACY]))).merged
    assert (merged.added, merged.known) == (expected, len(anki.log()) - expected)
    assert_as_in_anki(store, anki)


def test_what_anki_does_not_count_as_a_review_does_not_count_here(anki: Reviewer, store: Store) -> None:
    anki.has_reviewed(RECALL.id, [(9, GOOD), (5, GOOD)])
    card = anki.note(RECALL.id).cards()[0]
    anki.anki.sched.set_due_date([card.id], "12")
    at = anki.anki.db.scalar("select max(id) from revlog") + 1
    anki.anki.db.execute("insert into revlog values (?,?,-1,3,1,1,0,900,3)", at, card.id)  # crammed
    found = home(store, anki.exports(MODERN))
    assert (found.merged.added, found.found.uncounted) == (2, 2)
    memory = memories(store)[RECALL.id]
    assert (memory.stability, memory.difficulty) == pytest.approx(anki.memory(RECALL.id), rel=CLOSE)


def test_other_decks_and_the_other_way_round_are_counted_and_left_alone(anki: Reviewer, store: Store) -> None:
    anki.receives(
        [replace(RECALL, id="both-ways", options={"reverse": "true"}), replace(RECALL, id="gone-since")]
    )
    for card_id in ("both-ways", "gone-since"):
        anki.has_reviewed(card_id, [(3, GOOD)])
    note = anki.anki.new_note(anki.anki.models.by_name("Basic"))
    note["Front"] = "Of another deck"
    anki.anki.add_note(note, 1)
    backwards = anki.note("both-ways").cards()[1]
    for number, card in enumerate([*note.cards(), backwards]):
        anki.anki.db.execute(
            "insert into revlog values (?,?,-1,3,1,1,500,900,0)", 1_700_000_000_000 + number, card.id
        )
    deck = {"both-ways": replace(RECALL, id="both-ways")}
    with anki.exports(COLLECTION).open("rb") as package:
        brought = bring_home(
            store, store.learner("me"), package, deck, rules=ANKI_DAYS, tuning=Tuning(), now=datetime.now(UTC)
        )
    found = brought.found
    assert (found.foreign, found.foreign_notes, found.backwards, found.unknown) == (1, 1, 1, 1)
    assert brought.merged.added == 1
    assert set(memories(store)) == {"both-ways"}


def test_memories_follow_the_learners_own_settings_and_the_section_is_noted(
    anki: Reviewer, store: Store
) -> None:
    anki.has_reviewed(RECALL.id, [(9, GOOD), (5, GOOD)])
    path = anki.exports(MODERN)
    plain = home(store, path, dry_run=True).merged.examples[0].after
    eager = home(store, path, tuning=Tuning(by_track={RECALL.track: 0.97})).merged.examples[0].after
    assert eager.stability == plain.stability
    assert eager.due < plain.due
    reviews = store.reviews(store.learner("me"))
    assert {review.section for review in reviews} == {RECALL.section}
    assert {review.elapsed_ms for review in reviews} == {3210}


def test_reviews_dated_after_today_are_left_out(anki: Reviewer, store: Store) -> None:
    anki.has_reviewed(RECALL.id, [(5, GOOD), (0.5, GOOD)])
    with anki.exports(MODERN).open("rb") as package:
        brought = bring_home(
            store,
            store.learner("me"),
            package,
            DECK,
            rules=ANKI_DAYS,
            tuning=Tuning(),
            now=datetime.now(UTC) - timedelta(days=2),
        )
    assert (brought.found.misdated, brought.merged.added) == (1, 1)


def test_a_claim_that_was_pressed_through_in_anki_is_not_remembered_here(
    anki: Reviewer, store: Store
) -> None:
    fields = {"claim": "<p>It rains.</p>", "weigh": "<p>Look.</p>"}
    claim = replace(RECALL, id="it-rains", kind="credence", fields=fields)
    anki.receives([*BOOK, claim])
    anki.has_reviewed(claim.id, [(9, GOOD), (5, GOOD)])
    anki.has_reviewed(RECALL.id, [(9, GOOD)])
    with anki.exports(MODERN).open("rb") as package:
        found = bring_home(
            store,
            store.learner("me"),
            package,
            {**DECK, claim.id: claim},
            rules=ANKI_DAYS,
            tuning=Tuning(),
            now=datetime.now(UTC),
        )
    assert (found.merged.added, found.found.unknown) == (1, 2)
    assert list(memories(store)) == [RECALL.id]
