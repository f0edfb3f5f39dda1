"""Evidence to be foreseen, as authors write it, and a claim's options; each mistake at its own word."""

from __future__ import annotations

import pytest

from content.blocks import ConservationBlock, ProblemBlock
from content.problems import Code
from tests.content.books import HEAD, MakeLibrary, ReadSection

WHOLE = (
    ":::{{conservation}} {id}\n{option}It *rains*.\n---\nThe glass falls, by $x$.\n---\n"
    "It fell.\n---\nWell.\n:::"
)
WRITTEN = WHOLE.format(id="the-glass", option=":happened: true\n")


def test_a_block_has_its_four_parts(read_section: ReadSection) -> None:
    section = read_section(WRITTEN)
    (block,) = section.blocks
    assert isinstance(block, ConservationBlock)
    found = block.evidence
    assert section.evidence == (found,)
    assert (found.id, found.section, found.happened) == ("the-glass", "here", True)
    assert found.claim == "<p>It <em>rains</em>.</p>"
    assert '<span class="math inline">x</span>' in found.may_come
    assert (found.came, found.comment) == ("<p>It fell.</p>", "<p>Well.</p>")


def test_the_comment_may_be_left_out(read_section: ReadSection) -> None:
    (found,) = read_section(WRITTEN.replace("---\nWell.\n", "")).evidence
    assert found.comment == ""


def test_a_book_knows_its_evidence_by_id(make_library: MakeLibrary) -> None:
    book = make_library({"alpha/here.md": HEAD + WRITTEN}).load()
    assert list(book.evidence) == ["the-glass"]
    assert book.deck == {}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (WHOLE.format(id="x", option=""), Code.BAD_OPTION, 1),
        (WHOLE.format(id="x", option=":happened: perhaps\n"), Code.BAD_OPTION, 2),
        (WHOLE.format(id="x", option=":happened:\n"), Code.BAD_OPTION, 1),
        (WHOLE.format(id="", option=":happened: true\n"), Code.MISSING_ID, 1),
        (WHOLE.format(id="An Id", option=":happened: true\n"), Code.BAD_ID, 1),
        (WRITTEN.replace("It *rains*.", ""), Code.MISSING_QUESTION, 1),
        (WRITTEN.replace("The glass falls, by $x$.", ""), Code.MISSING_QUESTION, 4),
        (WRITTEN.replace("It fell.", ""), Code.MISSING_ANSWER, 6),
        (WRITTEN.replace("Well.", "Well.\n---\nMore."), Code.EXTRA_PART, 10),
        (
            ":::{conservation} x\n:happened: false\nIt rains.\n---\nThe glass falls.\n:::",
            Code.MISSING_ANSWER,
            1,
        ),
    ],
)
def test_what_is_wrong_is_one_problem_and_holds_the_block_back(
    text: str, code: Code, line: int, read_section: ReadSection
) -> None:
    section = read_section(text)
    (problem,) = section.problems
    first = len(HEAD.splitlines())
    assert (problem.code, problem.line - first) == (code, line)
    assert problem.hint
    assert section.blocks == (ProblemBlock(problem),)
    assert section.evidence == ()


def test_an_id_belongs_to_one_block_of_the_book_whatever_it_is(make_library: MakeLibrary) -> None:
    card = ":::{card} the-glass\nQ\n---\nA\n:::\n"
    for first, second in ((card, WRITTEN), (WRITTEN, card), (WRITTEN, WRITTEN)):
        book = make_library({"alpha/a.md": HEAD + first, "alpha/b.md": HEAD + second}).load()
        (problem,) = book.problems
        assert problem.code is Code.DUPLICATE_ID
        assert problem.path.endswith("b.md")
        assert f"in {book.by_slug['a'].path}:" in problem.message
        assert isinstance(book.by_slug["b"].blocks[0], ProblemBlock)


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        (":by: 2027-02-30", "2027-02-30", "2027-12-31"),
        (":by: next year", "next year", "2027-12-31"),
        (":by: 20271231", "20271231", "2027-12-31"),
        (":before: yes", "yes", "write true"),
    ],
)
def test_a_claims_options_are_judged_at_their_values(
    option: str, value: str, hint: str, read_section: ReadSection
) -> None:
    text = f":::{{credence}} it-rains\n{option}\nIt rains.\n---\nLook.\n:::"
    (problem,) = read_section(text).problems
    assert problem.code is Code.BAD_OPTION
    assert (HEAD + text).split("\n")[problem.line - 1][problem.column - 1 :] == value
    assert hint in problem.hint


def test_a_claim_with_another_date_is_another_text(read_section: ReadSection) -> None:
    text = ":::{credence} it-rains\n:by: 2027-12-31\nIt rains.\n---\nLook.\n:::"
    (one,), (other,) = (read_section(written).cards for written in (text, text.replace("2027", "2028")))
    assert one.text_hash != other.text_hash


def test_claims_are_counted_apart_from_cards_to_remember(read_section: ReadSection) -> None:
    text = ":::{credence} it-rains\nIt rains.\n---\nLook.\n:::\n\n:::{card} what-falls\nQ\n---\nA\n:::"
    section = read_section(text)
    assert [card.id for card in section.claims] == ["it-rains"]
    assert [card.id for card in section.to_remember] == ["what-falls"]
    assert len(section.cards) == 2
