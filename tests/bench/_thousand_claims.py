"""A thousand claims of a learner's own with twenty thousand credences, half of them turned out."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from cards.days import number_of_date
from cards.store import LOCAL, Store

CLAIMS, ENTRIES = 1_000, 20_000
RESOLVED = 0.5
FAR = timedelta(days=400)
SUBJECTS = ("finish", "reread", "change my mind about", "write down what I think of", "still believe in")


def build(database: Path, *, now: datetime, claims: int = CLAIMS, entries: int = ENTRIES) -> None:
    """Fill a new or an empty ledger: fair walks of a fixed seed, so that it is the same each time."""
    store = Store.open(database, now=now)
    learner = store.learner(LOCAL)
    store.close()
    drawn = random.Random(5)  # noqa: S311 - nothing secret is drawn
    each = entries // claims
    end = int(now.timestamp() * 1000)
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        for number in range(claims):
            name = f"own-{number:04}"
            begun = end - int(drawn.uniform(0.2, 1) * FAR.total_seconds() * 1000)
            credence, shown, path = drawn.uniform(0.1, 0.9), None, []
            for place in range(each):
                at = begun + (end - begun) * place // (each + 1)
                again = shown is not None and drawn.random() < 0.1
                said = shown + drawn.choice((-0.02, 0, 0.02)) if shown and again else credence
                shown = None if drawn.random() < 0.03 else round(min(max(said, 0), 1), 2)
                path.append((learner, f"{name}-{place}", name, shown, "", again, "", at))
                step = drawn.uniform(0, min(0.2, credence, 1 - credence))
                credence += drawn.choice((-step, step)) if not again else 0
            text = f"I will {drawn.choice(SUBJECTS)} part {number} of the book before the year is over."
            by = number_of_date((now + timedelta(days=drawn.randrange(-20, 300))).date())
            connection.execute(
                "INSERT INTO claim (learner_id, claim_id, text, by_day, made_at) VALUES (?, ?, ?, ?, ?)",
                (learner, name, text, by if number % 3 else None, begun),
            )
            connection.executemany(
                "INSERT INTO credence (learner_id, client_id, claim_id, probability, note, repeat, occasion,"
                " at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                path,
            )
            if drawn.random() < RESOLVED:
                outcome = "void" if drawn.random() < 0.05 else "yes" if drawn.random() < credence else "no"
                connection.execute(
                    "INSERT INTO resolution (learner_id, client_id, claim_id, outcome, note, at) "
                    "VALUES (?, ?, ?, ?, '', ?)",
                    (learner, f"{name}-outcome", name, outcome, end - 1000),
                )
