"""Merging answers that were given elsewhere: into the log by when they were given, and the memories again.

What a merge comes to is found out before anything is locked, for it may read the whole log. It is then
written if nothing was answered meanwhile, which its stamp tells, as of a reschedule.

What the log has already stands (`cards.store.known`), also what was taken back here.

An answer's row holds the memory before it, as the replay has it; when the card was to come back is what the
other program had told the learner, for that is what the totals of the days are about. Rows that were there
before stay as they are, with the memory before each as it was then.

Left out: leeches. Whoever meets one of a merged log has it offered by the count of its lapses.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import bindparam, select

from cards.replay.columns import Log, Replayed
from cards.replay.days import day_numbers
from cards.replay.many import replay
from cards.store import log, memories, overrides, presets, reschedules
from cards.store.arrivals import Arrivals, Arriving, Change, Merged, Terms
from cards.store.gathering import memories_of
from cards.store.known import known
from cards.store.log import COUNTS, WITH_UNDO
from cards.store.moments import to_ms
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from cards.memory import Memory
    from cards.schedule import SchedulerSettings

MOST_EXAMPLES = 10

# Adding 0 keeps planners from the index on days, by which they would visit a whole log's rows out of order.
OF_LEARNER = log.REVIEW.c.learner_id + 0 == bindparam("learner")
COUNTED = Prepared(
    select(*(log.REVIEW.c[name] for name in ("card_id", "id", "at", "day", "rating", "preset_id")))
    .select_from(WITH_UNDO)
    .where(OF_LEARNER, COUNTS)
)


@dataclass(frozen=True, eq=False)
class Plan:
    """What a merge will write.

    Attributes:
        stamp: The state of the log that it was made from; nothing where nothing is new.
        merged: What it comes to.
        arrivals: The answers that are new, card by card; cards without one are not among them.
        log: All answers of their cards, in order.
        is_new: Which of these are new.
        found: What the log leads to.
        held: The memories of the cards as they are, by id.
    """

    stamp: reschedules.Stamp
    merged: Merged
    arrivals: Arrivals
    log: Log
    is_new: np.ndarray[Any, np.dtype[np.bool_]]
    found: Replayed
    held: Mapping[str, Memory]


def plan(connection: Connection, learner: int, arrivals: Arriving, terms: Terms) -> Plan:
    """Return what merging answers will come to; nothing is written."""
    new = _renumbered(arrivals.these(~known(connection, learner, arrivals)).by_card())
    everything, is_new = _together(connection, learner, new, terms)
    found = replay(everything)
    held = memories.held(connection, learner, set(new.card_ids))
    merged = _compared(new, everything, found, held, len(arrivals) - len(new))
    stamp = reschedules.stamp(connection, learner) if len(new) else ()
    return Plan(stamp, merged, new, everything, is_new, found, held)


def _renumbered(arrivals: Arrivals) -> Arrivals:
    """Name only the cards that there are answers to, in the order of their answers."""
    used, card = np.unique(arrivals.card, return_inverse=True)
    ids = [arrivals.card_ids[number] for number in used.tolist()]
    return Arrivals(ids, card, arrivals.at, arrivals.rating, arrivals.elapsed_ms, arrivals.interval)


def _together(
    connection: Connection, learner: int, new: Arrivals, terms: Terms
) -> tuple[Log, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return all answers of the cards of new ones, with these among them, and which they are."""
    numbers = {card_id: number for number, card_id in enumerate(new.card_ids)}
    parts = COUNTED.batches(connection, {"learner": learner}) if numbers else ()
    there = [row for rows in parts for row in rows if row[0] in numbers]
    settings: dict[SchedulerSettings, int] = {}
    under = _settings_of(connection, learner, there)
    before = [
        (numbers[card_id], number, at, day, rating, settings.setdefault(chosen, len(settings)))
        for (card_id, number, at, day, rating, _), chosen in zip(there, under, strict=True)
    ]
    own = [terms.settings.get(card_id, terms.otherwise) for card_id in new.card_ids]
    preset = np.array([settings.setdefault(one, len(settings)) for one in own], dtype=np.int64)
    card, number, at, day, rating, old_preset = np.array(before, dtype=np.int64).reshape(-1, 6).T
    is_new = np.repeat([False, True], [len(before), len(new)])
    columns = (
        np.concatenate([card, new.card]),
        np.concatenate([rating, new.rating]),
        np.concatenate([at, new.at]),
        np.concatenate([day, day_numbers(new.at, terms.rules)]),
        np.concatenate([old_preset, preset[new.card]]),
    )
    # Of answers given in the same millisecond, those that were here come first, as they were recorded.
    recorded = np.concatenate([number, np.full(len(new), np.iinfo(np.int64).max)])
    order = np.lexsort((recorded, columns[2], columns[0]))
    card, rating, at, day, preset = (one[order] for one in columns)
    everything = Log(card, rating, at, day, preset, settings=tuple(settings), seeds=new.card_ids)
    return everything, is_new[order]


def _settings_of(
    connection: Connection, learner: int, rows: Sequence[Sequence[Any]]
) -> list[SchedulerSettings]:
    """Return the settings that each answer is replayed under."""
    kept, in_force = presets.kept(connection, learner), overrides.in_force(connection, learner)
    return [
        overrides.settings(in_force.get(card_id, ()), number) or kept[preset]
        for card_id, number, _, _, _, preset in rows
    ]


def _compared(
    new: Arrivals, everything: Log, found: Replayed, held: Mapping[str, Memory], known: int
) -> Merged:
    """Say what changes."""
    last_at = everything.at[everything.first + everything.count - 1]
    rows = zip(new.card_ids, found.due.tolist(), found.after.stability.tolist(), strict=True)
    changed = [
        (-held[card_id].reps if card_id in held else 1, card_id, number)
        for number, (card_id, due, stability) in enumerate(rows)
        if card_id not in held or (to_ms(held[card_id].due), held[card_id].stability) != (due, stability)
    ]
    shown = heapq.nsmallest(MOST_EXAMPLES, changed)
    after = memories_of(found, last_at, np.array([number for *_, number in shown], dtype=np.int64))
    return Merged(
        added=len(new),
        known=known,
        cards=len(new.card_ids),
        enrolled=len(new.card_ids) - len(held),
        changed=len(changed),
        examples=tuple(
            Change(card_id, held.get(card_id), memory)
            for (_, card_id, _), memory in zip(shown, after, strict=True)
        ),
    )
