"""A learner's history in Anki: the same dates, memories, answers and settings, as its backend has them."""

from __future__ import annotations

import random
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cards.anki.home import bring_home
from cards.anki.package import write_package
from cards.anki.progress import progress_of
from cards.days import DayRules, calendar_date, day_number
from cards.memory import Memory, Rating, State
from cards.schedule import DEFAULT_PARAMETERS, SchedulerSettings
from cards.store import Answer, Store, StoreProblem
from cards.store.moments import to_ms
from cards.store.problems import closed
from cards.tuning import Tuning
from tests.cards.anki_learner import BASE_URL, CLOZE, RECALL, Learner
from tests.cards.anki_reviewer import ANKI_DAYS, LEGACY, MODERN, Reviewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anki.cards import Card as AnkiCard

RULES = ANKI_DAYS
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
CLOSE = 1e-3
APART = 0.11  # seconds: two answers to a card that come faster are taken for one
BOOK = [
    RECALL,
    replace(CLOZE, order=1),
    *(
        replace(RECALL, id=f"card-{place}", order=place + 2, section="awe", track="more", track_title="Awe")
        for place in range(6)
    ),
    replace(RECALL, id="both-ways", order=8, options={"reverse": "true"}),
]
TUNING = Tuning(
    parameters=(*DEFAULT_PARAMETERS[:-1], 0.2), desired_retention=0.92, by_track={"more": 0.85}, fuzz=False
)


class Anki(Learner):
    """A learner's Anki that takes progress along."""

    def imports_all(self, path: Path) -> None:
        """Import a package with all that it says of progress."""
        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        self.anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))

    def card(self, card_id: str) -> AnkiCard:
        """Return the first card of a note."""
        return self.note(card_id).cards()[0]

    def log_of(self, card_id: str) -> list[tuple[int, ...]]:
        """Return what the log says of a card: when, how, and with what it was put off."""
        number = self.card(card_id).id
        rows = self.anki.db.all(
            "SELECT id, ease, ivl, lastIvl, type, factor, time FROM revlog WHERE cid = ? ORDER BY id", number
        )
        return [tuple(row) for row in rows]

    def due_date(self, card_id: str) -> int:
        """Return the day number on which a card is due."""
        card, today = self.card(card_id), self.anki.sched.today
        cutoff = datetime.fromtimestamp(self.anki.sched.day_cutoff, UTC) - timedelta(hours=12)
        return (cutoff.date() - calendar_date(0)).days + card.due - today


class Traveller(Anki, Reviewer):
    """The same, who also reviews there."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "martingale.db", now=NOW)) as opened:
        opened.learner("me")
        yield opened


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    someone = Anki(tmp_path)
    someone.anki.set_config("fsrs", True)
    yield someone
    someone.anki.close()


def answers(store: Store, card_id: str, *given: tuple[float, Rating]) -> None:
    """Answer a card so many days ago."""
    track = next(card.track for card in BOOK if card.id == card_id)
    for days_ago, rating in given:
        at = NOW - days_ago * DAY
        answer = Answer(f"{card_id}-{days_ago}", card_id, rating, at, elapsed_ms=2345)
        store.answer(store.learner("me"), answer, RULES, TUNING.settings_for(track))


def takes(store: Store, anki: Anki, *, cards: list[object] | None = None, tuning: Tuning = TUNING) -> None:
    """Take the book with its history to Anki."""
    path = anki.folder / "deck.apkg"
    book = [card for card in BOOK if cards is None or card.id in cards]
    progress = progress_of(store, store.learner("me"), tuning, rules=RULES, now=NOW)
    modified = {card.id: NOW - DAY for card in book}
    write_package(path, book, modified=modified, base_url=BASE_URL, now=NOW, progress=progress)
    anki.imports_all(path)


def assert_same(anki: Anki, card_id: str, memory: Memory) -> None:
    card = anki.card(card_id)
    assert card.memory_state is not None
    kept = card.memory_state.stability, card.memory_state.difficulty
    assert kept == pytest.approx((memory.stability, memory.difficulty), abs=CLOSE, rel=CLOSE)
    computed = anki.anki._backend.compute_memory_state(card.id).state
    assert (computed.stability, computed.difficulty) == pytest.approx(kept, rel=CLOSE, abs=CLOSE)
    assert (card.reps, card.lapses) == (memory.reps, memory.lapses)
    if memory.due_day is None:
        assert card.due == to_ms(memory.due) // 1000
    else:
        assert anki.due_date(card_id) == memory.due_day
        assert card.ivl == memory.due_day - (memory.last_day or 0)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_answered_the_card_has_the_same_date_stability_and_difficulty(
    store: Store, anki: Anki, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - invented histories, not secrets
    for card in BOOK[:-2]:
        days = sorted((draw.uniform(0.001, 300) for _ in range(draw.randint(1, 12))), reverse=True)
        answers(store, card.id, *((day, draw.choice(list(Rating))) for day in days))
    takes(store, anki)
    memories = store.memories(store.learner("me"))
    assert len(memories) == len(BOOK) - 2
    for card_id, memory in memories.items():
        assert_same(anki, card_id, memory)
    reviews = store.reviews(store.learner("me"))
    for card_id in memories:
        ours = [(to_ms(one.at), int(one.rating)) for one in reviews if one.card_id == card_id]
        assert [row[:2] for row in anki.log_of(card_id)] == ours
    assert anki.healthy()


def test_the_log_says_what_each_answer_met_and_led_to(store: Store, anki: Anki) -> None:
    answers(
        store,
        RECALL.id,
        (40, Rating.GOOD),
        (39.99, Rating.GOOD),
        (30, Rating.GOOD),
        (5, Rating.AGAIN),
        (4.99, Rating.GOOD),
    )
    reviews = store.reviews(store.learner("me"))
    now = store.memories(store.learner("me"))[RECALL.id]
    takes(store, anki)
    log = anki.log_of(RECALL.id)
    ivl, last, kinds, factors, times = zip(*(row[2:] for row in log), strict=True)
    put_off = [(one.before.due_day or 0) - (one.before.last_day or 0) for one in reviews]
    assert last == (0, -600, put_off[2], put_off[3], -600)
    assert ivl == (*last[1:], (now.due_day or 0) - (now.last_day or 0))
    assert kinds == (0, 0, 1, 1, 2)
    assert set(times) == {2345}
    after = [*(one.before.difficulty or 0 for one in reviews[1:]), now.difficulty or 0]
    assert list(factors) == [round((difficulty - 1) / 9 * 1000 + 100) for difficulty in after]


def test_good_stays_good_and_what_is_in_its_steps_stays_there(store: Store, anki: Anki) -> None:
    answers(store, RECALL.id, (0.001, Rating.GOOD))
    answers(store, CLOZE.id, (20, Rating.EASY), (0.001, Rating.AGAIN))
    answers(store, "card-0", (0.0001, Rating.AGAIN))
    takes(store, anki)
    learning, relearning, again = (anki.card(card_id) for card_id in (RECALL.id, CLOZE.id, "card-0"))
    assert (learning.type, learning.queue, learning.left % 1000, learning.ivl) == (1, 1, 1, 0)
    assert (relearning.type, relearning.queue, relearning.left % 1000) == (3, 1, 1)
    assert again.left % 1000 == 2
    assert anki.log_of(RECALL.id)[0][1] == Rating.GOOD
    for card_id, memory in store.memories(store.learner("me")).items():
        assert_same(anki, card_id, memory)
        assert memory.state in {State.LEARNING, State.RELEARNING}


def test_new_cards_stay_new_in_the_order_of_the_book(store: Store, anki: Anki) -> None:
    store.enrol(store.learner("me"), ["card-3", RECALL.id], NOW)
    answers(store, "both-ways", (1, Rating.EASY))  # not due yet
    takes(store, anki)
    seen, other_way = anki.note("both-ways").cards()
    assert (seen.type, other_way.type, other_way.due) == (2, 0, 8)
    new = [card for card in BOOK if card.id != "both-ways"]
    assert [(anki.card(card.id).type, anki.card(card.id).due) for card in new] == [
        (0, card.order) for card in new
    ]
    assert anki.next_new_cards() == [f"card-{place}" for place in range(6)] + [
        RECALL.id,
        CLOZE.id,
        "both-ways",
    ]


def test_what_was_suspended_buried_withdrawn_or_undone_is_so_in_anki(store: Store, anki: Anki) -> None:
    learner = store.learner("me")
    for card_id in (RECALL.id, CLOZE.id, "card-0", "card-1"):
        answers(store, card_id, (9, Rating.EASY))
    store.suspend(learner, [RECALL.id], NOW)
    store.bury(learner, [CLOZE.id], day_number(NOW, RULES) + 1)
    store.withdraw(learner, ["card-0"], NOW)
    answers(store, "card-1", (1, Rating.AGAIN))
    store.undo(learner, "undo", NOW)
    takes(store, anki)
    queues = {card_id: anki.card(card_id).queue for card_id in (RECALL.id, CLOZE.id, "card-0", "card-1")}
    assert queues == {RECALL.id: -1, CLOZE.id: -3, "card-0": -1, "card-1": 2}
    assert [len(anki.log_of(card_id)) for card_id in queues] == [1, 1, 1, 1]
    assert anki.healthy()


def test_the_settings_are_presets_one_a_version_and_track(store: Store, anki: Anki) -> None:
    answers(store, RECALL.id, (9, Rating.EASY))
    takes(store, anki)
    for card_id, retention in ((RECALL.id, 0.92), ("card-0", 0.85)):
        preset = anki.anki.decks.config_dict_for_deck_id(anki.card(card_id).did)
        assert preset["fsrsParams6"] == pytest.approx(list(TUNING.parameters))
        assert preset["desiredRetention"] == pytest.approx(retention)
        assert (preset["new"]["delays"], preset["lapse"]["delays"]) == ([1.0, 10.0], [10.0])
    assert anki.card(RECALL.id).desired_retention == pytest.approx(0.92)
    before = {preset["id"] for preset in anki.anki.decks.all_config()}
    takes(store, anki)
    assert {preset["id"] for preset in anki.anki.decks.all_config()} == before
    takes(store, anki, tuning=replace(TUNING, parameters=DEFAULT_PARAMETERS))
    assert len(anki.anki.decks.all_config()) == len(before) + 2


def test_answers_of_cards_that_stay_here_stay_here(store: Store, anki: Anki) -> None:
    for card_id in (RECALL.id, CLOZE.id):
        answers(store, card_id, (9, Rating.EASY), (1, Rating.GOOD))
    takes(store, anki, cards=[CLOZE.id])
    assert anki.anki.db.scalar("SELECT count() FROM revlog") == 2
    assert len(anki.log_of(CLOZE.id)) == 2


def test_answers_of_one_moment_are_moved_on_by_a_millisecond_each(store: Store, anki: Anki) -> None:
    for card_id in (RECALL.id, CLOZE.id, "card-0"):
        answers(store, card_id, (9, Rating.EASY))
    takes(store, anki)
    at = to_ms(NOW - 9 * DAY)
    moments = [anki.log_of(card_id)[0][0] for card_id in (RECALL.id, CLOZE.id, "card-0")]
    assert sorted(moments) == [at, at + 1, at + 2]


def test_without_the_tick_the_cards_arrive_new(store: Store, anki: Anki) -> None:
    answers(store, RECALL.id, (9, Rating.EASY))
    progress = progress_of(store, store.learner("me"), TUNING, rules=RULES, now=NOW)
    path = anki.folder / "deck.apkg"
    write_package(path, [RECALL], modified={RECALL.id: NOW}, base_url="", now=NOW, progress=progress)
    assert anki.imports(path).new == 1
    assert (anki.card(RECALL.id).type, anki.anki.db.scalar("SELECT count() FROM revlog")) == (0, 0)


def test_another_rollover_keeps_the_date(store: Store, anki: Anki) -> None:
    rules = DayRules("UTC", 0)
    learner, settings = store.learner("me"), SchedulerSettings()
    store.answer(learner, Answer("one", RECALL.id, Rating.EASY, NOW - 3 * DAY), rules, settings)
    takes(store, anki)
    assert anki.due_date(RECALL.id) == store.memories(learner)[RECALL.id].due_day


def test_who_has_answered_nothing_takes_cards_that_are_new(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "martingale.db", now=NOW)) as empty:
        progress = progress_of(empty, empty.learner("me"), Tuning(), rules=RULES, now=NOW)
    assert len(progress.taken.answers) == len(progress.taken.cards) == 0
    path = tmp_path / "deck.apkg"
    write_package(path, [RECALL], modified={RECALL.id: NOW}, base_url="", now=NOW, progress=progress)
    collection = Collection(str(tmp_path / "collection.anki2"))
    request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
    assert len(collection.import_anki_package(request).log.new) == 1
    collection.close()


@pytest.mark.parametrize("which", ["cards_of", "answers_to"])
def test_what_cannot_be_read_leaves_the_package_that_was_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    """It is only told while the package is being written."""

    def breaks(*_given: object) -> object:
        raise closed("here")

    monkeypatch.setattr(f"cards.store.departing.{which}", breaks)
    progress = progress_of(store, store.learner("me"), Tuning(), rules=RULES, now=NOW)
    path = tmp_path / "deck.apkg"
    path.write_bytes(b"the last one")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreProblem, match="just been replaced"):
        write_package(path, [RECALL], modified={RECALL.id: NOW}, base_url="", now=NOW, progress=progress)
    assert path.read_bytes() == b"the last one"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("seed", range(2))
def test_there_reviewed_there_and_back_again_nothing_is_lost_and_memories_are_equal(
    tmp_path: Path, store: Store, seed: int
) -> None:
    """To Anki with its history, twenty reviews there, and home: both sides then have the same."""
    draw, learner = random.Random(seed), store.learner("me")  # noqa: S311 - invented, not secret
    for card in BOOK[:-1]:
        days = sorted((draw.uniform(0.01, 90) for _ in range(draw.randint(1, 6))), reverse=True)
        answers(store, card.id, *((day, draw.choice(list(Rating))) for day in days))
    before = len(store.reviews(learner))
    someone = Traveller(tmp_path)
    takes(store, someone, cards=[card.id for card in BOOK[:-1]])
    given = 0
    for _ in range(20):
        given += someone.reviews([draw.choice(list(Rating))])
        time.sleep(APART)
    deck = {card.id: card for card in BOOK}
    with someone.exports(draw.choice([MODERN, LEGACY])).open("rb") as package:
        home = bring_home(store, learner, package, deck, rules=RULES, tuning=TUNING, now=datetime.now(UTC))
    assert (home.merged.added, home.merged.known) == (given, before)
    assert len(store.reviews(learner)) == before + given
    for card_id, memory in store.memories(learner).items():
        assert (memory.stability, memory.difficulty) == pytest.approx(someone.memory(card_id), rel=CLOSE)
    assert store.examine_learner(learner) == []
    someone.anki.close()
