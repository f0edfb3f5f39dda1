"""A question and its answer."""

from __future__ import annotations

import pytest

from cards.kinds.recall import KIND

FIELDS = {"front": "<p>Question?</p>", "back": "<p>Answer.</p>"}


def test_the_faces_are_what_is_written() -> None:
    assert KIND.faces(FIELDS) == (FIELDS["front"], FIELDS["back"])


def test_a_picture_is_an_answer() -> None:
    assert KIND.check({**FIELDS, "back": '<p><img src="/figures/walk.svg" alt=""></p>'}) == []


def test_each_empty_side_has_its_own_code() -> None:
    assert [finding.code for finding in KIND.check({"front": "", "back": ""})] == [
        "missing-question",
        "missing-answer",
    ]


@pytest.mark.parametrize("written", ["true", "false"])
def test_reverse_is_true_or_false(written: str) -> None:
    assert KIND.check(FIELDS, {"reverse": written}) == []


def test_any_other_reverse_is_a_bad_option_that_quotes_it() -> None:
    (finding,) = KIND.check(FIELDS, {"reverse": "yes"})
    assert finding.code == "bad-option"
    assert "'yes'" in finding.message
