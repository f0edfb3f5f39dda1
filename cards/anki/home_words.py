"""What bringing progress home came to, or would, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.days import calendar_date, day_number

if TYPE_CHECKING:
    from cards.anki.home import Home
    from cards.days import DayRules
    from cards.memory import Memory
    from cards.store import Change

NOTHING = "There is no review in it that this app does not know."
NOT_OURS = "No note in it came from this book: none has its identity, and none is of one of its note types."


def summary(home: Home, *, dry_run: bool) -> str:
    """Say how many reviews are new and what they change, in one or two sentences."""
    merged = home.merged
    if not home.found.notes:
        return NOT_OURS
    known = f" {_counted(merged.known, 'review')} known already." if merged.known else ""
    if not merged.added:
        return NOTHING + known
    verb = "would come" if dry_run else "came"
    enrolled = f" ({merged.enrolled:,} of them not kept before)" if merged.enrolled else ""
    changes = "would change" if dry_run else ("changes" if merged.changed == 1 else "change")
    reviews = f"{_counted(merged.added, 'new review')} of {_counted(merged.cards, 'card')}{enrolled}"
    return f"{reviews} {verb} home, and {_counted(merged.changed, 'date')} {changes}.{known}"


def left_out(home: Home) -> list[str]:
    """Say what else is in the package, and why it does not count: one sentence each, none for what is not."""
    found = home.found
    sentences = {
        "{} of other decks, which stay where they are.": found.foreign,
        "{} of cards asked the other way round, which have no card of their own here.": found.backwards,
        "{} of cards that the book no longer has, or of claims, which nobody grades.": found.unknown,
        "{} dated before Anki or after today.": found.misdated,
    }
    told = [words.format(_counted(count, "review")) for words, count in sentences.items() if count]
    if found.uncounted:
        told.append(f"{_counted(found.uncounted, 'entry', 'entries')} that set dates by hand or crammed.")
    return told


def example(change: Change, rules: DayRules) -> str:
    """Say what becomes of one card: "due 2026-11-24 → 2026-12-19, stability 3.1 → 24.6 days"."""
    before, after = change.before, change.after
    if before is None or before.stability is None:
        return f"due {_due(after, rules)}, stability {after.stability:.3g} days, new until now"
    return (
        f"due {_due(before, rules)} → {_due(after, rules)}, "
        f"stability {before.stability:.3g} → {after.stability:.3g} days"
    )


def _due(memory: Memory, rules: DayRules) -> str:
    day = day_number(memory.due, rules) if memory.due_day is None else memory.due_day
    return calendar_date(day).isoformat()


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
