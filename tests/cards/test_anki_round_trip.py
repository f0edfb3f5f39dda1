"""To Anki with any history, reviewed there, and home again: nothing is lost, and both sides agree."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cards.anki.home import Home, bring_home
from cards.anki.package import write_package
from cards.anki.progress import progress_of
from cards.memory import Rating
from cards.store import Answer, Store
from cards.store.moments import to_ms
from cards.tuning import Tuning
from tests.cards.anki_learner import BASE_URL, CLOZE, RECALL
from tests.cards.anki_reviewer import ANKI_DAYS, COLLECTION, LEGACY, MODERN, Reviewer

THIRD = replace(RECALL, id="third", track="more", track_title="More", order=2)
BOOK = [RECALL, replace(CLOZE, order=1), THIRD]
DECK = {card.id: card for card in BOOK}
NOW = datetime.now(UTC).replace(microsecond=0)
TUNING = Tuning(desired_retention=0.91, by_track={"more": 0.85}, fuzz=False)
CLOSE = 1e-3

moments = st.integers(10, 200 * 1440)  # minutes ago: no two answers to a card fall together
quick = settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
answers = st.lists(
    st.tuples(moments, st.sampled_from(Rating)), max_size=7, unique_by=lambda answer: answer[0]
).map(lambda given: sorted(given, reverse=True))
# Of each card its answers, the oldest first, and how many of them are given before it goes to Anki.
histories = st.tuples(*(st.tuples(answers, st.integers(0, 7)) for _ in BOOK))


@quick
@given(histories, st.sampled_from([MODERN, LEGACY, COLLECTION]))
def test_whatever_was_answered_here_and_then_there_comes_home_once_and_both_agree(
    history: tuple[tuple[list[tuple[int, Rating]], int], ...], name: str
) -> None:
    with (
        TemporaryDirectory() as folder,
        closing(Store.open(Path(folder) / "martingale.db", now=NOW)) as store,
    ):
        learner = store.learner("me")
        there = {}
        for card, (given_ones, here) in zip(BOOK, history, strict=True):
            for minutes, rating in given_ones[:here]:
                at = moment(card.id, minutes)
                answer = Answer(f"{card.id}-{minutes}", card.id, rating, at)
                store.answer(learner, answer, ANKI_DAYS, TUNING.settings_for(card.track))
            there[card.id] = given_ones[here:]
        before = len(store.reviews(learner))
        anki = Reviewer(Path(folder))
        try:
            takes(store, learner, anki)
            assert anki.healthy()
            added = sum(reviewed(anki, card_id, some) for card_id, some in there.items())
            package = anki.exports(name)

            home = brought(store, learner, package)
            assert (home.merged.added, home.merged.known) == (added, before)
            assert home.found.foreign == home.found.unknown == home.found.uncounted == 0
            given_at = sorted((to_ms(review.at), int(review.rating)) for review in store.reviews(learner))
            assert given_at == sorted(
                (to_ms(moment(card.id, minutes)), int(rating))
                for card, (some, _) in zip(BOOK, history, strict=True)
                for minutes, rating in some
            )
            memories = {card_id: one for card_id, one in store.memories(learner).items() if one.stability}
            assert memories.keys() == {card.id for card, (some, _) in zip(BOOK, history, strict=True) if some}
            for card_id, memory in memories.items():
                assert (memory.stability, memory.difficulty) == pytest.approx(anki.memory(card_id), rel=CLOSE)
            assert store.examine_learner(learner) == []
            assert anki.healthy()

            again = brought(store, learner, package)
            assert (again.merged.added, again.merged.known) == (0, before + added)
        finally:
            anki.anki.close()


def moment(card_id: str, minutes: int) -> datetime:
    """When so many minutes ago was, at a second of the card's own: Anki has one row of its log a moment."""
    return NOW - timedelta(minutes=minutes, seconds=list(DECK).index(card_id))


def takes(store: Store, learner: int, anki: Reviewer) -> None:
    """Take the book to Anki, with all that was answered."""
    path = anki.folder / "deck.apkg"
    progress = progress_of(store, learner, TUNING, rules=ANKI_DAYS, now=NOW)
    modified = dict.fromkeys(DECK, NOW)
    write_package(path, BOOK, modified=modified, base_url=BASE_URL, now=NOW, progress=progress)
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    anki.anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))


def reviewed(anki: Reviewer, card_id: str, given_ones: list[tuple[int, Rating]]) -> int:
    """Put reviews into Anki's log as if they had been given there, and return how many."""
    card = anki.note(card_id).cards()[0]
    for minutes, rating in given_ones:
        is_first = not anki.anki.db.scalar("select count() from revlog where cid = ?", card.id)
        at = to_ms(moment(card_id, minutes))
        row = (at, card.id, -1, int(rating), 1, 1, 500, 3210, 0 if is_first else 1)
        anki.anki.db.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", *row)
        card.last_review_time = at // 1000
        anki.anki.update_card(card)
    return len(given_ones)


def brought(store: Store, learner: int, package: Path) -> Home:
    """Bring a package home."""
    with package.open("rb") as file:
        return bring_home(store, learner, file, DECK, rules=ANKI_DAYS, tuning=TUNING, now=datetime.now(UTC))
