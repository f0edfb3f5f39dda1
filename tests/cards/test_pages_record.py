"""The reader's own record in a section: their own numbers, in the ledger's words, and no verdict too soon."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from cards.beliefs.verdict import ENOUGH
from cards.claims import Credence
from cards.pages.record import shown
from cards.pages.session import Present
from cards.store import ProblemKind, Store, StoreProblem
from tests.cards.pages_learner import NOW, card, open_store, someone

IDS = (f"said {number}" for number in count())
BOOK = {
    f"claim-{number}": card(
        number, id=f"claim-{number}", kind="credence", section_title="How do <beliefs> walk?"
    )
    for number in range(3)
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("record"))
    yield opened
    opened.close()


@pytest.fixture
def reader(store: Store) -> Present:
    """Someone who has said nothing yet."""
    return replace(someone(store), deck=BOOK)


def say(reader: Present, claim_id: str, credences: Sequence[float | None]) -> None:
    """Put down credences in a claim, a day apart, the last one now."""
    for ago, credence in zip(reversed(range(len(credences))), credences, strict=True):
        entry = Credence(next(IDS), claim_id, credence, NOW - timedelta(days=ago))
        reader.store.record_credence(reader.learner, entry)


def measures(html: str) -> dict[str, str]:
    """The record's rows: name to value."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html))


def test_who_has_said_nothing_is_led_to_the_first_claim(reader: Present) -> None:
    html = shown(reader)
    assert "You have not put a number on any claim yet. 3 claims of this book wait for one" in html
    assert '<a href="/walks#card-claim-0">How do &lt;beliefs&gt; walk?</a>' in html
    assert measures(html) == {}
    assert 'href="/ledger"' in html


def test_a_book_without_claims_says_only_that_there_is_no_number(store: Store) -> None:
    html = shown(someone(store))
    assert "<p>You have not put a number on any claim yet.</p>" in html


def test_one_credence_has_not_moved_yet(reader: Present) -> None:
    say(reader, "claim-0", [0.3])
    html = shown(reader)
    assert "1 claim, 1 credence." in html
    assert measures(html) == {}
    assert "No claims have moved; a verdict waits for 50" in html


def test_the_numbers_are_those_of_the_published_path(reader: Present) -> None:
    """[1/2, 1/4, 1/10] has M = 17/200 and R = 4/25; what was no number in between is passed over."""
    say(reader, "claim-0", [0.5, 0.25, None, 0.1])
    html = shown(reader)
    found = measures(html)
    assert found["Claims that moved"] == "1"
    assert float(found["Movement"]) == pytest.approx(17 / 200)
    assert float(found["Uncertainty reduction"]) == pytest.approx(4 / 25)
    assert found["Movement for each unit of reduction"] == f"{17 / 200 / (4 / 25):.2f}"
    assert "an interval is given from 20 claims on" in html


def test_there_is_no_ratio_where_uncertainty_has_not_fallen(reader: Present) -> None:
    say(reader, "claim-0", [0.5, 0.25, 0.5])
    html = shown(reader)
    assert measures(html)["Movement for each unit of reduction"] == "–"
    assert "uncertainty has not fallen on the whole, so there is no ratio" in html


def test_a_verdict_waits_for_fifty_claims(reader: Present) -> None:
    steps = random.Random(3)  # noqa: S311 - a walk, not a secret
    for number in range(ENOUGH):
        if number == ENOUGH - 1:
            assert f"{ENOUGH - 1} claims have moved; a verdict waits" in shown(reader)
        first = steps.uniform(0.2, 0.8)
        say(reader, f"own-{number}", [first, first + steps.choice((-0.1, 0.1))])
    html = shown(reader)
    assert f"Over {ENOUGH} claims" in html
    assert "a verdict waits" not in html
    assert "95% interval from" in html


def test_drift_is_explained_and_not_held_against_anyone(reader: Present) -> None:
    say(reader, "claim-0", [0.5, 0.48, 0.46, 0.44])
    html = shown(reader)
    assert "100% of your moves go down. That alone is no fault" in html


def test_a_record_that_cannot_be_read_says_why(reader: Present, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> None:
        raise StoreProblem(ProblemKind.NOT_OURS, "The file is <away>.", where="here", remedy="Bring it back.")

    monkeypatch.setattr(Store, "credences", unreadable)
    html = shown(reader)
    assert "<p>The file is &lt;away&gt;.</p>" in html
    assert 'href="/ledger"' in html
