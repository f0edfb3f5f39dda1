"""A term of the glossary, whose definition a reader can open where it stands.

{term}`martingale`    {term}`martingales <martingale>`
"""

from __future__ import annotations

from html import escape

from content.context import Things
from content.hints import did_you_mean
from content.problems import Code
from content.reading import Reading
from content.role import Inline, Role, text_and_target
from content.slug import slugify
from content.word import Word


class TermRole(Role):
    """A link to the glossary."""

    def read(self, body: Word, reading: Reading) -> Inline | None:
        """Find the term by its slug or by another name that the glossary gives it."""
        text, target = text_and_target(body)
        term = reading.find(Things.TERM, slugify(target.text, ""))
        if term is None:
            hint = did_you_mean(slugify(target.text), reading.context.names(Things.TERM))
            remedy = hint if hint.startswith("did") else "add it to glossary.md"
            reading.report(Code.UNKNOWN_TERM, target, f"The glossary has no term '{target.text}'.", remedy)
            return None
        shown = text or " ".join(target.text.split())
        slug = escape(term.slug)
        return Inline(shown, f'<a class="term" href="#term-{slug}" data-term="{slug}">{escape(shown)}</a>')


ROLE = TermRole()
