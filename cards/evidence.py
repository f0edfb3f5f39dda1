"""A check of conservation as the book hands it down: a claim, some evidence about it, and whether it came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence that a reader is to foresee; all HTML is sanitised, as that of a card is.

    Attributes:
        id: Written by the author, for ever; no card has it.
        section: The slug of the section it stands in.
        claim: What the evidence is about.
        may_come: The evidence, as something that may or may not come.
        came: What has come of it.
        happened: Whether it came.
        comment: What its author says of it afterwards; empty if nothing.
        line: The line of its opening fence, counted from 1.
    """

    id: str
    section: str
    claim: str
    may_come: str
    came: str
    happened: bool
    comment: str = ""
    line: int = 0
