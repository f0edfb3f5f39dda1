"""Whose turn it is, when more is asked for than can be done at once.

    turns = Turns(); turns.join(run, "a reader"); run = turns.take(); …; turns.ended("a reader")

Readers take turns, and within one reader it is first come, first served: a reader who asks for many keeps
nobody waiting longer than one who asks for few. This is round robin (J. Nagle, 1987, "On Packet Switches with
Infinite Storage"): the readers who wait stand in a ring, and whoever has had a turn stands at its end. One
whose turn has just ended stands at its end, too, so that those who came during it are next.

From this it follows that, from the moment a reader begins to wait (or has had a turn, or has seen it end) to
the reader's next turn, every other reader has at most one. How long a turn lasts is not weighed.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

WAITING = 64
WAITING_EACH = 8  # about a section full of simulations


class BusyError(RuntimeError):
    """Too many runs are waiting already."""


class Turns(Generic[T]):
    """Those who wait for their turn.

    Args:
        most: How many may wait in all.
        most_each: How many may wait of one reader.
    """

    def __init__(self, most: int = WAITING, most_each: int = WAITING_EACH) -> None:
        self._most = most
        self._most_each = most_each
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()  # by reader, in order; none is empty

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def __iter__(self) -> Iterator[T]:
        """All who wait, in the order in which `take` will hand them out if nobody comes or goes."""
        lines = list(self._lines.values())
        for place in range(max(map(len, lines), default=0)):
            yield from (line[place] for line in lines if place < len(line))

    def join(self, item: T, reader: str) -> None:
        """Wait, behind what the same reader waits for already.

        Raises:
            BusyError: If too many are waiting, in all or of this reader.
        """
        if len(self) >= self._most:
            raise BusyError(f"{self._most} simulations are waiting for their turn. Try again in a minute.")
        line = self._lines.get(reader, deque())
        if len(line) >= self._most_each:
            raise BusyError(
                f"{self._most_each} of your simulations are waiting for their turn. Stop one, or wait until "
                "one has begun."
            )
        line.append(item)
        self._lines[reader] = line

    def take(self) -> T:
        """Hand out the next one, whose reader then stands at the end.

        Raises:
            IndexError: If nobody waits.
        """
        if not self._lines:
            raise IndexError("Nobody waits for a turn.")
        reader, line = next(iter(self._lines.items()))
        item = line.popleft()
        self._behind(reader)
        return item

    def ended(self, reader: str) -> None:
        """A turn of this reader has ended: whoever came during it goes first."""
        if reader in self._lines:
            self._behind(reader)

    def leave(self, item: T) -> bool:
        """Wait no longer; says whether the item was waiting."""
        for reader, line in self._lines.items():
            if item in line:
                line.remove(item)
                if not line:
                    del self._lines[reader]
                return True
        return False

    def _behind(self, reader: str) -> None:
        self._lines.move_to_end(reader)
        if not self._lines[reader]:
            del self._lines[reader]
