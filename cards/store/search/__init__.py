"""Search over the text of the book's cards and where they stand with a learner: one door, `SearchIndex`.

The index is a cache that can be made again from the book at any time. On SQLite it lies in a file of its own
beside the learner's, and not in it: backups stay as small as what they guard, building it holds up no answer,
and if it is damaged or deleted nothing that matters is. Any other database keeps it in tables of its own,
which no migration knows.
"""

from cards.store.search.index import SearchIndex

__all__ = ["SearchIndex"]
