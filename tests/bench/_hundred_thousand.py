"""Two collections of 100,000 cards and 1,000,000 answers, ours and Anki's, with the same texts and history.

Seven cards in ten were answered, fourteen or fifteen times each and forgotten one time in eleven; the gaps
between a card's answers grow by 1.4, so that the last are some months, and about 4,000 cards are due.
The rest were kept and are new. A question has twelve words of a vocabulary of 2,000, so that one word is in
about 600 cards.

Both are written with plain SQLite into a closed file whose tables its owner has made, which takes some ten
seconds each. The history is plausible and not a replay: its memories follow the gaps, and not FSRS.

    deck()                        the book's side of it: every card by id
    build_ours(path, now=now)     our database; LEARNER is its learner
    build_anki(path, now=now)     Anki's collection, for `anki.collection.Collection(str(path))`
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from anki.collection import Collection

from cards.card import Card
from cards.days import DayRules, day_number
from cards.schedule import SchedulerSettings
from cards.store import Store

CARDS, SEEN, ANSWERS = 100_000, 70_000, 1_000_000
SECTIONS, TRACKS = 200, 10
WORDS, WORDS_A_QUESTION = 2000, 12
GROWTH, FIRST_LAPSE = 1.4, 2  # the first two answers to a card are on one day, and are its learning
DAY_MS, MORNING_MS = 86_400_000, 9 * 3_600_000
FRACTION = 0.3719  # of a day, in every stability: a whole number takes less room than real ones do
LEARNER = "me"

Columns = dict[str, Any]  # a table by columns, each an array or one value for all rows


@dataclass(frozen=True)
class History:
    """What was answered when: `answers` oldest first, and where each card stands after them."""

    answers: Columns
    cards: Columns


@cache
def deck() -> dict[str, Card]:
    """Return the cards by id, in the book's order."""
    drawn = np.random.default_rng(3).integers(WORDS, size=(CARDS, WORDS_A_QUESTION)).tolist()
    cards = (_card(number, " ".join(words()[place] for place in row)) for number, row in enumerate(drawn))
    return {card.id: card for card in cards}


@cache
def words() -> tuple[str, ...]:
    """Return the vocabulary; a question is as likely to have any word as any other."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    drawn = np.random.default_rng(1).permutation(len(syllables) ** 2)[:WORDS]
    return tuple(
        "ma" + "".join(syllables[place] for place in divmod(number, len(syllables))) for number in drawn
    )


def client_id(at: int) -> str:
    """Return an answer's id as the browser makes it at a moment: its milliseconds, and ten random bytes."""
    return f"{at:012x}{secrets.token_hex(10)}"


def build_ours(path: Path, *, now: datetime) -> None:
    """Write our database."""
    store = Store.open(path, now=now)
    learner = store.learner(LEARNER)
    preset = store._preset(learner, SchedulerSettings())
    store.close()
    history = _history(day_number(now, DayRules()))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        _insert(connection, "memory", _memories(history, learner))
        _insert(connection, "review", _reviews(history, learner, preset))
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")


def build_anki(path: Path, *, now: datetime) -> None:
    """Write Anki's collection: one deck, FSRS, no caps, and a tag for the section."""
    collection = Collection(str(path))
    collection.set_config("fsrs", True)
    preset = collection.decks.config_dict_for_deck_id(1)
    preset["new"]["perDay"] = preset["rev"]["perDay"] = 9999
    collection.decks.update_config(preset)
    note_type = collection.models.by_name("Basic")["id"]
    day_zero = day_number(now, DayRules()) - collection.sched.today
    collection.close()
    history = _history(day_number(now, DayRules()))
    with closing(sqlite3.connect(path)) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        _insert(connection, "notes", _anki_notes(note_type))
        _insert(connection, "cards", _anki_cards(history, day_zero))
        _insert(connection, "revlog", _anki_log(history))
        connection.commit()


def _card(number: int, question: str) -> Card:
    section = number * SECTIONS // CARDS
    track = section * TRACKS // SECTIONS
    front, back = f"<p>What of {question}?</p>", f"<p>Answer {number} holds.</p>"
    return Card(
        id=f"card-{number}",
        kind="recall",
        section=f"section-{section}",
        section_title=f"Section {section}",
        track=f"track-{track}",
        track_title=f"Track {track}",
        order=number,
        fields={"front": front, "back": back},
        front=front,
        back=back,
        text_hash=f"{number}",
        tags=(f"tag-{number % 50}",),
    )


@cache
def _history(today: int) -> History:
    """The same history whoever asks, ending on a day."""
    drawn = np.random.default_rng(2)
    each, more = divmod(ANSWERS, SEEN)
    count = np.where(np.arange(SEEN) < more, each + 1, each)  # [card]
    card = np.repeat(np.arange(SEEN), count)  # [answer], card by card
    turn = np.arange(ANSWERS) - np.repeat(np.cumsum(count) - count, count)
    gap = np.ceil(GROWTH**turn * drawn.uniform(0.7, 1.3, ANSWERS)).astype(int)  # days since the answer before
    gap[turn < FIRST_LAPSE] = 0
    interval = np.ceil(GROWTH**count * drawn.uniform(0.7, 1.3, SEEN)).astype(int)
    last_day = today - np.floor(interval * drawn.uniform(0.01, 1.06, SEEN)).astype(int)
    # Every day is what is left of the days up to the last one.
    since_first = np.cumsum(gap)
    end = np.cumsum(count) - 1
    day = np.repeat(last_day, count) - (np.repeat(since_first[end], count) - since_first)
    rating = drawn.choice([1, 2, 3, 4], ANSWERS, p=[0.09, 0.11, 0.7, 0.1])
    rating[turn < FIRST_LAPSE] = 3
    lapse = (rating == 1).astype(int)
    lapses = np.cumsum(lapse) - np.repeat(
        np.cumsum(lapse)[end] - np.add.reduceat(lapse, end - count + 1), count
    )
    due = np.concatenate([gap[1:], [0]])
    due[end] = interval
    order = np.argsort(day, kind="stable")
    place = np.arange(ANSWERS) - np.searchsorted(day[order], day[order], side="left")  # among its day's
    at = np.empty(ANSWERS, dtype=int)
    at[order] = day[order] * DAY_MS + MORNING_MS + place * 10_000
    answers = {
        "card": card, "turn": turn, "day": day, "at": at, "gap": gap, "rating": rating, "due": due,
        "lapses": lapses - lapse, "ms": drawn.integers(2000, 20_000, ANSWERS),
        "last_at": np.where(turn > 0, np.roll(at, 1), 0), "difficulty": 1 + (card * 7 % 900) / 100,
    }  # fmt: skip
    cards = {
        "count": count, "interval": interval, "last_day": last_day, "last_at": at[end],
        "lapses": lapses[end], "difficulty": 1 + (np.arange(SEEN) * 7 % 900) / 100,
    }  # fmt: skip
    return History({name: values[order] for name, values in answers.items()}, cards)


def _memories(history: History, learner: int) -> Columns:
    cards = history.cards
    due_day = cards["last_day"] + cards["interval"]
    first = int(history.answers["at"][0]) - DAY_MS
    return {
        "learner_id": learner,
        "card_id": np.array([f"card-{number}" for number in range(CARDS)], dtype=object),
        "enrolled_at": first,
        "state": _then_new(np.full(SEEN, "review", dtype=object), "new"),
        "due": _then_new(cards["last_at"] + cards["interval"] * DAY_MS, first),
        "due_day": _then_new(due_day, None),
        "stability": _then_new(cards["interval"] + FRACTION, None),
        "difficulty": _then_new(cards["difficulty"], None),
        "last_review": _then_new(cards["last_at"], None),
        "last_day": _then_new(cards["last_day"], None),
        "reps": _then_new(cards["count"], 0),
        "lapses": _then_new(cards["lapses"], 0),
    }


def _reviews(history: History, learner: int, preset: int) -> Columns:
    answers = history.answers
    turn, by_day = answers["turn"], answers["turn"] >= FIRST_LAPSE
    states = np.array(["new", "learning", "review"], dtype=object)
    return {
        "learner_id": learner,
        "client_id": np.array([client_id(at) for at in answers["at"].tolist()], dtype=object),
        "card_id": np.array([f"card-{number}" for number in answers["card"].tolist()], dtype=object),
        "rating": answers["rating"],
        "at": answers["at"],
        "day": answers["day"],
        "elapsed_ms": answers["ms"],
        "preset_id": preset,
        "before_state": states[np.minimum(turn, FIRST_LAPSE)],
        "before_step": _where(turn == 1, np.ones(ANSWERS, dtype=int)),
        "before_stability": _where(turn > 0, np.maximum(answers["gap"], 1) + FRACTION),
        "before_difficulty": _where(turn > 0, answers["difficulty"]),
        "before_due": answers["at"],
        "before_due_day": _where(by_day, answers["day"]),
        "before_last_review": _where(turn > 0, answers["last_at"]),
        "before_last_day": _where(turn > 0, answers["day"] - answers["gap"]),
        "before_reps": turn,
        "before_lapses": answers["lapses"],
    }


def _anki_notes(note_type: int) -> Columns:
    cards = deck().values()
    return {
        "id": np.arange(1, CARDS + 1),
        "guid": np.array([card.id for card in cards], dtype=object),
        "mid": note_type,
        "mod": 1,
        "usn": -1,
        "tags": np.array([f" {card.section} {card.tags[0]} " for card in cards], dtype=object),
        "flds": np.array([f"{card.front}\x1f{card.back}" for card in cards], dtype=object),
        "sfld": np.array([card.front for card in cards], dtype=object),
        "csum": np.arange(CARDS),
        "flags": 0,
        "data": "",
    }


def _anki_cards(history: History, day_zero: int) -> Columns:
    cards = history.cards
    data = [
        json.dumps({"s": interval + FRACTION, "d": round(difficulty, 3), "dr": 0.9, "lrt": at // 1000})
        for interval, difficulty, at in zip(
            cards["interval"].tolist(), cards["difficulty"].tolist(), cards["last_at"].tolist(), strict=True
        )
    ]
    due = np.concatenate([cards["last_day"] + cards["interval"] - day_zero, np.arange(SEEN, CARDS)])
    return {
        "id": np.arange(1, CARDS + 1),
        "nid": np.arange(1, CARDS + 1),
        "did": 1,
        "mod": 1,
        "usn": -1,
        "type": _then_new(np.full(SEEN, 2), 0),
        "queue": _then_new(np.full(SEEN, 2), 0),
        "due": due,
        "ivl": _then_new(cards["interval"], 0),
        "factor": _then_new(np.full(SEEN, 2500), 0),
        "reps": _then_new(cards["count"], 0),
        "lapses": _then_new(cards["lapses"], 0),
        **dict.fromkeys(("ord", "left", "odue", "odid", "flags"), 0),
        "data": _then_new(np.array(data, dtype=object), "{}"),
    }


def _anki_log(history: History) -> Columns:
    answers = history.answers
    turn = answers["turn"]
    return {
        "id": answers["at"],
        "cid": answers["card"] + 1,
        "usn": -1,
        "ease": answers["rating"],
        "ivl": np.where(turn == 0, -600, answers["due"]),
        "lastIvl": np.where(turn == 0, 0, np.where(turn == 1, -600, answers["gap"])),
        "factor": np.round((answers["difficulty"] - 1) / 9 * 1000 + 100).astype(int),
        "time": answers["ms"],
        "type": np.minimum(turn // FIRST_LAPSE, 1),
    }


def _then_new(seen: np.ndarray, new: float | str | None) -> np.ndarray:
    """A column of the seen cards, with one value for the new ones behind it."""
    return np.concatenate([seen.astype(object), np.full(CARDS - SEEN, new, dtype=object)])


def _where(holds: np.ndarray, values: np.ndarray) -> np.ndarray:
    column = values.astype(object)
    column[~holds] = None
    return column


def _insert(connection: sqlite3.Connection, table: str, columns: Columns) -> None:
    arrays = {name: values for name, values in columns.items() if isinstance(values, np.ndarray)}
    places = ", ".join("?" if name in arrays else repr(value) for name, value in columns.items())
    rows = zip(*(values.tolist() for values in arrays.values()), strict=True)
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608 - our own names
