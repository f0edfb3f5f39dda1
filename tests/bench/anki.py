"""Exporting 10,000 notes, against genanki writing the same notes itself, in the same run.

Both sides start from the book's cards and end with a file. Ours also rewrites maths and links, which the
baseline is spared; one note in three carries maths.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from unittest.mock import patch

import genanki

from cards.anki.package import write_package
from cards.card import Card

if TYPE_CHECKING:
    from collections.abc import Callable

NOTES = 10_000
ROUNDS = 5
NOW = datetime(2026, 11, 22, tzinfo=UTC)

BASELINE_MODEL = genanki.Model(
    1_764_500_000_999,
    "Baseline",
    fields=[{"name": name} for name in ("Front", "Back", "Section", "Link", "CardId")],
    templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr>{{Back}}<p>{{Link}}"}],
)


def measure() -> list[tuple[str, float, float, float]]:
    """Return (what, ours, baseline, the ratio aimed at): seconds for the export, bytes for its size."""
    cards = [_card(number) for number in range(NOTES)]
    # genanki leaves its database in the folder for temporary files, so it gets a folder that goes away.
    with tempfile.TemporaryDirectory() as folder, patch.object(tempfile, "tempdir", folder):
        ours, baseline = Path(folder, "ours.apkg"), Path(folder, "genanki.apkg")
        rounds = [
            (_seconds(lambda: _write_ours(ours, cards)), _seconds(lambda: _write_baseline(baseline, cards)))
            for _ in range(ROUNDS)
        ]
        sizes = ours.stat().st_size, baseline.stat().st_size
    best = min(mine for mine, _ in rounds), min(theirs for _, theirs in rounds)
    return [
        (f"Anki export of {NOTES:,} notes, seconds against genanki's", *best, 1.0),
        (f"Anki export of {NOTES:,} notes, bytes against genanki's", *sizes, 0.3),
    ]


def _card(number: int) -> Card:
    maths = f'<span class="math inline">x_{{{number}}} &lt; 2</span>' if number % 3 == 0 else f"{number}"
    return Card(
        id=f"card-{number}",
        kind="recall",
        section=f"section-{number // 50}",
        section_title=f"Section {number // 50}",
        track="track",
        track_title="Track",
        order=number,
        fields={
            "front": f"<p>What does a well-kept credence do when the evidence is {maths}?</p>",
            "back": f"<p>It moves by as much as it expects to: step {number} is as fair as the others.</p>",
        },
        front="",
        back="",
        text_hash="",
    )


def _write_ours(path: Path, cards: list[Card]) -> None:
    modified = dict.fromkeys((card.id for card in cards), NOW)
    write_package(path, cards, modified=modified, base_url="http://localhost", now=NOW)


def _write_baseline(path: Path, cards: list[Card]) -> None:
    decks: dict[str, genanki.Deck] = {}
    for card in cards:
        deck = decks.setdefault(card.section, genanki.Deck(len(decks) + 2, f"Bench::{card.section_title}"))
        fields = [*card.fields.values(), card.section_title, f"http://localhost/{card.section}", card.id]
        deck.add_note(genanki.Note(model=BASELINE_MODEL, fields=fields, guid=card.id, due=card.order))
    genanki.Package(list(decks.values())).write_to_file(path)


def _seconds(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
