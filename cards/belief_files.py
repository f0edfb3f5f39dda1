"""What a learner believes, as files: two tables for a spreadsheet, and one JSON document.

The tables are CSV as RFC 4180 has it, in UTF-8, with a row of names first: one row a credence, and one a
claim. Moments are in UTC, as ISO 8601 writes them; probabilities are numbers from 0 to 1, and nothing where
the learner had no idea.

No text in them is a formula (`cards.cells`); numbers are left as they are.

The document holds five lists, `claims`, `credences`, `resolutions`, `checks` and `predictions`, whose members
are what the store keeps (`cards.claims`); an infinite number is the text "Infinity". `python -m cards dump`
holds all of it too, to be loaded again.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from cards.cells import guarded
from cards.reckoning import reckon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from cards.days import DayRules
    from cards.ledger import Listed
    from cards.store import Store

ENTRY_COLUMNS = ("claim", "text", "at", "probability", "repeat", "occasion", "note", "id", "superseded")
CLAIM_COLUMNS = (
    "claim",
    "text",
    "section",
    "by",
    "outcome",
    "resolved_at",
    "entries",
    "first",
    "last",
    "scored",
    "movement",
    "reduction",
    "excess",
)
FORMAT, VERSION = "martingale-beliefs", 1

Cell = str | float | None


def write_entries(file: TextIO, claims: Iterable[Listed]) -> int:
    """Write the credences, one a row, claim by claim; return how many there are."""
    rows = [
        (
            claim.claim_id,
            claim.text,
            moment(entry.at),
            entry.probability,
            "yes" if entry.repeat else "no",
            entry.occasion,
            entry.note,
            entry.client_id,
            "yes" if place < len(claim.earlier) else "no",
        )
        for claim in claims
        for place, entry in enumerate(claim.every_entry)
    ]
    _write(file, ENTRY_COLUMNS, rows)
    return len(rows)


def write_claims(file: TextIO, claims: Sequence[Listed], rules: DayRules) -> int:
    """Write the claims of which something was said, one a row, with what each comes to; return how many."""
    said = [claim for claim in claims if claim.is_said]
    found = reckon(said, rules)
    scored = {forecast.claim_id: forecast.probability for forecast in found.forecasts}
    rows = []
    for claim in said:
        moved = found.moved.get(claim.claim_id)
        path = found.paths.get(claim.claim_id, [])
        rows.append((
            claim.claim_id,
            claim.text,
            claim.section,
            claim.by.isoformat() if claim.by else "",
            str(claim.outcome),
            _resolved_at(claim),
            len(claim.entries),
            path[0] if path else None,
            path[-1] if path else None,
            scored.get(claim.claim_id),
            moved.movement if moved else None,
            moved.reduction if moved else None,
            moved.excess if moved else None,
        ))  # fmt: skip
    _write(file, CLAIM_COLUMNS, rows)
    return len(rows)


def write_json(file: TextIO, store: Store, learner: int, now: datetime) -> int:
    """Write all that a learner believes as one document; return how many things that is.

    Raises:
        StoreProblem: The store cannot be read.
    """
    credences = store.credences(learner)
    lists: dict[str, list[Any]] = {
        "claims": store.claims(learner),
        "credences": [entry for entries in credences.values() for entry in entries],
        "resolutions": list(store.resolutions(learner).values()),
        "checks": store.conservation_checks(learner),
        "predictions": store.predictions(learner),
    }
    plain = {name: [_plain(asdict(one)) for one in each] for name, each in lists.items()}
    head = {"format": FORMAT, "version": VERSION, "made_at": moment(now)}
    json.dump(head | plain, file, ensure_ascii=False, indent=1, allow_nan=False)
    file.write("\n")
    return sum(map(len, lists.values()))


def moment(at: datetime) -> str:
    """A moment as ISO 8601 has it, to the millisecond: "2026-11-26T09:00:00.000Z"."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def _resolved_at(claim: Listed) -> str:
    if claim.own is not None and claim.is_settled_by_learner:
        return moment(claim.own.at)
    return claim.authors.on.isoformat() if claim.authors is not None and claim.authors.on else ""


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same in what JSON has a form for."""
    match value:
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case float() if not math.isfinite(value):
            return "Infinity" if value > 0 else "-Infinity"
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case _:
            return value
