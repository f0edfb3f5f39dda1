"""Ask Anki's backend: a question as JSON on stdin, its verdicts as JSON on stdout. `anki_oracle` runs this.

It is a process of its own because Anki reads its test mode (no fuzz) and its time zone from the environment.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import Collection

if TYPE_CHECKING:
    from anki.cards import Card

KINDS = {"new": 0, "learning": 1, "review": 2, "relearning": 3}
LOG_KINDS = {"new": 0, "learning": 0, "review": 1, "relearning": 2}
SECTIONS = {
    "delays": "new",
    "lapse_delays": "lapse",
    "maxIvl": "rev",
}  # of a preset; other settings stand bare
BY_THE_DAY, WITHIN_THE_DAY = 2, 1  # Anki's queues


def main() -> None:
    """Answer one question."""
    question = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "oracle.anki2"))
        collection.set_config("fsrs", True)
        configure(collection, question["preset"])
        cards = [card_with(collection, history) for history in question["histories"]]
        answer = {
            "next_day_at": collection.sched.day_cutoff,
            "now": int(time.time()),
            "verdicts": [verdict(collection, card) for card in cards],
        }
        collection.close()
    json.dump(answer, sys.stdout)


def configure(collection: Collection, preset: dict[str, Any]) -> None:
    """Set the default deck's preset."""
    deck = collection.decks.config_dict_for_deck_id(1)
    for name, value in preset.items():
        section = deck[SECTIONS[name]] if name in SECTIONS else deck
        section[name.removeprefix("lapse_")] = value
    collection.decks.update_config(deck)


def card_with(collection: Collection, history: dict[str, Any]) -> Card:
    """Put a card with this past into the collection."""
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"] = "?"
    collection.add_note(note, 1)
    card = note.cards()[0]
    for at, rating, state in history["answers"]:
        row = (free_id(collection, at), card.id, -1, rating, 1, 1, 500, 1000, LOG_KINDS[state])
        collection.db.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", *row)
    if history["answers"]:
        card.type = KINDS[history["state"]]
        card.queue = BY_THE_DAY if history["state"] == "review" else WITHIN_THE_DAY
        card.left, card.ivl, card.due = history["steps_left"], history["interval"], collection.sched.today
        card.reps, card.lapses = len(history["answers"]), history["lapses"]
        card.last_review_time = history["answers"][-1][0] // 1000
        collection.update_card(card)  # with no memory of its own: Anki keeps that rounded, the log is exact
    return card


def free_id(collection: Collection, at: int) -> int:
    """Log rows are named by their millisecond; return the next one that is free."""
    while collection.db.scalar("select 1 from revlog where id = ?", at):
        at += 1
    return at


def verdict(collection: Collection, card: Card) -> dict[str, Any]:
    """Return the memory now, and the interval and the memory after each rating."""
    answer: dict[str, Any] = {"memory": None, "days": {}, "seconds": {}, "memories": {}}
    now = collection._backend.compute_memory_state(card.id)
    if now.HasField("state"):
        answer["memory"] = now.state.stability, now.state.difficulty
    states = collection._backend.get_scheduling_states(card.id)
    for rating, name in enumerate(("again", "hard", "good", "easy"), start=1):
        normal = getattr(states, name).normal
        kind = normal.WhichOneof("kind")
        state = normal.relearning.learning if kind == "relearning" else getattr(normal, kind)
        if kind == "review":
            answer["days"][rating] = state.scheduled_days
        else:
            answer["seconds"][rating] = state.scheduled_secs
        answer["memories"][rating] = state.memory_state.stability, state.memory_state.difficulty
    return answer


if __name__ == "__main__":
    main()
