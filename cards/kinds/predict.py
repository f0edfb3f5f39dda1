"""A question about a simulation, with other settings each time; the answer is a guess, and the grade follows.

    :::{predict} updates-from-anywhere
    :sim: belief_walk
    :ask: expected_updates
    :vary: start in 5%..95%, step in 1%..5%
    :tolerance: 10%
    You are at {start}. Each update moves you by {step}. How many until you are certain, on average?
    ---
    This is shown with the answer, and may be left out.
    :::

The settings are drawn by the card, the learner and the repetition (`cards.predict.drawing`), the answer is
the simulation's own, and the grade follows from how far the guess is off (`cards.predict.tolerance`). Where a
card can only ask one thing, as in Anki, it asks what it would ask of nobody.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from cards.instance import NOBODY, Instance, Quiz
from cards.kind import NO_OPTIONS, Example, Faces, Fields, Finding, Kind, Options
from cards.markup import is_blank
from cards.note_type import SMALL_PRINT, NoteField, NoteTemplate, NoteType
from cards.predict.drawing import Drawn, draw, probe, said, units
from cards.predict.picture import Picture, picture
from cards.predict.question import Question, question, read
from cards.predict.wording import fill, placeholders, says_twice
from sim.pages.specimen import run_address
from sim.words import quantity

if TYPE_CHECKING:
    from cards.card import Card

WORKED_OUT = '<p class="truth">The answer is worked out for each question.</p>'


class Predict(Kind):
    """Have a guess at a simulation, then hold it against what is so."""

    name: ClassVar[str] = "predict"
    directive: ClassVar[str] = "predict"
    title: ClassVar[str] = "Predict"
    parts: ClassVar[tuple[str, ...]] = ("question", "explanation")
    optional_parts: ClassVar[frozenset[str]] = frozenset({"explanation"})
    options: ClassVar[frozenset[str] | None] = None
    asks_for_guess: ClassVar[bool] = True
    example: ClassVar[Example] = Example(
        "{start}",
        MappingProxyType(
            {"sim": "belief_walk", "ask": "variance", "vary": "start in 5%..95%", "tolerance": "10%"}
        ),
    )

    # Every id and every field is frozen: see cards/note_type.py.
    note_type: ClassVar[NoteType] = NoteType(
        id=1_764_500_000_103,
        name="Martingale predict",
        fields=(
            NoteField(7_303_001, "Question"),
            NoteField(7_303_002, "Answer"),
            NoteField(7_303_003, "Settings"),
            NoteField(7_303_004, "Picture"),
            NoteField(7_303_005, "Section"),
            NoteField(7_303_006, "Link"),
            NoteField(7_303_007, "Sources"),
            NoteField(7_303_008, "Checked"),
            NoteField(7_303_009, "CardId"),
            NoteField(7_303_010, "Spare1"),
            NoteField(7_303_011, "Spare2"),
        ),
        templates=(
            NoteTemplate(
                7_303_101,
                "Predict",
                front="<main>{{Question}}</main>",
                back="{{FrontSide}}\n<hr id=answer>\n<main>{{Answer}}\n{{Picture}}\n"
                "<div class=extra>{{Settings}}</div></main>" + SMALL_PRINT,
            ),
        ),
        revised=datetime(2026, 11, 26, tzinfo=UTC),
    )

    def check(self, fields: Fields, options: Options = NO_OPTIONS) -> list[Finding]:
        """Return all that is wrong with text and options; then, if nothing is, with what can be drawn."""
        text = fields.get("question", "")
        findings = []
        if is_blank(text):
            hint = "write one, with the settings that vary in braces"
            findings.append(Finding("missing-question", "The card has no question.", hint))
        asked, wrong = read(options)
        findings += wrong
        if asked is None:
            return findings
        known = {varied.name for varied in asked.ranges} | set(asked.fixed)
        for name in placeholders(text + fields.get("explanation", "")):
            if name not in known:
                message = f"'{{{name}}}' is a setting that is neither varied nor fixed."
                hint = f"the text can name {', '.join(f'{{{one}}}' for one in sorted(known))}"
                findings.append(Finding("bad-setting", message, hint, words=f"{{{name}}}"))
        findings += _said_twice(asked, text)
        for varied in asked.ranges:
            if varied.name not in placeholders(text) and not is_blank(text):
                message = f"'{varied.name}' varies, and the question does not say what it is."
                named = re.search(rf"\b{varied.name}\b", options["vary"])
                hint = f"write {{{varied.name}}} where its value is to stand"
                findings.append(Finding("bad-option", message, hint, "vary", named and named.span()))
        return findings or probe(asked)

    def faces(self, fields: Fields) -> Faces:
        """Return the text with its settings still in braces; `instance` has them filled in."""
        explanation = fields.get("explanation", "")
        return Faces(fields["question"], f"{WORKED_OUT}\n{explanation}".strip())

    def instance(self, card: Card, learner: int = NOBODY, repetition: int = 0) -> Instance:
        """Return the question with the settings of this repetition, and what a guess is held against."""
        asked = question(card.options)
        drawn = draw(asked, card.id, learner, repetition)
        words = said(asked, drawn.settings)
        explanation = fill(card.fields.get("explanation", ""), words)
        settings = drawn.settings.model_dump()
        fact = asked.quantity
        truth = escape(quantity(drawn.truth, fact.unit))
        return Instance(
            front=fill(card.fields["question"], words),
            back=f'<p class="truth">The answer is <strong>{truth}</strong>.</p>\n{explanation}'.strip(),
            quiz=Quiz(
                toy=asked.toy.name,
                fact=asked.fact,
                title=fact.title,
                unit=fact.unit,
                ask=asked.ask,
                settings=settings,
                seed=drawn.seed,
                truth=drawn.truth,
                tolerance=asked.tolerance.at(drawn.truth),
                within=asked.tolerance.words(fact.unit),
                rule=asked.tolerance.rule(fact.unit, asked.ask.kind),
                run=run_address(asked.toy.name, settings, drawn.seed),
                explanation=explanation,
            ),
        )

    def media(self, card: Card) -> dict[str, bytes]:
        """Return the picture of the run that the note speaks of."""
        drawn = _picture(card)
        return {drawn.name: drawn.data}

    def note_fields(self, card: Card) -> dict[str, str]:
        """Return one fixed instance, the picture of its run, and its settings with a link to that run."""
        asked, drawn = _fixed(card)
        instance = self.instance(card)
        run = run_address(asked.toy.name, drawn.settings.model_dump(), drawn.seed)
        return {
            "Question": instance.front,
            "Answer": instance.back,
            "Settings": f'<a href="{escape(run)}">{escape(_settings(asked, drawn))}</a>',
            "Picture": _picture(card).html,
        }


def _said_twice(asked: Question, text: str) -> list[Finding]:
    """A finding for each setting whose unit the text says again."""
    findings = []
    for name in placeholders(text):
        unit = units(asked).get(name, "")
        if unit and says_twice(text, name, unit):
            message = f"'{{{name}}}' is shown with its unit, and the text says '{unit}' again."
            findings.append(Finding("bad-setting", message, "take it out of the text", words=f"{{{name}}}"))
    return findings


def _fixed(card: Card) -> tuple[Question, Drawn]:
    asked = question(card.options)
    return asked, draw(asked, card.id, NOBODY, 0)


def _picture(card: Card) -> Picture:
    asked, drawn = _fixed(card)
    return picture(asked.toy.name, drawn.settings, drawn.seed)


def _settings(asked: Question, drawn: Drawn) -> str:
    """The settings in words: "Start 37%, Step 2%, seed 7"."""
    fields = asked.toy.module.Config.model_fields
    words = [f"{fields[name].title} {words}" for name, words in said(asked, drawn.settings).items()]
    return f"{asked.toy.title}: {', '.join(words)}, seed {drawn.seed}"


KIND = Predict()
