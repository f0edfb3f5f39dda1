"""Text, maths and deletions survive the way into Anki, and Anki renders them as the app does."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cards.anki_learner import CLOZE, RECALL, Learner, Outcome, learner

if TYPE_CHECKING:
    from collections.abc import Iterator

NASTY = [
    "}}",
    "}",
    "::",
    ":",
    "{{c1::x}}",
    "{{",
    "[sound:a.mp3]",
    "[$]x[/$]",
    "[latex]",
    "<b>",
    "&amp;",
    "\x1f",
    "\u00a0",
]
odd_text = st.lists(st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=("Cs", "Cc")))).map(
    "".join
)
few = settings(max_examples=25)


class _Text(HTMLParser):
    """The text that a browser shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def __str__(self) -> str:
        return "".join(self.pieces)


def shown(html: str) -> str:
    """The text of the card proper, without Anki's style sheet and our small print."""
    return str(_Text(html.rpartition("<main>")[2].partition("</main>")[0]))


def as_anki_keeps_it(text: str) -> str:
    """Anki composes characters; the one that separates its fields becomes a space."""
    return unicodedata.normalize("NFC", text.replace("\x1f", " "))


@pytest.fixture
def someone(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path) as opened:
        yield opened


@few
@given(st.lists(st.tuples(odd_text, odd_text), min_size=1))
def test_any_text_comes_back_from_anki_as_it_went_in(texts: list[tuple[str, str]]) -> None:
    cards = [
        replace(RECALL, id=f"card-{n}", order=n, fields={"front": f"<p>{escape(q)}</p>", "back": escape(a)})
        for n, (q, a) in enumerate(texts)
    ]
    with TemporaryDirectory() as folder, learner(Path(folder)) as someone:
        assert someone.receives(cards) == Outcome(new=len(cards))
        for card, (question, answer) in zip(cards, texts, strict=True):
            note = someone.note(card.id)
            assert str(_Text(note["Front"])) == as_anki_keeps_it(question)
            assert str(_Text(note["Back"])) == as_anki_keeps_it(answer)
        assert someone.healthy()


@few
@given(before=odd_text, hidden=odd_text.filter(str.strip), hint=odd_text, after=odd_text)
def test_any_deletion_is_hidden_and_shown_in_anki_as_in_the_app(
    before: str, hidden: str, hint: str, after: str
) -> None:
    deletion = f'<span class="cloze" data-hint="{escape(hint)}">{escape(hidden)}</span>'
    card = replace(CLOZE, fields={"text": f"<p>{escape(before)}{deletion}{escape(after)}</p>", "extra": ""})
    with TemporaryDirectory() as folder, learner(Path(folder)) as someone:
        someone.receives([card])
        (rendered,) = someone.note(card.id).cards()
        assert shown(rendered.question()) == as_anki_keeps_it(f"{before}[{hint or '...'}]{after}")
        assert shown(rendered.answer()).rstrip("\n") == as_anki_keeps_it(before + hidden + after).rstrip("\n")


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{1}{\sqrt{2}}",
        r"\mathbb{E}[X_{t+1} \mid X_t] = X_t",
        r"a &lt; b \text{ and } {{x}}",
        r"f : A :: B",
        r"\begin{pmatrix} a &amp; b \\ c &amp; d \end{pmatrix}",
        r"\underbrace{\frac{\partial}{\partial{x}}}_{{{y}}}",
    ],
)
def test_every_formula_reaches_mathjax_whole(someone: Learner, tex: str) -> None:
    """In a deletion, TeX may gain spaces, which mean nothing to it; elsewhere it is the same to the byte."""
    inline, block = f'<span class="math inline">{tex}</span>', f'<div class="math block">{tex}</div>'
    asked = replace(RECALL, fields={"front": f"<p>{inline}</p>", "back": block})
    hole = replace(CLOZE, fields={"text": f'<p>It is <span class="cloze">{inline}</span>.</p>', "extra": ""})
    someone.receives([asked, hole])

    (plain,) = someone.note(asked.id).cards()
    assert rf"\({tex}\)" in plain.question()
    assert rf"\[{tex}\]" in plain.answer()

    (cloze,) = someone.note(hole.id).cards()
    assert shown(cloze.question()) == "It is [...]."
    formula = str(_Text(rf"\({tex}\)"))
    assert "".join(shown(cloze.answer()).split()) == "".join(f"It is {formula}.".split())


def test_a_command_of_ankis_in_the_text_is_only_text(someone: Learner) -> None:
    someone.receives([replace(RECALL, fields={"front": "<p>[sound:a.mp3]</p>", "back": "[$]x[/$]"})])
    (card,) = someone.note(RECALL.id).cards()
    assert shown(card.question()) == "[sound:a.mp3]"
    assert card.question_av_tags() == []
    assert shown(card.answer()) == "[$]x[/$]"
