"""What a push did, or would do, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cards.anki.push_plan import Plan


def summary(plan: Plan, *, dry_run: bool) -> str:
    """Say in a sentence how many notes are new, changed and as they were."""
    will = "would be " if dry_run else ""
    parts = [
        f"{_counted(len(plan.new))} {will}added",
        f"{len(plan.changed):,} {will}updated",
        f"{plan.unchanged + plan.edited:,} {will or 'were '}left as they are",
    ]
    return f"{', '.join(parts)}."


def remarks(plan: Plan, *, restyle: bool = False) -> list[str]:
    """Say what else there is to know, a sentence each."""
    said = []
    if plan.edited:
        keep = "keeps" if plan.edited == 1 else "keep"
        said.append(f"{_counted(plan.edited)} {keep} what you wrote in Anki after the book last changed.")
    if plan.elsewhere:
        said.append(f"Under a note type of your own, and not touched: {_counted(plan.elsewhere)}.")
    if plan.styles and not restyle:
        names = ", ".join(plan.styles)
        said.append(f"Templates or style are your own, or older than the book's, and stay: {names}.")
    if plan.doubled:
        said.append(f"Second notes of a card in Anki, and not touched: {_counted(plan.doubled)}.")
    return said


def _counted(count: int) -> str:
    return f"{count:,} note{'' if count == 1 else 's'}"
