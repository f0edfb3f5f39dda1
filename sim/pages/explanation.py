"""A toy's docstring as prose: paragraphs, equations as they were set, and then the source and the limits.

    A credence starts at p₀ and moves by one step s.        a paragraph

        E[T] = p₀ (1 − p₀) / s²                             an indented block: equations, their spaces kept

    Source: W. Feller (1968). Left out: unequal steps.      two terms and what is said of each

Backticks mark code. Nothing else is markup, and every character is escaped: a docstring is text.

What it says of the house's own modules, `_name`, is for whoever reads the code and not for readers: such a
name in parentheses is left out, and elsewhere the clause that holds it is.
"""

from __future__ import annotations

import re
from html import escape
from textwrap import dedent

ENOUGH = 90  # characters: a first sentence that is shorter brings the next one along
APART = ("Source", "Left out")

_MARKS = (".", "!", "?")  # that end a sentence
_SENTENCE_END = re.compile(r"(?<=[^\sA-Z][.!?])\s+(?=[A-Z“`])")  # not behind an initial
_CLAUSE_END = re.compile(r"(?<=[;:])\s+")
_ASIDE = re.compile(r"\s+\(`(?:_|sim\.)[^`]*`\)")
_PRIVATE = re.compile(r"`(?:_|sim\.)")
_APART = re.compile(rf"(?:^|(?<=[.!?])\s+)({'|'.join(APART)}): ")
_PIECE = re.compile(r"\S+(?: \S+)*")  # of a line of equations, up to a wider space
_CODE = re.compile(r"`([^`]+)`")


def explained(explanation: str) -> str:
    """The whole explanation as HTML."""
    return "".join(map(_block, _blocks(explanation)))


def opening(explanation: str) -> str:
    """Its first sentence, or two if the first is short, as HTML.

    One that an equation goes on, behind a comma, ends there. A second one that only leads to its equation is
    left out.
    """
    first, *others = _SENTENCE_END.split(_flowing(next(iter(_blocks(explanation)), "")))
    whole = [sentence for sentence in others[:1] if sentence.endswith((*_MARKS, ","))]
    said = first if len(first) >= ENOUGH else " ".join([first, *whole])
    ended = said.rstrip(" ,:;")
    return _inline(ended if not ended or ended.endswith(_MARKS) else f"{ended}.")


def _blocks(explanation: str) -> list[str]:
    blocks = re.split(r"\n[ \t]*\n", explanation.strip("\n"))
    shown = (block if _is_equation(block) else _for_readers(block) for block in blocks)
    return [block for block in shown if block.strip()]


def _for_readers(block: str) -> str:
    """A paragraph without what it says of the house's own modules."""
    sentences = _SENTENCE_END.split(_ASIDE.sub("", block))
    return " ".join(filter(None, map(_without_private, sentences)))


def _without_private(sentence: str) -> str:
    if not _PRIVATE.search(sentence):
        return sentence
    kept = " ".join(clause for clause in _CLAUSE_END.split(sentence) if not _PRIVATE.search(clause))
    return f"{_as_sentence(kept.rstrip(' ,;:.'))}." if kept else ""


def _is_equation(block: str) -> bool:
    return all(line.startswith("    ") for line in block.splitlines())


def _block(block: str) -> str:
    if _is_equation(block):
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
