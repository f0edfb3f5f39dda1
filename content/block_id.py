"""The id that an author gives a block for ever: of a card, and of evidence that is foreseen."""

from __future__ import annotations

from content.fence import Fence
from content.problems import Code
from content.reading import Reading
from content.slug import RULE, is_slug, slugify


def has_id(fence: Fence, reading: Reading, otherwise: str) -> bool:
    """Tell whether a block has an id that can be kept, or report that it has not.

    Args:
        fence: The block.
        reading: Where to report.
        otherwise: What to propose where nothing can be made of what stands there.
    """
    word = fence.argument
    if not word.text:
        hint = "write one behind the braces, or let 'python -m content check --fix' do it"
        reading.report(Code.MISSING_ID, fence.name, f"The {fence.name.text} has no id.", hint)
    elif not is_slug(word.text):
        hint = f"use {RULE}, such as '{slugify(word.text, otherwise)}'"
        reading.report(Code.BAD_ID, word, f"'{word.text}' is not an id.", hint)
    return is_slug(word.text)
