"""The desk with 100,000 cards and 1,000,000 answers, beside Anki's backend with the same collection.

Each figure is the median over rounds in which ours and Anki's alternate, on one disk.

- *Answers* go to cards that are due. As in `reviews`, each is scheduled and committed with full
  synchronisation, and finding the card is not counted. The first rounds are left out: in them both logs grow
  to their lasting size. Few rounds empty a log, so that the median is what an answer takes most often; *all
  answers*, one with another, are the sum over the rounds.
- *The day's queue* is built from nothing, with the caps that both have at first and with none that bind, and
  once more with answers that are still to be filed (`cards.store.filing`). Anki's is built again because a
  card was suspended, which is not counted.
- *The next card* comes with both faces and what each grade would lead to. Its faces are rendered when the
  book is read here, and when they are shown there.
- *Opening* ends with a first question to the database. It is not the day's first opening, which backs up.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import mean, median
from time import perf_counter, time

from anki.collection import Collection

from cards.days import DayRules
from cards.pages.asked import asked
from cards.pages.session import Present
from cards.preferences import BOUNDS, Preferences
from cards.schedule import Rating
from cards.store import Answer, Store
from cards.tuning import Tuning
from tests.bench._hundred_thousand import CARDS, LEARNER, build_anki, build_ours, client_id, deck

WARM_UP, ROUNDS = 8, 15
ANSWERS_WARM_UP, ANSWERS_ROUNDS = 20, 35
ANSWERS, UNDOS, QUEUES, SHOWN = 60, 20, 3, 20
CAPS = {"everyday": (20, 200), "no": (BOUNDS["new_a_day"].most, BOUNDS["reviews_a_day"].most)}

Row = tuple[str, float, float, float]


def measure() -> list[Row]:
    """Return the seconds of each, ours and Anki's, and the ratio aimed at."""
    now = datetime.now(UTC)  # Anki goes by the machine's clock
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = Path(folder, "martingale.db"), Path(folder, "collection.anki2")
        build_ours(mine, now=now)
        build_anki(theirs, now=now)
        opening = _rounds(
            lambda: _seconds(lambda: Ours(mine, now).close()), lambda: _seconds(lambda: Anki(theirs).close())
        )
        ours, anki = Ours(mine, now), Anki(theirs)
        gc.collect()
        gc.freeze()  # as the app does when it starts
        queues = {
            name: _rounds(lambda caps=caps: ours.queue(*caps), lambda caps=caps: anki.queue(*caps))
            for name, caps in CAPS.items()
        }
        ours.answer()  # fewer than are filed at once
        unfiled = _rounds(lambda: ours.queue(*CAPS["no"]), lambda: anki.queue(*CAPS["no"]))
        shown = _rounds(ours.show, anki.show)
        answers = _all_rounds(ours.answer, anki.answer, ANSWERS_WARM_UP, ANSWERS_ROUNDS)
        undos = _rounds(ours.undo, anki.undo)
        ours.close()
        anki.close()
    return [
        ("Answer at 100,000 cards, committed, against Anki's", *_medians(answers), 0.77),
        ("All answers at 100,000 cards, committed, against Anki's", *_means(answers), 0.77),
        ("Day's queue at 100,000 cards, everyday caps, against Anki's", *queues["everyday"], 0.2),
        ("Day's queue at 100,000 cards, no caps, against Anki's", *queues["no"], 0.2),
        ("Day's queue at 100,000 cards, with answers to file, against Anki's", *unfiled, 0.2),
        ("Next card at 100,000 cards, with its faces, against Anki's", *shown, 2.0),
        ("Opening at 100,000 cards, against Anki's", *opening, 2.0),
        ("Undo at 100,000 cards, committed, against Anki's", *undos, 1.5),
    ]


class Ours:
    """Our store, open."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.store = Store.open(path, now=now)
        self.here = Present(self.store, self.store.learner(LEARNER), now, DayRules(), Tuning())
        self.due: Iterator[str] = iter(())

    def queue(self, new: int, reviews: int) -> float:
        """Build the queue, and return the seconds it took."""
        here, wish = self.here, Preferences(new_a_day=new, reviews_a_day=reviews, catch_up=False)

        def build() -> None:
            queue = self.store.queue(here.learner, deck(), now=here.now, rules=here.rules, preferences=wish)
            queue.first(1)
            self.due = iter(queue.ids)

        return median(_seconds(build) for _ in range(QUEUES))

    def show(self) -> float:
        """Show some cards, and return the seconds each took."""
        some = list(islice(self.due, SHOWN))
        start = perf_counter()
        for card_id, about in self.here.about(some).items():
            asked(deck()[card_id], about, self.here)
        return (perf_counter() - start) / SHOWN

    def answer(self) -> float:
        """Answer some cards, and return the seconds each took."""
        at = self.here.now + timedelta(minutes=1)
        answers = [
            Answer(client_id(int(time() * 1000)), card_id, Rating.GOOD, at, 1500)
            for card_id in islice(self.due, ANSWERS)
        ]
        start = perf_counter()
        for answer in answers:
            self.here.answer(answer)
        return (perf_counter() - start) / ANSWERS

    def undo(self) -> float:
        """Take some answers back, and return the seconds each took."""
        start = perf_counter()
        for _ in range(UNDOS):
            self.store.undo(self.here.learner, client_id(int(time() * 1000)), self.here.now)
        return (perf_counter() - start) / UNDOS

    def close(self) -> None:
        """Close the store."""
        self.store.close()


class Anki:
    """Anki's collection, open."""

    def __init__(self, path: Path) -> None:
        self.collection = Collection(str(path))
        self.last_new = CARDS

    def queue(self, new: int, reviews: int) -> float:
        """Build the queue, and return the seconds it took."""
        preset = self.collection.decks.config_dict_for_deck_id(1)
        preset["new"]["perDay"], preset["rev"]["perDay"] = new, reviews
        self.collection.decks.update_config(preset)
        return median(self._build() for _ in range(QUEUES))

    def _build(self) -> float:
        self.collection.sched.suspend_cards([self.last_new])
        self.last_new -= 1
        return _seconds(lambda: self.collection.sched.get_queued_cards(fetch_limit=1))

    def show(self) -> float:
        """Show a card some times, and return the seconds each took."""
        start = perf_counter()
        for _ in range(SHOWN):
            card = self.collection.sched.getCard()
            card.question()
            card.answer()
            self.collection.sched.describe_next_states(
                self.collection._backend.get_scheduling_states(card.id)
            )
        return (perf_counter() - start) / SHOWN

    def answer(self) -> float:
        """Answer some cards, and return the seconds each took."""
        scheduler, seconds = self.collection.sched, 0.0
        for _ in range(ANSWERS):
            card = scheduler.getCard()
            seconds += _seconds(lambda card=card: scheduler.answerCard(card, Rating.GOOD))
        return seconds / ANSWERS

    def undo(self) -> float:
        """Answer some cards again, take the answers back, and return the seconds each took."""
        for _ in range(UNDOS):
            self.collection.sched.answerCard(self.collection.sched.getCard(), Rating.GOOD)
        start = perf_counter()
        for _ in range(UNDOS):
            self.collection.undo()
        return (perf_counter() - start) / UNDOS

    def close(self) -> None:
        """Close the collection."""
        self.collection.close()


def _rounds(ours: Callable[[], float], anki: Callable[[], float]) -> tuple[float, float]:
    """Return the medians over the rounds, the first of which are left out."""
    return _medians(_all_rounds(ours, anki, WARM_UP, ROUNDS))


def _all_rounds(
    ours: Callable[[], float], anki: Callable[[], float], warm_up: int, rounds: int
) -> list[tuple[float, float]]:
    """Return ours and Anki's of each round but the first ones."""
    return [(ours(), anki()) for _ in range(warm_up + rounds)][warm_up:]


def _medians(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    return median(mine for mine, _ in rounds), median(theirs for _, theirs in rounds)


def _means(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    return mean(mine for mine, _ in rounds), mean(theirs for _, theirs in rounds)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
