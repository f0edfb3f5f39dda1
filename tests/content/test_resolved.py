"""How claims have turned out, as a section's front matter says; what is wrong is found at its own word."""

from __future__ import annotations

from datetime import date

import pytest

from cards.claims import Outcome
from cards.settled import Settled
from content.blocks import ProblemBlock
from content.problems import Code
from tests.content.books import HEAD, ReadSection

CLAIMS = (
    ":::{credence} it-rains\nIt rains.\n---\nLook.\n:::\n\n"
    ":::{credence} it-snows\nIt snows.\n---\nLook up.\n:::\n\n"
    ":::{card} what-falls\nWhat?\n---\nRain.\n:::\n"
)


def head(resolved: str) -> str:
    return HEAD.replace("summary:", f"resolved: {resolved}\nsummary:")


@pytest.mark.parametrize(
    ("written", "settled"),
    [
        ("yes", Settled(Outcome.YES)),
        ("no 2027-01-03", Settled(Outcome.NO, date(2027, 1, 3))),
        ("void the question made no sense", Settled(Outcome.VOID, None, "the question made no sense")),
        ("yes 2028-02-29 it did, twice over", Settled(Outcome.YES, date(2028, 2, 29), "it did, twice over")),
        ("no 7 drops fell", None),
    ],
)
def test_an_outcome_may_have_a_day_and_a_reason(
    written: str, settled: Settled | None, read_section: ReadSection
) -> None:
    section = read_section(CLAIMS, head(f"{{it-rains: '{written}'}}"))
    assert [problem.code for problem in section.problems] == [Code.BAD_FRONT_MATTER] * (settled is None)
    rain, snow, card = section.cards
    assert (rain.resolved, snow.resolved, card.resolved) == (settled, None, None)


def test_many_claims_are_resolved_on_one_line_or_on_several(read_section: ReadSection) -> None:
    for written in ("{it-rains: yes, it-snows: void}", "\n  it-rains: yes\n  it-snows: void"):
        section = read_section(CLAIMS, head(written))
        assert section.problems == ()
        assert [card.resolved.outcome for card in section.cards if card.resolved] == ["yes", "void"]


def test_resolving_a_claim_does_not_change_its_text(read_section: ReadSection) -> None:
    (open_, *_), (settled, *_) = (
        read_section(CLAIMS, front).cards for front in (HEAD, head("{it-rains: yes}"))
    )
    assert open_.text_hash == settled.text_hash


@pytest.mark.parametrize(
    ("written", "at", "message", "hint"),
    [
        ("{it-rain: yes}", "it-rain: yes", "no claim 'it-rain'", "did you mean 'it-rains'?"),
        ("{what-falls: yes}", "what-falls", "only claims turn out", "it-rains"),
        ("{it-snows: yess}", "yess", "'yess' is not how a claim can turn out", "did you mean 'yes'?"),
        ("{it-snows: open}", "open", "'open' is not how", "no, void, yes"),
        ("{it-rains: yes, it-snows: maybe}", "maybe", "'maybe'", "no, void, yes"),
        ("{it-rains: yes 2027-02-30}", "2027-02-30", "is not a date", "2027-01-03"),
        ("{it-rains: ''}", "", "'' is not how", "no, void, yes"),
        ("[it-rains]", "resolved", "is not a list of claims", "resolved: {a-claim: yes}"),
        ("{it-rains: [yes]}", "resolved", "is not a list of claims", "resolved: {a-claim: yes}"),
    ],
)
def test_what_is_wrong_is_found_at_its_own_word(
    written: str, at: str, message: str, hint: str, read_section: ReadSection
) -> None:
    front = head(written)
    section = read_section(CLAIMS, front)
    (problem,) = section.problems
    assert problem.code is Code.BAD_FRONT_MATTER
    assert message in problem.message
    assert problem.message.endswith(".")
    assert hint in problem.hint
    assert front.split("\n")[problem.line - 1][problem.column - 1 :].startswith(at)
    assert section.blocks[0] == ProblemBlock(problem)
