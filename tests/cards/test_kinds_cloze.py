"""A sentence with holes in it: its faces in the app, and its syntax in Anki."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cards.kinds.cloze import KIND
from tests.cards.anki_learner import CLOZE


def in_anki(text: str) -> str:
    return KIND.note_fields(replace(CLOZE, fields={"text": text, "extra": ""}))["Text"]


def test_all_deletions_are_hidden_together_and_shown_together() -> None:
    text = '<p><span class="cloze">A</span> and <span class="cloze" data-hint="next &lt;">B</span></p>'
    assert KIND.faces({"text": text, "extra": ""}) == (
        '<p><span class="cloze blank">[…]</span> and <span class="cloze blank">[next &lt;]</span></p>',
        '<p><span class="cloze">A</span> and <span class="cloze">B</span></p>',
    )


def test_the_extra_is_on_the_back_alone() -> None:
    faces = KIND.faces({"text": '<p><span class="cloze">A</span></p>', "extra": "<p>More.</p>"})
    assert "More" not in faces.front
    assert faces.back.endswith('<div class="extra"><p>More.</p></div>')


def test_markup_and_maths_inside_a_deletion_go_with_it() -> None:
    inside = '<em>very</em> <span class="math inline">x &lt; y</span> <a href="/s">so</a><br>'
    text = f'<p>It is <span class="cloze">{inside}</span> &amp; more.</p>'
    faces = KIND.faces({"text": text, "extra": ""})
    assert faces.front == '<p>It is <span class="cloze blank">[…]</span> &amp; more.</p>'
    assert faces.back == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<p>Nothing is hidden here.</p>", "missing-answer"),
        ('<p>An empty <span class="cloze"> </span> hole.</p>', "missing-answer"),
        ("<p></p>", "missing-question"),
    ],
)
def test_what_can_be_wrong(text: str, code: str) -> None:
    assert [finding.code for finding in KIND.check({"text": text, "extra": ""})] == [code]


@pytest.mark.parametrize(
    ("deletion", "expected"),
    [
        ('<span class="cloze">sum</span>', "{{c1::sum}}"),
        ('<span class="cloze" data-hint="what?">sum</span>', "{{c1::sum::what?}}"),
        ('<span class="cloze">std::vector</span>', "{{c1::std:&#58;vector}}"),
        ('<span class="cloze">ends with:</span>', "{{c1::ends with&#58;}}"),
        ('<span class="cloze">{{x}}</span>', "{{c1::{{x}&#125;}}"),
        (
            '<span class="cloze"><span class="math inline">\\frac{1}{\\sqrt{2}}</span></span>',
            '{{c1::<span class="math inline">\\frac{1}{\\sqrt{2} }</span>}}',
        ),
    ],
)
def test_braces_and_colons_do_not_end_a_deletion_early_in_anki(deletion: str, expected: str) -> None:
    assert in_anki(f"<p>{deletion}</p>") == f"<p>{expected}</p>"


def test_text_that_looks_like_ankis_syntax_makes_no_deletion() -> None:
    assert in_anki("<p><code>{{c1::x}}</code></p>") == "<p><code>&#123;{c1::x}}</code></p>"
