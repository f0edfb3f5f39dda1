"""The calendar of answers: a picture with a shade for each day, a sentence, and a table by week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cards.pages.progress_figures import day_month
from cards.pages.progress_words import SPANS, counted, on_date
from cards.stats.calendar import DAYS_A_WEEK, Week, month_starts
from cards.stats.overview import Overview, Span
from sim.palette import DATA_1, RULE
from sim.toys._drawing import axis, figure, label

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKS_A_BAND = 53
CELL, ROW = 15, 30  # pixels: the height of a day among many weeks, and of a week among few
PALEST, GROWTH = 0.25, 0.5  # the shade of a single answer, and how shades grow with answers
SHADES = [[0, RULE], [1, DATA_1]]


def sentence(shown: Overview, span: Span) -> str:
    """What was answered, and on how many days."""
    total = shown.total
    if not total.answers:
        return f"No answers {SPANS[span]}."
    days = sum(week.days for week in shown.weeks)
    each = ((count or 0, week.monday + day) for week in shown.weeks for day, count in enumerate(week.answers))
    most, busiest = max(each)
    whose = "its card" if total.introduced == 1 else "their cards"
    new = f", {total.introduced:,} of them the first to {whose}" if total.introduced else ""
    return (
        f"{counted(total.answers, 'answer')} {SPANS[span]}{new}, on {counted(days, 'day')} of "
        f"{shown.today - shown.first + 1:,}; the most, {most:,}, on {on_date(busiest)}."
    )


def table(weeks: Sequence[Week]) -> str:
    """The calendar as a table of HTML, the latest week first, for those who do not see its shades."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Week of", *WEEKDAYS, "All"))
    rows = "".join(
        f'<tr><th scope="row">{on_date(week.monday)}</th>'
        f"{''.join(f'<td>{_cell(count)}</td>' for count in week.answers)}<td>{week.total:,}</td></tr>"
        for week in reversed(weeks)
    )
    return (
        '<details class="ui by-week"><summary>Answers week by week</summary><div class="table" tabindex="0" '
        'role="region" aria-label="Answers week by week"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def picture(shown: Overview, span: Span) -> Figure:
    """The days by how much was answered: a month week below week, longer spans week beside week."""
    return _month(shown) if span is Span.MONTH else _bands(shown)


def _month(shown: Overview) -> Figure:
    weeks = shown.weeks
    counts = [list(week.answers) for week in weeks]
    return figure(
        [_cells(_shades(counts))],
        height=ROW * len(weeks) + 32,
        margin={"l": 52, "r": 8, "t": 24, "b": 8},
        xaxis=axis(
            side="top",
            ticks="",
            range=[-0.5, 6.5],
            tickvals=list(range(DAYS_A_WEEK)),
            ticktext=list(WEEKDAYS),
        ),
        yaxis=axis(
            ticks="",
            range=[len(weeks) - 0.5, -0.5],
            tickvals=list(range(len(weeks))),
            ticktext=[day_month(max(week.monday, shown.first)) for week in weeks],
        ),
    )


def _bands(shown: Overview) -> Figure:
    """A year a band, the latest on top; a day a cell, Monday on top."""
    weeks = shown.weeks
    bands = [weeks[max(0, end - WEEKS_A_BAND) : end] for end in range(len(weeks), 0, -WEEKS_A_BAND)]
    high = DAYS_A_WEEK + 2
    counts: list[list[int | None]] = [[None] * WEEKS_A_BAND for _ in range(high * len(bands) - 2)]
    words: list[dict[str, Any]] = []
    marks: dict[int, str] = {}
    for band, some in enumerate(bands):
        offset = WEEKS_A_BAND - len(some)
        for column, week in enumerate(some, offset):
            for day, count in enumerate(week.answers):
                counts[high * band + day][column] = count
        for day, at in month_starts(max(some[0].monday, shown.first), min(some[-1].monday + 6, shown.today)):
            if at.month % 2:  # on a phone there is room for every other month
                name = f"{at:%b}" if at.month > 1 else f"{at:%Y}"
                column = offset + (day - some[0].monday) // DAYS_A_WEEK
                words.append(label(name, x=column - 0.5, y=high * band - 1.1, xanchor="left"))
        marks |= {high * band + day: WEEKDAYS[day] for day in (0, 2, 4)}
    rows = len(counts)
    return figure(
        [_cells(_shades(counts))],
        height=CELL * (rows + 2) + 8,
        margin={"l": 34, "r": 8, "t": 4, "b": 4},
        xaxis=axis(range=[-0.5, WEEKS_A_BAND - 0.5], showticklabels=False, ticks=""),
        yaxis=axis(range=[rows - 0.5, -2.0], ticks="", tickvals=list(marks), ticktext=list(marks.values())),
        annotations=words,
    )


def _cells(shades: list[list[float | None]]) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "z": shades,
        "zmin": 0,
        "zmax": 1,
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
        "colorscale": SHADES,
        "hoverongaps": False,
    }


def _shades(counts: Sequence[Sequence[int | None]]) -> list[list[float | None]]:
    """How dark each day is: one answer can be told from none, and the busiest day is darkest."""
    most = max((count or 0 for row in counts for count in row), default=0)
    return [
        [
            None if count is None else 0.0 if not count else PALEST + (1 - PALEST) * (count / most) ** GROWTH
            for count in row
        ]
        for row in counts
    ]


def _cell(count: int | None) -> str:
    return "" if count is None else f"{count:,}"
