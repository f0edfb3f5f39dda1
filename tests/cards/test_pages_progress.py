"""The progress page: pictures that can be drawn in any theme, and sentences that say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.desk import Limits
from cards.memory import Rating
from cards.pages import cost, progress_sections
from cards.pages import progress_calendar as calendar
from cards.pages import progress_figures as figures
from cards.pages import progress_words as words
from cards.pages.progress import RETENTIONS, View, opening, view
from cards.pages.session import Present
from cards.schedule import SchedulerSettings
from cards.stats.model import Model
from cards.stats.overview import Overview, Span, overview
from cards.stats.pace import ASSUMED, ENOUGH, Pace
from cards.stats.workload import Cards, Workload, workloads
from cards.store import Answer, Store
from cards.totals import CardState, DayTotal, Maturity, Seen, Stage, Standing, Total
from cards.tuning import Tuning
from sim.palette import TOKENS
from sim.toys._drawing import CLEAR
from tests.cards.pages_learner import DECK, card, open_store, someone

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TODAY = 20_780
MODEL = Model(SchedulerSettings())
USUAL = Limits()
PACE = Pace(7.5, 400, own=True)
IDS = (f"answer {number}" for number in count())
TWO = {f"card-{number}": card(number, section="walks" if number < 20 else "heads") for number in range(30)}


def learner(*, days: int, each: int, reviewed: bool = True) -> tuple[list[DayTotal], Standing]:
    """Someone who has answered every third day, and what stands of their cards."""
    history = [
        DayTotal(day, maturity, Total(each, each - each // 5, each // 4, each, 7000 * each))
        for day in range(TODAY - days + 1, TODAY + 1, 3)
        for maturity in (Maturity if reviewed else (Maturity.LEARNING,))
    ]
    seen = [Seen(TODAY - day, 3 + day % 5, 1 + day % 3, 6.5 + day) for day in range(0, days, 4)]
    due = {TODAY - 5 + 3 * place: 1 + place % 4 for place in range(len(seen))}
    stages = {(Stage.NEW, 0): 3, (Stage.YOUNG, 4): 7, (Stage.MATURE, 9): 2}
    return history, Standing(due, seen, stages, {})


LEARNERS: dict[str, tuple[list[DayTotal], Standing]] = {
    "one answer": learner(days=1, each=1, reviewed=False),
    "a week": learner(days=7, each=5),
    "three years": learner(days=1000, each=60),
    "long ago": ([DayTotal(TODAY - 500, Maturity.YOUNG, Total(3, 3))], Standing({}, [], {}, {})),
}


def shown(name: str, span: Span) -> Overview:
    history, standing = LEARNERS[name]
    return overview(history, standing, today=TODAY, span=span, model=MODEL)


def years(cards: int = 12, limits: Limits = USUAL) -> list[Workload]:
    states = [CardState(TODAY, TODAY - place, 5.0 + place, 4.0) for place in range(cards)]
    return workloads(
        Cards.of(states, TODAY),
        RETENTIONS,
        settings=SchedulerSettings(),
        limits=limits,
        days=60,
        copies=2,
    )


def pictures(name: str, span: Span) -> dict[str, tuple[Figure, str]]:
    """All pictures of a page, with their sentences."""
    at = shown(name, span)
    return {
        "calendar": (calendar.picture(at, span), calendar.sentence(at, span)),
        "retention": (figures.recalled(at.retention, 0.9), words.retention(at.retention, 0.9, span)),
        "time": (figures.time_spent(at), words.time_spent(at, span)),
        "forecast": (figures.comes_back(at, span), words.comes_back(at, span)),
        "chances": (figures.chances(at.retrievability), words.chances(at.retrievability, at.remembered)),
        "stability": (figures.stabilities(at.stability), words.stability(at.stability)),
        "difficulty": (figures.difficulties(at.difficulty), words.difficulty(at.difficulty)),
        "what if": (figures.what_if(years(), PACE, 0.9), words.what_if(years(), PACE, 0.9)),
    }


@pytest.mark.parametrize("span", list(Span))
@pytest.mark.parametrize("name", LEARNERS)
def test_every_picture_can_be_drawn_in_any_theme_and_is_said_in_words(name: str, span: Span) -> None:
    for title, (drawn, sentence) in pictures(name, span).items():
        go.Figure(drawn.to_dict())  # Plotly itself finds what it cannot draw
        tree = json.loads(drawn.to_json())
        colours = set(re.findall(r"(?:#[0-9a-f]{3,8}|rgba?\([^)]*\))", json.dumps(tree)))
        assert colours <= {*TOKENS, CLEAR}, title
        assert tree["layout"]["hovermode"] is False
        assert "NaN" not in drawn.to_json()
        assert 100 <= tree["layout"]["height"] <= 600
        assert sentence.endswith("."), title
        assert "nan" not in sentence


@pytest.mark.parametrize("span", list(Span))
@pytest.mark.parametrize("name", LEARNERS)
def test_every_axis_with_numbers_says_what_it_counts(name: str, span: Span) -> None:
    """Below its marks, or above it; the rows of names and the calendar's days speak for themselves."""
    counted = {
        "retention": ["share recalled"],
        "time": ["minutes", "day" if shown(name, span).bin == 1 else f"{shown(name, span).bin} days from"],
        "forecast": ["cards", "day" if span is Span.MONTH else "week from"],
        "chances": ["cards", "chance of recall today"],
        "stability": ["cards", "stability, in days"],
        "difficulty": ["cards", "difficulty"],
        "what if": ["minutes a month", "cards remembered after a year", "desired retention"],
    }
    drawn = {title: figure for title, (figure, _) in pictures(name, span).items() if title != "calendar"}
    assert drawn.keys() == counted.keys()
    for title, figure in drawn.items():
        said = {note.text: note for note in figure.layout.annotations}
        assert set(counted[title]) <= said.keys(), title
        below = said[counted[title][-1]]
        assert figure.layout.margin.b >= -below.yshift + figure.layout.font.size, "there is room for it"


def test_the_sentences_say_how_many_there_are() -> None:
    for title, (_, sentence) in pictures("three years", Span.ALL).items():
        assert re.search(r"\d", sentence), title
    at = shown("three years", Span.ALL)
    assert f"{at.total.answers:,} answers since you began" in calendar.sentence(at, Span.ALL)
    assert f"of {at.retention.together.n:,} (" in words.retention(at.retention, 0.9, Span.ALL)
    assert f"the {at.total.timed:,} answers that were timed" in words.time_spent(at, Span.ALL)
    assert f"{at.forecast.n:,} cards" in words.comes_back(at, Span.ALL)
    assert f"{at.stability.n:,} cards" in words.stability(at.stability)
    assert f"{at.difficulty.n:,} cards" in words.difficulty(at.difficulty)
    assert f"{at.retrievability.n:,} cards" in words.chances(at.retrievability, at.remembered)
    assert "(n = 12 cards)" in words.what_if(years(), PACE, 0.9)


def test_the_calendar_draws_every_day_once() -> None:
    for span, days in ((Span.MONTH, 30), (Span.YEAR, 365), (Span.ALL, 1000)):
        at = shown("three years", span)
        (cells,) = calendar.picture(at, span).data
        drawn = [shade for row in cells.z for shade in row if shade is not None]
        assert len(drawn) == days
        assert sum(shade > 0 for shade in drawn) == sum(week.days for week in at.weeks)
        assert max(drawn) == 1.0


class Table(HTMLParser):
    """The numbers in a table's body, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        """Take what a cell holds."""
        if self.inside:
            self.rows[-1][-1] += data


def test_the_table_of_weeks_says_what_the_calendar_shows() -> None:
    at = shown("a week", Span.YEAR)
    head, *rows = Table(calendar.table(at.weeks)).rows
    assert head == ["Week of", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "All"]
    assert sum(int(row[-1]) for row in rows) == at.total.answers
    assert all(sum(int(cell or 0) for cell in row[1:-1]) == int(row[-1]) for row in rows)


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_row_of_days_is_told_only_while_it_lasts_and_blames_nobody(days: int, answered: int) -> None:
    at = shown("a week", Span.YEAR)
    said = words.kept_days(replace(at, streak=replace(at.streak, days=days, answered=min(days, answered))))
    assert bool(said) == (days > 1)
    assert not re.search(r"lost|broken|missed|only|don't|keep it up|[!]", said)


def test_caps_that_bind_are_told() -> None:
    assert words.caps(years(), 200, 20).endswith("No review is left over.")
    tight = years(60, Limits(new_a_day=5, reviews_a_day=1))
    assert "reviews are left over on some days" in words.caps(tight, 1, 5)


def test_the_curve_is_said_to_bend_where_a_point_costs_twice_as_much() -> None:
    said = words.what_if(years(40), PACE, 0.9)
    found = re.search(r"costs ([\d.]+) seconds a day .* from (\d+)% on", said)
    assert found
    assert 90 <= int(found[2]) <= 98


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture
def here(store: Store) -> Present:
    """Someone who keeps cards of two sections, and one card that has left the book."""
    present = replace(someone(store), deck=TWO)
    store.enrol(present.learner, ["card-0", "card-1", "card-25", "gone"], present.now)
    return present


def give(here: Present, name: str, days: int, *, section: str | None = None, ms: int = 6000) -> None:
    at = here.now - timedelta(days=days)
    where = TWO[name].section if section is None else section
    answer = Answer(next(IDS), name, Rating.EASY, at, ms, section=where)
    here.store.answer(here.learner, answer, here.rules, here.settings)


def look(here: Present, former: Mapping[str, str] | None = None, **query: str) -> View:
    return view(here, former or {}, query)


def test_an_address_that_asks_for_what_there_is_not_shows_everything(here: Present) -> None:
    seen = look(here, range="century", section="nowhere")
    assert (seen.span, seen.section) == (Span.YEAR, None)


def test_cards_that_have_left_the_book_are_told_and_not_counted_in_a_section(here: Present) -> None:
    seen = look(here)
    assert (list(seen.ids), seen.gone) == (["card-0", "card-1", "card-25"], 1)
    assert "1 card has left the book" in opening(seen, seen.overview())
    alone = look(here, section="heads")
    assert (list(alone.ids), alone.gone) == (["card-25"], 0)
    assert "Only <b>How do beliefs walk?</b>" in opening(alone, alone.overview())


def test_a_section_is_looked_at_alone_with_what_was_answered_under_its_former_name(here: Present) -> None:
    give(here, "card-0", 3, section="steps")
    give(here, "card-0", 1)
    give(here, "card-25", 1)
    former = {"steps": "walks"}
    alone = look(here, former, section="walks").overview()
    assert (alone.total.answers, alone.standing.kept) == (2, 2)
    everything = look(here, former)
    rows = Table(progress_sections.table(everything, everything.overview())).rows[1:]
    assert [row[1:3] for row in rows] == [["2", "2"], ["1", "1"]]


def test_answers_of_no_section_are_told_apart(here: Present) -> None:
    give(here, "card-0", 1, section="")
    give(here, "card-1", 1)
    seen = look(here)
    assert "1 answer belongs to no section here" in progress_sections.table(seen, seen.overview())


def test_who_keeps_nothing_is_told_what_to_do(store: Store) -> None:
    seen = look(replace(someone(store), deck=DECK))
    said = opening(seen, seen.overview())
    assert "There is nothing to show yet." in said
    assert 'href="/"' in said


def test_who_has_answered_nothing_is_led_to_the_desk(here: Present) -> None:
    seen = look(here)
    said = opening(seen, seen.overview())
    assert "You keep 4 cards. 4 cards are still to begin." in said
    assert 'href="/review"' in said


def test_titles_are_quoted_as_text(here: Present) -> None:
    odd = {name: replace(one, section_title="<b>p < q</b>") for name, one in TWO.items()}
    seen = look(replace(here, deck=odd), section="walks")
    give(here, "card-0", 1)
    for html in (opening(seen, seen.overview()), progress_sections.table(seen, seen.overview())):
        assert "&lt;b&gt;p &lt; q&lt;/b&gt;" in html


def test_the_cost_of_keeping_is_at_an_assumed_speed_until_there_is_a_known_one(here: Present) -> None:
    said = cost.sentence([f"card-{number}" for number in range(8)], here)
    assert said.startswith("These 8 cards will take about ")
    assert (
        f"an assumed {ASSUMED:.0f} seconds an answer (0 of yours timed so far, {ENOUGH} are enough)" in said
    )
    for _ in range(ENOUGH):
        give(here, "card-0", 1, ms=4500)
    assert f"your own 4.5 seconds an answer (n = {ENOUGH})" in cost.sentence(["card-9"], here)
    assert cost.sentence(["card-9"], here).startswith("This card will take about ")
    assert cost.sentence([], here) == ""


def test_the_cost_is_that_of_the_desired_retention(here: Present) -> None:
    def first_minutes(retention: float) -> int:
        asked = replace(here, tuning=Tuning(desired_retention=retention))
        said = cost.sentence([f"card-{number}" for number in range(60)], asked)
        assert f"at a desired retention of {retention:.0%}" in said
        found = re.search(r"about (\d+) minutes in", said)
        assert found
        return int(found[1])

    assert first_minutes(0.75) < first_minutes(0.97)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.2, "less than a minute"),
        (1.2, "1 minute"),
        (7.6, "8 minutes"),
        (119.4, "119 minutes"),
        (150, "2 hours"),
    ],
)
def test_minutes_are_said_no_more_exactly_than_they_are_known(minutes: float, said: str) -> None:
    assert cost.in_minutes(minutes) == said


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 1200), st.sampled_from(list(Span)))
def test_the_bins_of_time_hold_all_the_minutes(days: int, span: Span) -> None:
    history, standing = learner(days=days, each=6)
    at = overview(history, standing, today=TODAY, span=span, model=MODEL)
    assert sum(at.minutes) == pytest.approx(at.total.elapsed_ms / 60_000)
    assert len(at.minutes) <= 61


def test_the_page_asks_for_each_thing_by_its_own_link(here: Present) -> None:
    seen = look(here, range="month", section="heads")
    found = re.findall(r'href="([^"]+)"', opening(seen, seen.overview()))
    assert "/progress?range=all&amp;section=heads" in found
    assert "/progress?range=month" in found


def test_what_a_tuning_takes_a_day_grows_with_the_retention_of_each_track(here: Present) -> None:
    deck = {f"card-{number}": card(number) for number in range(200)}
    here.store.enrol(here.learner, deck, here.now)
    begins = "The 200 cards that you keep will take "
    relaxed = cost.of_tuning(deck, here, Tuning(desired_retention=0.7))
    strict = cost.of_tuning(deck, here, Tuning(by_track={"beliefs": 0.98}))
    assert relaxed.startswith(f"{begins}less than a minute a day")
    assert strict.startswith(f"{begins}about 2 minutes a day")
    assert cost.of_tuning({}, here, Tuning()) == ""
