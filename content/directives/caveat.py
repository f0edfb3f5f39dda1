"""Where a claim is contested or too strong, said beside the claim.

:::{caveat}
The mean is not the typical case.
:::
"""

from __future__ import annotations

from content.directive import Container
from content.fence import Fence
from content.reading import Reading


class Caveat(Container):
    """A reservation about what the section says."""

    has_argument = False
    options = frozenset[str]()

    def wrap(self, fence: Fence, reading: Reading) -> tuple[str, str]:
        """Return an element with the role of a note."""
        del fence, reading
        return '<div class="caveat" role="note">\n', "</div>\n"


DIRECTIVE = Caveat()
