"""What a merge writes: a row an answer, with the memory before it, and the memories that the log leads to."""

from __future__ import annotations

from hashlib import sha256
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import insert

from cards.card import LONGEST_ID
from cards.replay.columns import DAY_MS, NEW, NONE, REVIEW, STATES, Integers
from cards.store import log, memories, places, presets
from cards.store.answers import FACTS
from cards.store.log import BEFORE
from cards.store.moments import to_ms
from cards.store.prepared import AT_A_TIME, Prepared

if TYPE_CHECKING:
    from datetime import datetime

    import numpy.typing as npt
    from sqlalchemy import Connection

    from cards.store.arrivals import Terms
    from cards.store.merges import Plan

NAMES = np.array([str(state) for state in STATES], dtype=object)
RECORD = Prepared(insert(log.REVIEW), columns=(*FACTS, *BEFORE, "merged_at"))


def write(connection: Connection, learner: int, planned: Plan, terms: Terms, now: datetime) -> None:
    """Write what was planned: the answers, and the memories that they lead to."""
    if not planned.merged.added:
        return
    record(connection, learner, planned, terms, to_ms(now))
    remember(connection, learner, planned)


def record(connection: Connection, learner: int, planned: Plan, terms: Terms, now: int) -> None:
    """Add the new answers to the log, by when they were given, so that the indexes grow at their ends."""
    new, whole = planned.arrivals, planned.log
    names = np.array(new.card_ids, dtype=object)
    sections = np.array([terms.sections.get(card_id, "") for card_id in new.card_ids], dtype=object)
    kept = np.array([presets.keep(connection, learner, one) for one in whole.settings])
    oldest_first, places = np.argsort(new.at, kind="stable"), np.flatnonzero(planned.is_new)
    for start in range(0, len(new), AT_A_TIME):
        chosen = oldest_first[start : start + AT_A_TIME]
        given, rows = new.these(chosen), places[chosen]
        ids, at = names[given.card].tolist(), given.at.tolist()
        RECORD.run_all(
            connection,
            {
                "learner_id": repeat(learner),
                "client_id": [_called(one, card_id) for one, card_id in zip(at, ids, strict=True)],
                "card_id": ids,
                "rating": given.rating.tolist(),
                "at": at,
                "day": whole.day[rows].tolist(),
                "elapsed_ms": given.elapsed_ms.tolist(),
                "preset_id": kept[whole.preset[rows]].tolist(),
                "section": sections[given.card].tolist(),
                **_before(planned, rows, given.interval),
                "merged_at": repeat(now),
            },
        )


def _before(planned: Plan, rows: Integers, given: Integers) -> dict[str, list[Any]]:
    """The memory before each of some new answers, by column."""
    before, at = planned.found.before, planned.log.at
    state, step, last_day = before.state[rows], before.step[rows], before.last_day[rows]
    is_new, by_the_day = state == NEW, state == REVIEW
    last_at = np.where(is_new, at[rows], at[rows - 1])  # before a card's first answer there is none
    interval = np.maximum(given, 1)
    columns = {
        "state": NAMES[state].tolist(),
        "step": _or_none(step, step == NONE),
        "stability": _or_none(before.stability[rows], is_new),
        "difficulty": _or_none(before.difficulty[rows], is_new),
        "due": np.where(by_the_day, last_at + interval * DAY_MS, last_at).tolist(),
        "due_day": _or_none(last_day + interval, ~by_the_day),
        "last_review": _or_none(last_at, is_new),
        "last_day": _or_none(last_day, is_new),
        "reps": before.reps[rows].tolist(),
        "lapses": before.lapses[rows].tolist(),
    }
    return {f"before_{name}": values for name, values in columns.items()}


def remember(connection: Connection, learner: int, planned: Plan) -> None:
    """Put the memories in place.

    A card that was not kept is from now on; one that was withdrawn before its last answer is asked again.
    """
    ids, whole = planned.arrivals.card_ids, planned.log
    kept = memories.ever_kept(connection, learner)  # one may have been enrolled since it was planned
    is_held = np.array([card_id in kept for card_id in ids], dtype=bool)
    held, added = np.flatnonzero(is_held), np.flatnonzero(~is_held)
    if len(held):
        named = {"of_learner": repeat(learner), "of_card": [ids[card] for card in held.tolist()]}
        memories.REPLACE_AND_KEEP.run_all(connection, {**named, **_after(planned, held)})
    if len(added):
        named = {
            "learner_id": repeat(learner),
            "card_id": [ids[card] for card in added.tolist()],
            "leech_passed": repeat(0),
            "enrolled_at": whole.at[whole.first[added]].tolist(),
        }
        memories.ADD.run_all(connection, {**named, **_after(planned, added)})
        places.forget(connection, learner)


def _after(planned: Plan, cards: Integers) -> dict[str, list[Any]]:
    """The memories of some cards, by column."""
    found, whole = planned.found, planned.log
    last_at = whole.at[whole.first + whole.count - 1]
    after = {name: column[cards] for name, column in vars(found.after).items()}
    return {
        **{name: column.tolist() for name, column in after.items()},
        "state": NAMES[after["state"]].tolist(),
        "step": _or_none(after["step"], after["step"] == NONE),
        "due": found.due[cards].tolist(),
        "due_day": _or_none(found.due_day[cards], after["state"] != REVIEW),
        "last_review": last_at[cards].tolist(),
    }


def _or_none(values: npt.NDArray[Any], missing: npt.NDArray[np.bool_]) -> list[Any]:
    column = values.astype(object)
    column[missing] = None
    return list(column)


def _called(at: int, card_id: str) -> str:
    """The client id of an answer that was given elsewhere; of a long card id, which may fill it, a digest."""
    name = f"anki-{at}-{card_id}"
    return name if len(name) <= LONGEST_ID else f"anki-{at}-{sha256(card_id.encode()).hexdigest()}"
