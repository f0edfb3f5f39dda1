"""Reading inline markup stretch by stretch, so that every rule knows where in the file it is."""

from __future__ import annotations

from content.dialect.links import check_links
from content.dialect.tokens import CoreState, reading_of
from content.reading import Stretch


def inline_rule(state: CoreState) -> None:
    """Read the inline markup of every stretch of text, so that rules know where they are."""
    reading = reading_of(state.env)
    seen: dict[tuple[int, str], int] = {}
    first, cell = 0, False
    for token in state.tokens:
        if token.map is not None:
            first = token.map[0]
        if token.type == "inline":
            nth = seen.get((first, token.content), 0)
            seen[first, token.content] = nth + 1
            reading.stretch = Stretch(token.content, first, nth if cell else None)
            state.md.inline.parse(token.content, state.md, state.env, token.children)
            check_links(token, reading)
        elif token.type == "single_open":
            state.env["in_single"] = True
            state.env["deletions"] = token.meta["directive"].allows_deletions
        elif token.type == "single_close":
            state.env["in_single"] = state.env["deletions"] = False
        cell = token.type in {"td_open", "th_open"}
