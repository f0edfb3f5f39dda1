"""The reader's own record, in its place: how far their credences have moved, and for how much.

    :::{ledger}
    :::

It takes nothing: what is shown is the reader's, and the same wherever the block stands. The mathematics is
in `cards.reckoning`, the words in `cards.pages.record`.
"""

from __future__ import annotations

from collections.abc import Sequence

from content.blocks import LedgerBlock
from content.directive import Part, Single
from content.fence import Fence
from content.reading import Reading


class Ledger(Single):
    """What the reader's claims come to, together."""

    has_body = False
    has_argument = False
    options = frozenset[str]()

    def build(self, fence: Fence, parts: Sequence[Part], reading: Reading) -> LedgerBlock:
        """Make the block; there is nothing in it that could be wrong."""
        del parts, reading
        return LedgerBlock(line=fence.line)


DIRECTIVE = Ledger()
