"""The examination of all that is kept: the database, the log, and the book that both are about.

The store examines what it can say alone (`Store.examine`); here it is held against the book.
A card that the book has no more is kept, and waits in case it comes back; but nobody asks it, and the learner
should know. What was read of a section under a former slug is moved to the slug that it has now.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from cards.remembered import remembered
from cards.shown import shortened
from cards.store import Finding, StoreProblem

MEND = "python -m cards doctor --repair"
NOUNS = {"memory": "card", "review": "answer", "card_note": "note", "rescheduled": "rescheduled card"}

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from cards.card import Deck
    from cards.store import Store


@dataclass(frozen=True)
class Shelf:
    """What has to be known of the book.

    Attributes:
        deck: Its cards by id.
        sections: The slugs of its sections.
        redirects: The slugs that sections had before, and those they have now.
        is_whole: Whether nothing is wrong with it; if something is, cards may be held back.
    """

    deck: Deck = field(default_factory=dict)
    sections: Collection[str] = ()
    redirects: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        findings: All that is not as it should be.
        counts: How many rows there are, by table.
        where: The database that was examined.
        mended: How many rows a repair has put right before.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    where: str
    mended: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_text(self) -> str:
        """One line a finding, then the counts."""
        verdict = "sound" if self.is_sound else _counted(len(self.findings), "finding")
        mended = f"; {_counted(self.mended, 'row')} mended" if self.mended else ""
        return "\n".join([*map(str, self.findings), f"{self.where}: {self.in_numbers()}: {verdict}{mended}"])

    def in_numbers(self) -> str:
        """The counts of what there is, in words: "34 cards, 210 answers (3 taken back), 2 presets"."""
        undone = self.counts.get("undo", 0)
        words = []
        for table, count in self.counts.items():
            if count and table != "undo":
                back = f" ({undone} taken back)" if table == "review" and undone else ""
                words.append(_counted(count, NOUNS.get(table, table.replace("_", " "))) + back)
        return ", ".join(words) or "nothing"

    def as_json(self) -> str:
        """The same as one JSON object."""
        return json.dumps(
            {
                "sound": self.is_sound,
                "where": self.where,
                "findings": [asdict(finding) for finding in self.findings],
                "counts": dict(self.counts),
                "mended": self.mended,
            },
            indent=2,
            ensure_ascii=False,
        )


def examine(store: Store, shelf: Shelf, *, learner: int | None = None, mended: int = 0) -> Report:
    """Examine a store, and what one learner has in it, or everyone."""
    counts: Counter[str] = Counter()
    findings: list[Finding] = []
    try:
        findings += store.examine()
        if not any(finding.is_of_the_whole for finding in findings):
            for one in store.learners().values() if learner is None else (learner,):
                findings += store.examine_learner(one)
                findings += of_the_book(store.memories(one), store.slugs(one), shelf)
                counts.update(store.belongings(one))
    except StoreProblem as problem:
        findings.append(as_finding(problem))
    return Report(tuple(findings), counts, store.where, mended)


def repair(store: Store, shelf: Shelf, learners: Iterable[int], now: datetime) -> int:
    """Mend what can be mended without a guess, after a backup; return how many rows were wrong.

    Raises:
        StoreProblem: The database is damaged, or the backup cannot be made; nothing was changed.
    """
    if store.file is not None:
        store.back_up(now, why="before-repair")
    mended = 0
    for learner in learners:
        mended += store.repair(learner)
        gone = orphans(store.memories(learner), shelf)
        gone = [card_id for card_id in gone if shelf.is_whole or card_id in shelf.deck]
        store.withdraw(learner, gone, now)
        moved = renamed(store.slugs(learner), shelf)
        for old, new in moved.items():
            store.rename_section(learner, old, new)
        mended += len(gone) + len(moved)
    return mended


def as_finding(problem: StoreProblem) -> Finding:
    """Return what keeps a database from being used as what an examination has found."""
    return Finding(problem.kind, f"{problem.what} It is at {problem.where}.", problem.remedy)


def orphans(enrolled: Iterable[str], shelf: Shelf) -> list[str]:
    """Return the cards that are kept and that the book does not have, or has as claims, by id."""
    return sorted(card_id for card_id in enrolled if card_id not in remembered(shelf.deck))


def renamed(slugs: Iterable[str], shelf: Shelf) -> dict[str, str]:
    """Return the sections that something is kept under a former slug of, with the slugs they have now."""
    return {slug: shelf.redirects[slug] for slug in sorted(slugs) if slug in shelf.redirects}


def of_the_book(enrolled: Iterable[str], slugs: Iterable[str], shelf: Shelf) -> list[Finding]:
    """Return what the book and what a learner keeps disagree about.

    Args:
        enrolled: The cards that are kept, by id.
        slugs: The sections that something is kept about, by slug.
        shelf: The book.
    """
    return [
        *(_orphan(card_id, shelf) for card_id in orphans(enrolled, shelf)),
        *(
            Finding(
                "renamed-section",
                f"What you have read of '{shortened(old)}' is kept under its former name; "
                f"the section is now '{shortened(new)}'.",
                "It can be moved there.",
                MEND,
                is_mendable=True,
            )
            for old, new in renamed(slugs, shelf).items()
        ),
    ]


def _orphan(card_id: str, shelf: Shelf) -> Finding:
    if card_id in shelf.deck:
        return Finding(
            "kept-claim",
            f"You keep the card '{shortened(card_id)}', which is a claim in the book now.",
            "Nobody grades that: have it taken out of review, which forgets nothing.",
            MEND,
            is_mendable=True,
        )
    what = f"You keep the card '{shortened(card_id)}', which the book does not have."
    if not shelf.is_whole:
        return Finding(
            "orphan",
            what,
            "Mend the book first, which may be holding it back.",
            "python -m content check",
        )
    return Finding(
        "orphan",
        what,
        "Put it back into the book under that id, or have it taken out of review, which forgets nothing.",
        MEND,
        is_mendable=True,
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
