"""A claim as its author writes it, and as it goes to Anki, where nobody is told that it has an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cards.kinds.credence import KIND, NO_ANSWER, by_date, is_asked_before
from tests.cards.anki_learner import BASE_URL, RECALL, Outcome, learner

FIELDS = {"claim": "<p>It rains.</p>", "weigh": "<ul><li>The glass falls.</li></ul>"}
CLAIM = replace(RECALL, id="it-rains", kind="credence", fields=FIELDS, options={"by": "2027-12-31"})


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("", "missing-question"),
        ("<ul><li>It rains.</li><li>It snows.</li></ul>", "bad-claim"),
        ("<p>It rains.</p>\n<p>It snows.</p>", "bad-claim"),
        ("<blockquote><p>It rains.</p></blockquote>", "bad-claim"),
        ("<p>Will it rain?</p>", "bad-claim"),
        ("<p>Will it <em>rain?</em> </p>", "bad-claim"),
        ('<p>It rains with <span class="math inline">p &gt; 1/2</span>.</p>', None),
        ("<p>Whoever asks “will it rain?” means it.</p>", None),
    ],
)
def test_a_claim_is_one_paragraph_that_is_true_or_false(claim: str, code: str | None) -> None:
    found = KIND.check(FIELDS | {"claim": claim})
    assert [finding.code for finding in found] == ([code] if code else [])


@pytest.mark.parametrize("by", ["", "2027", "2027-2-1", "2027-02-29", "31.12.2027", "2027-W01-1", "tomorrow"])
def test_a_date_is_one_of_the_calendar(by: str) -> None:
    (finding,) = KIND.check(FIELDS, {"by": by})
    assert (finding.code, finding.option) == ("bad-option", "by")
    assert by_date(replace(CLAIM, options={"by": by})) is None


def test_a_claim_knows_its_date_and_whether_it_is_asked_before() -> None:
    assert by_date(CLAIM) == date(2027, 12, 31)
    assert by_date(replace(CLAIM, options={})) is None
    assert not is_asked_before(CLAIM)
    assert is_asked_before(replace(CLAIM, options={"before": "true"}))


def test_in_anki_its_back_says_that_there_is_no_right_answer_and_links_to_its_place(tmp_path: Path) -> None:
    with learner(tmp_path) as anki:
        assert anki.receives([CLAIM]) == Outcome(new=1)
        (card,) = anki.note("it-rains").cards()
        front, back = card.question(), card.answer()
        assert "It rains." in front
        assert "By 31 December 2027." in front
        assert "The glass falls." not in front
        assert NO_ANSWER in back
        assert "The glass falls." in back
        assert f'href="{BASE_URL}/how-many-updates#card-it-rains"' in back
        assert anki.receives([CLAIM]).new == 0


def test_a_claim_without_a_date_shows_none_in_anki(tmp_path: Path) -> None:
    with learner(tmp_path) as anki:
        anki.receives([replace(CLAIM, options={})])
        (card,) = anki.note("it-rains").cards()
        assert "By " not in card.question()
