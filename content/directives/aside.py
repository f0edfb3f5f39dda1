"""A note beside the text, which a reader may skip.

    :::{aside} Why a quarter
    $p(1-p)$ is largest at $p = 1/2$.
    :::

The title may be left out. On a wide page it stands in the margin.
"""

from __future__ import annotations

from content.directive import Container
from content.fence import Fence
from content.reading import Reading


class Aside(Container):
    """A note beside the text."""

    options = frozenset[str]()

    def wrap(self, fence: Fence, reading: Reading) -> tuple[str, str]:
        """Return an `aside` element, opened by its title if it has one."""
        title = reading.inline(fence.argument) if fence.argument.text else ""
        heading = f'<p class="aside-title">{title}</p>\n' if title else ""
        return f'<aside class="aside">\n{heading}', "</aside>\n"


DIRECTIVE = Aside()
