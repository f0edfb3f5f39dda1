"""What every way of searching text offers; `fts5`, `like` and `vectors` are the ways.

They agree on which cards are found, because all of them compare the words of `cards.folding`; they differ in
speed, and in whether they can tell how relevant a card is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from cards.query import Words
    from cards.store.prepared import Prepared

Text = tuple[int, "Mapping[str, Sequence[str]]"]  # a card's number, and its words by part

WEIGHTS = {
    "front": 1.0,
    "back": 0.5,
    "title": 0.25,
    "tags": 0.25,
}  # of a word, by the part it is in; 1 at most
TABLE = "search_text"


class TextSearch(ABC):
    """One way of searching the text of cards.

    Attributes:
        name: What the index remembers that it was built for.
        remark: What a learner should know of it, as a sentence; empty if nothing.
        ranks: Whether it can order by relevance.
        table: The table to join, whose column `number` is the card's.
        number: That column.
    """

    name: ClassVar[str]
    remark: ClassVar[str] = ""
    ranks: ClassVar[bool] = True
    table: ClassVar[FromClause]
    number: ClassVar[ColumnElement[int]]

    @abstractmethod
    def create(self, connection: Connection) -> None:
        """Create the table, which is not there."""

    @abstractmethod
    def add(self, connection: Connection, texts: Iterable[Text]) -> None:
        """Add the text of cards that have none."""

    @abstractmethod
    def remove(self, connection: Connection, numbers: Iterable[int]) -> None:
        """Take away the text of cards."""

    def by_relevance(self, wanted: Sequence[Words]) -> tuple[Prepared, dict[str, str]] | None:
        """Return the statement that selects the numbers of the texts that have all of these, and its values.

        It is compiled once; None where there is no quicker way than the common one.
        """
        del wanted
        return None

    @abstractmethod
    def has_all(self, wanted: Sequence[Words]) -> ColumnElement[bool]:
        """Return the condition that a joined text has all of these, which are one at least."""

    @abstractmethod
    def has_any(self, unwanted: Sequence[Words]) -> Select[int]:
        """Return the statement that selects the numbers of the texts that have one of these."""

    @abstractmethod
    def relevance(self, wanted: Sequence[Words]) -> ColumnElement[float]:
        """Return how relevant a joined text is: the more, the higher. Only where `ranks` holds."""
