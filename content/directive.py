"""What a directive is.

There are two sorts: a `Container` stands anywhere and wraps the markdown between its fences; a `Single`
stands at the top level of a section and becomes a block of its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from content.hints import did_you_mean
from content.problems import Code
from content.word import Word

if TYPE_CHECKING:
    from content.blocks import Block
    from content.fence import Fence
    from content.reading import Reading


@dataclass(frozen=True)
class Part:
    """A piece of a directive's body between two lines `---`: sanitised HTML, and the line it begins on."""

    html: str
    place: Word


class Directive(ABC):
    """What both sorts have in common.

    Attributes:
        has_body: Whether markdown may stand between its fences.
        has_argument: Whether something may follow its name.
        options: The options that it takes; `None` where that depends on its argument.
    """

    has_body: ClassVar[bool] = True
    has_argument: ClassVar[bool] = True

    @property
    @abstractmethod
    def options(self) -> frozenset[str] | None:
        """The names of the options that it takes."""

    def check(self, fence: Fence, reading: Reading) -> None:
        """Report an argument or options that it does not take, and options that are given twice."""
        if fence.argument.text and not self.has_argument:
            message = f"{fence.name.text} takes nothing behind its name, not '{fence.argument.text}'."
            reading.report(Code.BAD_OPTION, fence.argument, message, "write it on a line of its own")
        seen = set()
        for option in fence.options:
            name = option.name.text
            if name in seen:
                reading.report(
                    Code.BAD_OPTION, option.name, f"'{name}' is given twice.", "keep one of the two"
                )
            elif self.options is not None and name not in self.options:
                hint = did_you_mean(name, self.options) or f"{fence.name.text} takes no options"
                message = f"{fence.name.text} has no option '{name}'."
                reading.report(Code.UNKNOWN_OPTION, option.name, message, hint)
            seen.add(name)


class Container(Directive):
    """A directive that wraps markdown."""

    @abstractmethod
    def wrap(self, fence: Fence, reading: Reading) -> tuple[str, str]:
        """Return the HTML before and after its contents."""


class Single(Directive):
    """A directive that is a block of its own.

    Attributes:
        allows_deletions: Whether `{{…}}` in its body hides something.
    """

    allows_deletions: bool = False

    @abstractmethod
    def build(self, fence: Fence, parts: Sequence[Part], reading: Reading) -> Block | None:
        """Make the block; return `None` once what keeps it from being made has been reported."""
