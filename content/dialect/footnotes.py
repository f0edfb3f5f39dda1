"""Footnotes: numbered through a section, listed at its end, each with a way back to its reference.

A claim.[^source]

[^source]: Where it comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from content.dialect.tokens import CoreState, Env, Token, reading_of
from content.problems import Code
from content.reading import Reading
from content.word import Word


def check_rule(state: CoreState) -> None:
    """Report footnotes whose text would be lost: never referred to, or defined twice."""
    used = state.env.get("footnotes", {}).get("refs", {})
    reading, seen = reading_of(state.env), set()
    for token in state.tokens:
        if token.type != "footnote_reference_open":
            continue
        label = token.meta["label"]
        word = _label(token, reading)
        if label in seen:
            message = f"The footnote '{label}' is defined twice."
            reading.report(Code.DUPLICATE_ID, word, message, "give one of the two another name")
        elif used.get(f":{label}", -1) < 0:
            message = f"Nothing refers to the footnote '{label}', so it is not shown."
            reading.report(Code.UNKNOWN_FOOTNOTE, word, message, f"write [^{label}] where it belongs")
        seen.add(label)


def _label(token: Token, reading: Reading) -> Word:
    label, index = token.meta["label"], token.map[0] if token.map else 0
    return Word(label, index + 1, max(reading.line(index).find(f"[^{label}]") + 2, 0) + 1)


def render_reference(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    """Render `[1]`, linked to its note."""
    meta = tokens[index].meta
    number = meta["id"] + 1
    return (
        f'<a class="footnote-ref" href="#fn-{number}" id="{_anchor(meta)}" role="doc-noteref">[{number}]</a>'
    )


def render_open(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    """Open one note."""
    return f'<li id="fn-{tokens[index].meta["id"] + 1}">'


def render_back(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    """Render the way back to one reference."""
    meta = tokens[index].meta
    which = f", place {meta['subId'] + 1}" if meta.get("subId", 0) > 0 else ""
    label = f"Back to note {meta['id'] + 1} in the text{which}"
    return f' <a class="footnote-backref" href="#{_anchor(meta)}" aria-label="{label}">↩</a>'


def _anchor(meta: dict[Any, Any]) -> str:
    nth = f"-{meta['subId'] + 1}" if meta.get("subId", 0) > 0 else ""
    return f"fnref-{meta['id'] + 1}{nth}"
