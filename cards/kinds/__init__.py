"""The kinds of card, one file each; see `cards/kind.py` for what a kind is."""

from cards.kind import Faces, Finding, Kind, by_directive, get, names

__all__ = ["Faces", "Finding", "Kind", "by_directive", "get", "names"]
