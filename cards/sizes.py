"""Sizes of files in words."""

from __future__ import annotations

STEP = 1000
UNITS = ("B", "kB", "MB", "GB", "TB")


def in_bytes(size: int) -> str:
    """Return a number of bytes as a reader would say it: "812 B", "1.4 MB", "213 MB"."""
    amount, unit = float(size), 0
    # What would be shown as a thousand of one unit is shown as one of the next.
    while round(amount) >= STEP and unit < len(UNITS) - 1:
        amount, unit = amount / STEP, unit + 1
    few = 10
    return f"{amount:.1f} {UNITS[unit]}" if unit and amount < few else f"{amount:.0f} {UNITS[unit]}"
