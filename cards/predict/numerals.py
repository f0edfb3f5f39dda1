"""Numbers as an author writes them in the options of a card: "2,500", "0.05", "1e-4", "5%"."""

from __future__ import annotations

NUMERAL = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e-?\d+)?(?:[ ]?%)?"


def read_numeral(text: str) -> tuple[float, bool]:
    """Read text that matches `NUMERAL`: its value, of a percentage the share, and whether it is one."""
    is_percentage = text.endswith("%")
    value = float(text.removesuffix("%").replace(",", ""))
    return (value / 100 if is_percentage else value), is_percentage
