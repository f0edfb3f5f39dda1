"""Reading inline markup stretch by stretch, so that every rule knows where in the file it is."""

from __future__ import annotations

from content.dialect.links import check_links
from content.dialect.tokens import CoreState, Token, reading_of
from content.problems import Code
from content.reading import Reading, Stretch
from content.word import Word


def inline_rule(state: CoreState) -> None:
    """Read the inline markup of every stretch of text, so that rules know where they are."""
    reading = reading_of(state.env)
    seen: dict[tuple[int, str], int] = {}
    first, cell = 0, False
    for token in state.tokens:
        if token.map is not None:
            first = token.map[0]
            while first + 1 < token.map[1] and not reading.line(first).strip():
                first += 1  # a line of form feeds is text to the parser, which then strips it
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
        elif token.type == "fence":
            _check_code(token, reading)
        cell = token.type in {"td_open", "th_open"}


def _check_code(token: Token, reading: Reading) -> None:
    """Report a code block without an end: it would swallow the rest of the section, cards and all."""
    first, after = token.map or (0, 0)
    if after - first > 1 and reading.line(after - 1).rstrip().endswith(token.markup):
        return
    line = reading.line(first)
    word = Word(token.markup, first + 1, max(line.find(token.markup), 0) + 1)
    message, hint = "The code block is never closed.", f"end it with a line '{token.markup}'"
    token.meta["problem"] = reading.report(Code.UNCLOSED_FENCE, word, message, hint)
