"""Text in the cells of a table that a spreadsheet will open.

A spreadsheet takes a cell that begins with = + - @ for a formula, and runs it. Any text that begins with one
of these, with a tab or a carriage return, or with an apostrophe, gets an apostrophe in front; `unguarded`
takes it away again, and gives back every text as it was.
"""

from __future__ import annotations

FORMULAS = "=+-@"
GUARDED = (*FORMULAS, "\t", "\r", "'")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(GUARDED) else text


def unguarded(cell: str) -> str:
    """Return the text that a cell was made of."""
    return cell.removeprefix("'")
