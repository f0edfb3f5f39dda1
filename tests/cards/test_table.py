"""Cards as a table: what is read back is what was written, and nothing in it is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.cells import FORMULAS, guarded, unguarded
from cards.table import COLUMNS, write_table
from tests.cards.anki_learner import CLOZE, RECALL
from tests.cards.predicting import WALK


def table(*cards: object, base_url: str = "http://localhost:8501") -> list[dict[str, str]]:
    file = io.StringIO(newline="")
    assert write_table(file, cards, base_url) == len(cards)  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))


def test_a_row_has_both_sides_as_text_and_as_html() -> None:
    card = replace(
        RECALL,
        fields={
            "front": '<p>Is <span class="math inline">a &lt; b</span>?</p>',
            "back": "<p>Yes, &amp; so</p>",
        },
        sources=("Kwa 2024", "Chan 2024"),
        tags=("hard to say", "a::b"),
        as_of="2026-11",
    )
    (row,) = table(card)
    assert tuple(row) == COLUMNS
    assert (row["question"], row["answer"]) == ("Is a < b?", "Yes, & so")
    assert row["question_html"] == card.fields["front"]
    assert (row["tags"], row["sources"], row["checked"]) == (
        "hard-to-say a::b",
        "Kwa 2024; Chan 2024",
        "2026-11",
    )
    assert row["link"] == "http://localhost:8501/how-many-updates#card-updates-from-half"
    assert table(card, base_url="")[0]["link"] == ""


def test_a_deletion_is_hidden_in_the_question_and_shown_in_the_answer() -> None:
    (row,) = table(CLOZE)
    assert (row["question"], row["answer"]) == ("Variances […].", "Variances add.")


def test_a_question_whose_settings_vary_is_asked_with_some() -> None:
    (row,) = table(WALK)
    assert "{" not in row["question"]
    assert "The answer is " in row["answer"]


def test_rows_end_as_rfc_4180_has_it_and_lines_within_a_cell_stay() -> None:
    file = io.StringIO(newline="")
    write_table(file, [replace(RECALL, section_title='Two\nlines, "quoted"')], "")
    head, rest = file.getvalue().split("\r\n", 1)
    assert head == ",".join(COLUMNS)
    assert '"Two\nlines, ""quoted"""' in rest
    assert rest.endswith("\r\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    (row,) = table(replace(RECALL, section_title=text))
    assert row["title"] == f"'{text}"


@given(st.text())
def test_guarding_can_be_taken_back_and_leaves_nothing_to_run(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith((*FORMULAS, "\t", "\r"))
