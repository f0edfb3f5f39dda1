"""The block that shows the reader's own record, as authors write it."""

from __future__ import annotations

import pytest

from content.blocks import LedgerBlock
from content.problems import Code
from tests.content.books import HEAD, ReadSection


def test_a_block_takes_nothing_and_keeps_its_place(read_section: ReadSection) -> None:
    section = read_section("Before.\n\n:::{ledger}\n:::\n\nAfter.")
    assert section.problems == ()
    assert [block for block in section.blocks if isinstance(block, LedgerBlock)] == [
        LedgerBlock(line=len(HEAD.splitlines()) + 3)
    ]
    assert section.cards == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (":::{ledger} of-mine\n:::", Code.BAD_OPTION),
        (":::{ledger}\n:claims: 50\n:::", Code.UNKNOWN_OPTION),
        (":::{ledger}\nText.\n:::", Code.BAD_OPTION),
        ("> :::{ledger}\n> :::", Code.MISPLACED_BLOCK),
    ],
)
def test_what_it_does_not_take_is_one_problem(text: str, code: Code, read_section: ReadSection) -> None:
    (problem,) = read_section(text).problems
    assert problem.code is code


def test_text_in_it_is_to_be_moved_out(read_section: ReadSection) -> None:
    (problem,) = read_section(":::{ledger}\nText.\n:::").problems
    assert problem.message == "A ledger holds nothing, not 'Text.'."
    assert problem.hint == "move the text out"
