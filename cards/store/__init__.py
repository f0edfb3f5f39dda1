"""What a learner has, in one database: cards and answers, reading, predictions, counterexamples, settings.

`Store.open` is the way in. Nothing outside this package speaks SQL, and nothing comes out of it as a row.
"""

from cards.store.problems import ProblemKind, StoreProblem
from cards.store.records import Answer, Counterexample, Prediction, Reading, Review, Undone
from cards.store.store import Store

__all__ = [
    "Answer",
    "Counterexample",
    "Prediction",
    "ProblemKind",
    "Reading",
    "Review",
    "Store",
    "StoreProblem",
    "Undone",
]
