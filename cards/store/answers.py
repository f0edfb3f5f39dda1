"""Answers: each recorded once, whatever is sent twice, and taken back one by one.

An answer's row holds the memory before it, so taking the answer back is putting that memory in place again.
Only the last answer to a card can be taken back, so it is the right one; unless memories have been
rescheduled since, and then it is computed again. Answers that were merged from elsewhere were not given here,
and are not taken back here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, false, insert, select

from cards import schedule
from cards.leeches import becomes_leech
from cards.memory import Memory, Rating
from cards.preferences import LeechAction
from cards.schedule import SchedulerSettings
from cards.store import decisions, memories, overrides, predictions
from cards.store.log import BEFORE, COUNTS, ENTRY, REVIEW, UNDO, WITH_UNDO, entry, replay_before
from cards.store.moments import to_ms, whole_ms
from cards.store.prepared import Prepared
from cards.store.presets import PRESET
from cards.store.records import Answer, Undone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from cards.days import DayRules
    from cards.preferences import Leeches

RECORDED = Prepared(
    select(PRESET.c.settings, *ENTRY)
    .select_from(REVIEW.join(PRESET, PRESET.c.id == REVIEW.c.preset_id))
    .where(REVIEW.c.learner_id == bindparam("learner"), REVIEW.c.client_id == bindparam("client"))
)
# What an answer has to know first, in one question: whether it is there already, and the memory of its card.
IS_RECORDED = select(REVIEW.c.id).where(
    REVIEW.c.learner_id == bindparam("learner"), REVIEW.c.client_id == bindparam("client")
)
FIND_BOTH = Prepared(
    select(IS_RECORDED.scalar_subquery(), memories.MEMORY.c.withdrawn_at, *memories.COLUMNS).where(
        memories.THIS
    )
)
FACTS = ("learner_id", "client_id", "card_id", "rating", "at", "day", "elapsed_ms", "preset_id", "section")
RECORD = Prepared(insert(REVIEW).values(is_filed=false()), columns=(*FACTS, *BEFORE))

UNDONE = Prepared(
    select(REVIEW.c.id, REVIEW.c.client_id, *ENTRY)
    .select_from(UNDO.join(REVIEW, REVIEW.c.id == UNDO.c.review_id))
    .where(UNDO.c.learner_id == bindparam("learner"), UNDO.c.client_id == bindparam("client"))
)
# The last answer is at the end of the table, or a few rows before. Adding 0 keeps planners from the index on
# days, by which they would find, and sort, everything the learner ever answered.
LAST_OF_ALL = (
    select(REVIEW.c.merged_at, REVIEW.c.at, REVIEW.c.id, REVIEW.c.client_id, *ENTRY)
    .select_from(WITH_UNDO)
    .where(REVIEW.c.learner_id + 0 == bindparam("learner"), COUNTS)
    .order_by(REVIEW.c.id.desc())
    .limit(1)
)
NAMED = REVIEW.alias()
CARD_OF_NAMED = select(NAMED.c.card_id).where(
    NAMED.c.learner_id == bindparam("learner"), NAMED.c.client_id == bindparam("named")
)
LAST = Prepared(LAST_OF_ALL)
LAST_TO_THE_SAME_CARD = Prepared(LAST_OF_ALL.where(REVIEW.c.card_id == CARD_OF_NAMED.scalar_subquery()))
TAKE_BACK = Prepared(insert(UNDO), columns=("learner_id", "client_id", "review_id", "at"))


def record(
    connection: Connection,
    learner: int,
    answer: Answer,
    *,
    rules: DayRules,
    settings: SchedulerSettings,
    preset: int,
    leeches: Leeches | None = None,
) -> Memory:
    """Record an answer, and return the memory after it. One recorded before only returns that again.

    An answer to a question that was not asked yet (its repetition is ahead of the memory) changes nothing.
    One to a question that has been answered since, in another tab, counts as any second answer does, and
    keeps no prediction: one question is one forecast.

    Args:
        connection: In a transaction that may write.
        learner: Whose answer it is.
        answer: The answer.
        rules: Where the learner's day begins.
        settings: The scheduler settings to answer under.
        preset: The id they are kept under.
        leeches: What happens to a card that this answer makes a leech; by default nothing.
    """
    names = {"of_learner": learner, "of_card": answer.card_id, "learner": learner, "client": answer.client_id}
    found = FIND_BOTH.first(connection, names)
    if found is None or found[0] is not None:
        recorded = _recorded(connection, learner, answer.client_id)
        if recorded is not None:
            return recorded
    at = whole_ms(answer.at)
    withdrawn_at, *columns = (None, *memories.to_columns(Memory.new(at))) if found is None else found[1:]
    before = memories.from_columns(columns)
    if answer.repetition is not None and answer.repetition > before.reps:
        return before
    if found is None:
        memories.add(connection, learner, answer.card_id, before)
    after, log = schedule.answer(
        before, answer.rating, now=at, rules=rules, settings=settings, seed=answer.card_id
    )
    row = {
        "learner_id": learner,
        "client_id": answer.client_id,
        "card_id": answer.card_id,
        "rating": int(log.rating),
        "at": to_ms(log.at),
        "day": log.day,
        "elapsed_ms": answer.elapsed_ms,
        "preset_id": preset,
        "section": answer.section,
        **dict(zip(BEFORE, columns, strict=True)),
    }
    RECORD.run(connection, row)
    if answer.prediction and answer.repetition == before.reps:
        predictions.record(connection, learner, answer.prediction)
    if withdrawn_at is None:
        memories.advance(connection, learner, answer.card_id, after)
    else:  # whoever answers it wants it back; an answer that is sent again wants nothing
        memories.replace_and_keep(connection, learner, answer.card_id, after)
    if leeches and becomes_leech(before.lapses, after.lapses, leeches.threshold):
        _treat(connection, learner, answer.card_id, leeches.action, at)
    return after


def undo(
    connection: Connection, learner: int, client_id: str, at: datetime, answer: str | None
) -> Undone | None:
    """Take back an answer, by default the last that counts. A call made before only returns its result again.

    Nothing is taken back if nothing is left, or if the answer that is named does not count or is not the last
    to its card, for one may have been merged since: then its memory is no longer the one to put in place.
    """
    repeated = UNDONE.first(connection, {"learner": learner, "client": client_id})
    if repeated is not None:
        return _undone(connection, learner, repeated)
    query = LAST if answer is None else LAST_TO_THE_SAME_CARD
    last = query.first(connection, {"learner": learner, "named": answer})
    if last is None:
        return None
    merged_at, given_at, number, answers_id, *_ = last
    if merged_at is not None or answer not in (None, answers_id):
        return None
    row = {"learner_id": learner, "client_id": client_id, "review_id": number, "at": to_ms(at)}
    TAKE_BACK.run(connection, row)
    undone = _undone(connection, learner, last[2:])
    memories.replace(connection, learner, undone.card_id, undone.memory)
    if undone.rating is Rating.AGAIN:
        decisions.take_back(connection, learner, undone.card_id, given_at)
    return undone


def _treat(connection: Connection, learner: int, card_id: str, action: LeechAction, at: datetime) -> None:
    """Do with a leech what the learner prefers, at the answer's own moment, by which an undo finds it."""
    match action:
        case LeechAction.MARK:
            decisions.mark(connection, learner, [card_id], at)
        case LeechAction.SUSPEND:
            decisions.suspend(connection, learner, [card_id], at)
        case LeechAction.OFFER:
            pass  # it is offered for as long as the learner has not passed


def _recorded(connection: Connection, learner: int, client_id: str) -> Memory | None:
    """Return the memory after an answer that was recorded before, or None if it was not."""
    row = RECORDED.first(connection, {"learner": learner, "client": client_id})
    if row is None:
        return None
    settings, *values = row
    card_id, log = entry(values)
    return schedule.outcome(log, settings=SchedulerSettings.from_json(settings), seed=card_id)


def _undone(connection: Connection, learner: int, row: Sequence[Any]) -> Undone:
    number, client_id, *values = row
    card_id, log = entry(values)
    stale = number <= overrides.last_change(connection, learner)
    memory = replay_before(connection, learner, card_id, number) if stale else log.before
    return Undone(client_id, card_id, log.rating, memory)
