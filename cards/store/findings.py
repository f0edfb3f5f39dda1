"""What an examination can find: plain data."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE = frozenset({"damaged", "old-version", "schema"})


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        code: Which sort of thing, for programs.
        what: One sentence: what was found, and where.
        remedy: One sentence: what to do about it.
        command: What does that from the command line, if anything does.
        is_mendable: Whether a repair takes care of it.
    """

    code: str
    what: str
    remedy: str
    command: str = ""
    is_mendable: bool = False

    @property
    def is_of_the_whole(self) -> bool:
        """Whether it is so bad that nothing more can be asked of the database."""
        return self.code in WHOLE

    def __str__(self) -> str:
        """`code: what remedy (command)`, on one line."""
        command = f" ({self.command})" if self.command else ""
        return " ".join(f"{self.code}: {self.what} {self.remedy}{command}".split())
