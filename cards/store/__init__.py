"""What a learner has, in one database: cards and answers, reading, predictions, counterexamples, settings.

`Store.open` is the way in. Nothing outside this package speaks SQL, and nothing comes out of it as a row.
"""

from cards.store.arrivals import Arrivals, Change, Merged, Terms
from cards.store.belongings import answers_that_count
from cards.store.copies import Copy, copies_of, find
from cards.store.findings import Finding
from cards.store.learners import LOCAL
from cards.store.loading import Loaded, LoadError
from cards.store.opening import version_of
from cards.store.problems import ProblemKind, StoreProblem
from cards.store.records import Answer, Counterexample, Prediction, Reading, Review, Undone
from cards.store.restoring import alone, file_of, restore
from cards.store.store import Store

__all__ = [
    "LOCAL",
    "Answer",
    "Arrivals",
    "Change",
    "Copy",
    "Counterexample",
    "Finding",
    "LoadError",
    "Loaded",
    "Merged",
    "Prediction",
    "ProblemKind",
    "Reading",
    "Review",
    "Store",
    "StoreProblem",
    "Terms",
    "Undone",
    "alone",
    "answers_that_count",
    "copies_of",
    "file_of",
    "find",
    "restore",
    "version_of",
]
