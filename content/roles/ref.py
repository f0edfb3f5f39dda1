"""A link to another section, which shows that section's title unless a text is given.

{ref}`expected-evidence`    {ref}`the last section <expected-evidence>`
"""

from __future__ import annotations

from html import escape

from content.context import Things
from content.hints import did_you_mean
from content.problems import Code
from content.reading import Reading
from content.role import Inline, Role, text_and_target
from content.word import Word


class RefRole(Role):
    """A link to a section."""

    def read(self, body: Word, reading: Reading) -> Inline | None:
        """Find the section by its slug or by a slug that it had before."""
        text, target = text_and_target(body)
        section = reading.find(Things.SECTION, target.text)
        if section is None:
            hint = did_you_mean(target.text, reading.context.names(Things.SECTION))
            reading.report(Code.UNKNOWN_REFERENCE, target, f"The book has no section '{target.text}'.", hint)
            return None
        shown = text or section.title
        return Inline(shown, f'<a class="ref" href="/{escape(section.slug)}">{escape(shown)}</a>')


ROLE = RefRole()
