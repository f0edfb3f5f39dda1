"""Numbers with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural unless it is one: "1 card", "8 cards"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
