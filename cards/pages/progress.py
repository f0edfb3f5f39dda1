"""Progress: what a learner has done and what it has come to, and what another desired retention would cost.

    /progress?range=month|year|all&section=SLUG

Every picture has the same in words below it, and every number says how many it rests on. Nothing here urges
anyone on: a day on which nothing was due counts as kept, and a row of days that has ended is not mentioned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from urllib.parse import urlencode

import streamlit as st

from cards.card import Card
from cards.days import day_number
from cards.desk import Limits
from cards.pages import progress_calendar as calendar
from cards.pages import progress_figures as figures
from cards.pages import progress_words as words
from cards.pages.cost import basis, pace_of
from cards.pages.progress_sections import table
from cards.pages.session import Present, present
from cards.remembered import remembered
from cards.schedule import SchedulerSettings
from cards.stats.model import Model
from cards.stats.overview import Overview, Span, overview
from cards.stats.workload import Cards, Workload, workloads
from cards.store import StoreProblem
from cards.totals import Standing
from sim.pages.lab import Show
from sim.pages.panel import figure

RETENTIONS = (0.70, 0.75, 0.80, 0.85, 0.88, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
FEWER_RETENTIONS = (0.70, 0.80, 0.90, 0.95, 0.97, 0.99)
MANY = 20_000  # cards, from which on each desired retention takes a tenth of a second and more
NAMES = {Span.MONTH: "Month", Span.YEAR: "Year", Span.ALL: "All"}
EMPTY = """<p class="stand">There is nothing to show yet.</p>
<p>Answer a card where it stands in a section, or keep all of a section's cards at its end. What becomes of
them is shown here.</p><p><a href="/">To the sections</a></p>"""
UNANSWERED = """<p>You have not answered one of them yet. <a href="/review">Review them</a>, and what comes
of it is shown here.</p>"""
WHAT_IF = """<h2>What if you asked for more, or for less</h2>
<p>A year of reviews of these cards, simulated at other desired retentions: the chance of recall at which a
card comes back. To remember more, you review sooner and more often.</p>"""
ALONE = "Your caps are shared with your other cards, and left out here."


@dataclass(frozen=True)
class View:
    """What is looked at.

    Attributes:
        here: Whose progress, and when.
        span: How far back and ahead.
        section: A card of the only section looked at; None for all of them.
        ids: The cards that are kept and looked at.
        gone: How many kept cards have left the book.
        former: Slugs that sections had before, and those they have now.
    """

    here: Present
    span: Span
    section: Card | None
    ids: Sequence[str]
    gone: int
    former: Mapping[str, str]

    @property
    def today(self) -> int:
        """The number of today."""
        return day_number(self.here.now, self.here.rules)

    def slugs(self) -> list[str]:
        """Under which slugs the answers looked at were counted; all sections together have none."""
        if self.section is None:
            return [""]
        slug = self.section.section
        return [slug, *(old for old, now in self.former.items() if now == slug)]

    def link(self, span: Span, section: str) -> str:
        """The address of another view."""
        wanted = {"range": str(span), **({"section": section} if section else {})}
        return f"/progress?{urlencode(wanted)}"

    def standing(self) -> Standing:
        """Where the cards looked at stand."""
        store, learner = self.here.store, self.here.learner
        return store.standing(learner) if self.section is None else store.standing(learner, self.ids)

    def overview(self) -> Overview:
        """All there is to show of them."""
        store, learner = self.here.store, self.here.learner
        history = [total for slug in self.slugs() for total in store.day_totals(learner, 0, self.today, slug)]
        model = Model(self.here.settings)
        return overview(history, self.standing(), today=self.today, span=self.span, model=model)


def page(former: Mapping[str, str], show: Show, query: Mapping[str, str]) -> None:
    """Show the page.

    Args:
        former: Slugs that sections had before, and those they have now.
        show: Shows HTML.
        query: The page's query parameters.
    """
    try:
        seen = view(present(), former, query)
        shown = seen.overview()
        _page(seen, shown, show)
    except StoreProblem as problem:
        show(
            f'<div id="top"><h1>Progress</h1><p role="alert">{escape(problem.what)} '
            f"{escape(problem.remedy)}</p></div>",
            key="progress-trouble",
        )


def view(here: Present, former: Mapping[str, str], query: Mapping[str, str]) -> View:
    """What an address asks for; what it asks for in vain is passed over."""
    asked = query.get("range", "")
    span = Span(asked) if asked in list(Span) else Span.YEAR
    wanted = query.get("section", "")
    section = next((card for card in here.deck.values() if card.section == wanted), None)
    ids = here.store.counted_ids(here.learner)
    known = [card_id for card_id in ids if card_id in remembered(here.deck)]
    if section is not None:
        known = [card_id for card_id in known if here.deck[card_id].section == wanted]
    return View(here, span, section, known, len(ids) - len(known) if section is None else 0, former)


def _page(seen: View, shown: Overview, show: Show) -> None:
    show(opening(seen, shown), key="progress-opening")
    answered = bool(shown.ever.answers)
    if answered:
        _history(seen, shown, show)
        _future(seen, shown, show)
        show(table(seen, shown), key="progress-sections")
    if shown.standing.kept:
        _what_if(seen, show)  # last, because it takes longest


def opening(seen: View, shown: Overview) -> str:
    """The head of the page."""
    answered = shown.ever.answers
    if not answered and not shown.standing.kept and seen.section is None:
        return f'<div class="learner-progress" id="top"><h1>Progress</h1>{EMPTY}</div>'
    section = seen.section.section if seen.section else ""
    spans = "".join(
        f'<a href="{escape(seen.link(span, section))}"{current}>{name}</a>'
        for span, name in NAMES.items()
        for current in [' aria-current="true"' if span is seen.span else ""]
    )
    only = ""
    if seen.section:
        title = escape(seen.section.section_title)
        everything = escape(seen.link(seen.span, ""))
        only = f'<p class="ui only">Only <b>{title}</b> · <a href="{everything}">All sections</a></p>'
    row = "" if seen.section else words.kept_days(shown)
    unanswered = "" if answered else UNANSWERED
    return (
        f'<div class="learner-progress" id="top"><h1>Progress</h1>'
        f'<p class="stand">{words.summary(shown, seen.gone)}</p>{f"<p>{row}</p>" if row else ""}'
        f'<nav class="ui spans" aria-label="How far back">{spans}</nav>{only}{unanswered}</div>'
    )


def _history(seen: View, shown: Overview, show: Show) -> None:
    span, desired = seen.span, seen.here.settings.desired_retention
    show("<h2>Answers</h2>", key="progress-answers")
    figure(calendar.picture(shown, span), calendar.sentence(shown, span), key="progress-calendar")
    show(calendar.table(shown.weeks), key="progress-weeks")
    show("<h2>True retention</h2>", key="progress-retention-title")
    said = words.retention(shown.retention, desired, span)
    if shown.retention.together.n:
        figure(figures.recalled(shown.retention, desired), said, key="progress-retention")
    else:
        show(f'<p class="ui">{said}</p>', key="progress-no-reviews")
    show("<h2>Time</h2>", key="progress-time-title")
    figure(figures.time_spent(shown), words.time_spent(shown, span), key="progress-time")


def _future(seen: View, shown: Overview, show: Show) -> None:
    show("<h2>What comes back</h2>", key="progress-forecast-title")
    figure(figures.comes_back(shown, seen.span), words.comes_back(shown, seen.span), key="progress-forecast")
    show("<h2>How well it is held</h2><h3>Chance of recall today</h3>", key="progress-held-title")
    said = words.chances(shown.retrievability, shown.remembered)
    figure(figures.chances(shown.retrievability), said, key="progress-retrievability")
    show("<h3>Stability</h3>", key="progress-stability-title")
    figure(figures.stabilities(shown.stability), words.stability(shown.stability), key="progress-stability")
    show("<h3>Difficulty</h3>", key="progress-difficulty-title")
    figure(
        figures.difficulties(shown.difficulty), words.difficulty(shown.difficulty), key="progress-difficulty"
    )


def _what_if(seen: View, show: Show) -> None:
    here, desired = seen.here, round(seen.here.settings.desired_retention, 2)
    states = here.store.card_states(here.learner, None if seen.section is None else seen.ids)
    cards = Cards.of(states, seen.today)
    if not cards.n:
        return
    limits = here.limits if seen.section is None else replace(here.limits, reviews_a_day=cards.n)
    tried = RETENTIONS if cards.n <= MANY else FEWER_RETENTIONS
    found = _simulated(cards, sorted({*tried, desired}), here.settings, limits)
    pace = pace_of(here)
    caps = words.caps(found, limits.reviews_a_day, limits.new_a_day) if seen.section is None else ALONE
    show(
        f'{WHAT_IF}<p class="ui">{basis(pace, desired)}</p>',
        key="progress-what-if-title",
    )
    figure(
        figures.what_if(found, pace, desired),
        f"{words.what_if(found, pace, desired)} {caps}",
        key="progress-what-if",
    )


def _simulated(
    cards: Cards, retentions: Sequence[float], settings: SchedulerSettings, limits: Limits
) -> list[Workload]:
    """Simulate, or find what was simulated of the same before."""
    simulate = partial(workloads, cards, retentions, settings=settings, limits=limits)
    key = (
        cards.last.tobytes(),
        cards.stability.tobytes(),
        cards.difficulty.tobytes(),
        cards.new,
        tuple(retentions),
        settings.to_json(),
        limits.new_a_day,
        limits.reviews_a_day,
    )
    return _kept(key, _simulate=simulate)


@st.cache_data(max_entries=16, show_spinner=False)
def _kept(key: tuple[object, ...], _simulate: partial[list[Workload]]) -> list[Workload]:  # noqa: ARG001 - the key
    return _simulate()
