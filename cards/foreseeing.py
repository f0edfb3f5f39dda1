"""What a worker process does to foresee a reschedule: replay the log under other settings, and compare.

It says `sim.worker.Message`s, as a fit does, so that `sim.runs` can run and stop it:

    {"state": "running", "progress": 0.4, "seconds_left": 12, "readout": "4,000 of 10,000 cards"}
    {"state": "done", "progress": 1, "seconds": 20.1, "readout": "…", "wanted": "…", "seen": {…}}

where `wanted` is the name of what was wanted, and `seen` holds `cards.shifts.Foreseen`. A replay costs some
10 µs an answer, and what reading it costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from cards import shifts
from cards.days import DayRules
from cards.memory import State
from cards.shifts import Foreseen, Shift
from cards.store import Store, StoreProblem
from cards.tuning import Tuning
from sim.picture import Json, written
from sim.worker import Clock, Message, end_with_parent, give_way

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

AT_A_TIME = 100  # cards; after each lot it is said how far the replay is


@dataclass(frozen=True)
class Wanted:
    """What to foresee.

    Attributes:
        name: What it is called, so that it is known what a result belongs to.
        address: Of the database.
        learner: Whose cards.
        tuning: What would be in force.
        tracks: The track of each card of the book, by card id; other cards stay as they are.
        today: The learner's day number.
        rules: Where the learner's day begins.
    """

    name: str
    address: str = field(repr=False)  # it may hold a password
    learner: int
    tuning: Tuning
    tracks: Mapping[str, str] = field(repr=False)
    today: int
    rules: DayRules


def work(wanted: Wanted, connection: Connection) -> None:
    """Foresee in this process, saying each `Message` into the connection."""
    give_way()
    end_with_parent()
    with connection:
        tell(wanted, connection.send)


def tell(wanted: Wanted, say: Callable[[Message], None], clock: Clock = time.monotonic) -> None:
    """Foresee, and say how it goes, ending with the one final message."""
    store = Store.look_at(wanted.address)
    try:
        say(_seen(store, wanted, say, clock))
    except StoreProblem as problem:
        failed: dict[str, Json] = {"state": "failed", "error": f"{problem.what} {problem.remedy}"}
        say(Message(written(failed).encode(), final=True))
    finally:
        store.close()


def _seen(store: Store, wanted: Wanted, say: Callable[[Message], None], clock: Clock) -> Message:
    started = clock()
    before = store.memories(wanted.learner)
    settings = {
        card_id: wanted.tuning.settings_for(wanted.tracks[card_id])
        for card_id, memory in before.items()
        if card_id in wanted.tracks and memory.state is not State.NEW
    }

    def told(done: int) -> None:
        if done % AT_A_TIME:
            return
        elapsed = clock() - started
        said: dict[str, Json] = {
            "state": "running",
            "progress": done / len(settings),
            "seconds_left": round(elapsed * (len(settings) - done) / done, 1),
            "readout": f"{done:,} of {len(settings):,} cards",
        }
        say(Message(written(said).encode()))

    after = store.rescheduled(wanted.learner, settings, told=told)
    seen = shifts.foreseen(before, after, today=wanted.today, rules=wanted.rules)
    whole: dict[str, Any] = {
        "state": "done",
        "progress": 1,
        "seconds": round(clock() - started, 3),
        "readout": f"{seen.moved:,} of {seen.cards:,} cards would move",
        "wanted": wanted.name,
        "seen": asdict(seen),
    }
    return Message(written(whole).encode(), final=True)


def read(seen: Mapping[str, Any]) -> Foreseen:
    """Read what the last message of a worker says was seen."""
    examples = tuple(Shift(**one) for one in seen["examples"])
    return Foreseen(**{**seen, "histogram": tuple(seen["histogram"]), "examples": examples})
