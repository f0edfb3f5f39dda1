"""A toy's docstring as prose: paragraphs, equations as they were set, and then the source and the limits.

    A credence starts at p₀ and moves by one step s.        a paragraph

        E[T] = p₀ (1 − p₀) / s²                             an indented block: equations, their spaces kept

    Source: W. Feller (1968). Left out: unequal steps.      two terms and what is said of each

Backticks mark code. Nothing else is markup, and every character is escaped: a docstring is text.
"""

from __future__ import annotations

import re
from html import escape
from textwrap import dedent

ENOUGH = 90  # characters: a first sentence that is shorter brings the next one along
APART = ("Source", "Left out")

_SENTENCE_END = re.compile(r"(?<=[^\sA-Z][.!?])\s+(?=[A-Z“])")  # not behind an initial
_APART = re.compile(rf"(?:^|(?<=[.!?])\s+)({'|'.join(APART)}): ")
_PIECE = re.compile(r"\S+(?: \S+)*")  # of a line of equations, up to a wider space
_CODE = re.compile(r"`([^`]+)`")


def explained(explanation: str) -> str:
    """The whole explanation as HTML."""
    return "".join(map(_block, _blocks(explanation)))


def opening(explanation: str) -> str:
    """Its first sentence, or two if the first is short, as HTML; one that leads to an equation ends there."""
    sentences = _SENTENCE_END.split(_flowing(next(iter(_blocks(explanation)), "")))
    said = sentences[0] if len(sentences[0]) >= ENOUGH else " ".join(sentences[:2])
    ended = said.rstrip(" ,:;")
    return _inline(ended if not ended or ended.endswith((".", "!", "?")) else f"{ended}.")


def _blocks(explanation: str) -> list[str]:
    return [block for block in re.split(r"\n[ \t]*\n", explanation.strip("\n")) if block.strip()]


def _block(block: str) -> str:
    if all(line.startswith("    ") for line in block.splitlines()):
        return (
            f'<pre class="equations">{_PIECE.sub(_whole, escape(dedent(block).rstrip(), quote=False))}</pre>'
        )
    return _paragraph(_flowing(block))


def _paragraph(text: str) -> str:
    """A paragraph; from the first term that is set apart, a list of terms and what is said of each."""
    before, *apart = _APART.split(text)
    said = f"<p>{_inline(before)}</p>" if before.strip() else ""
    if not apart:
        return said
    terms = zip(apart[::2], apart[1::2], strict=True)
    rows = "".join(f"<dt>{escape(term)}</dt><dd>{_inline(_as_sentence(words))}</dd>" for term, words in terms)
    return f'{said}<dl class="apart ui">{rows}</dl>'


def _whole(piece: re.Match[str]) -> str:
    """A piece of a line that is broken only where it is too long for a line of its own."""
    return f"<span>{piece[0]}</span>"


def _flowing(block: str) -> str:
    return " ".join(block.split())


def _as_sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip()


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))
