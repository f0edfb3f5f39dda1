"""A thumbnail is the figure's own marks, where the figure has them, small, still and safe."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly.graph_objects import Bar, Figure, Heatmap, Scatter

from sim.pages.scale import EDGE, HEIGHT, WIDTH, Axes, Scale
from sim.pages.sketch import sketch
from sim.pages.thumbnail import KNOWN, MOST_POINTS, SHADES, thumbnail
from sim.palette import DATA_1, DATA_2, RULE, TOKENS
from sim.spec import SettingError, Settings, Toy, get, names, parse_settings

MOST_BYTES = 12_000
NUMBER = r"-?\d+"


def paths(figure: Figure) -> list[tuple[str, str]]:
    """Each mark: its path and its style."""
    root = ET.fromstring(thumbnail(figure))  # noqa: S314 - our own text
    return [(path.attrib["d"], path.attrib["style"]) for path in root]


def points(path: str) -> list[tuple[int, int]]:
    """The corners of a line, in the drawing's own units."""
    start, moves = re.fullmatch(rf"M({NUMBER} ?{NUMBER})l(.*)", path).groups()  # type: ignore[union-attr]
    x, y = (int(part) for part in re.findall(NUMBER, start))
    found = [(x, y)]
    steps = [int(part) for part in re.findall(NUMBER, moves)]
    for right, down in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + right, y + down
        found.append((x, y))
    return found


@pytest.mark.parametrize("toy", [get(name) for name in names()], ids=names())
def test_every_toy_has_a_thumbnail_with_something_in_it(toy: Toy) -> None:
    config = toy.module.Config()
    figure = toy.module.figure(toy.module.preview(config, seed=0))
    assert {trace.type for trace in figure.data} <= set(KNOWN)
    drawn = thumbnail(figure)
    assert len(drawn.encode()) < MOST_BYTES
    assert 'aria-hidden="true"' in drawn
    styles = [style for _, style in paths(figure)]
    assert len(styles) >= len({trace.type for trace in figure.data})
    assert set(re.findall(r"var\((--[\w-]+)\)", " ".join(styles))) <= set(TOKENS.values())
    assert drawn == thumbnail(toy.module.figure(toy.module.preview(config, seed=0)))


def test_a_line_ends_where_its_axes_end() -> None:
    figure = Figure(Scatter(x=[0, 10], y=[0, 1]), {"xaxis": {"range": [0, 10]}, "yaxis": {"range": [0, 1]}})
    ((path, _),) = paths(figure)
    assert points(path) == [(EDGE, HEIGHT - EDGE), (WIDTH - EDGE, EDGE)]


def test_panels_keep_their_places() -> None:
    figure = Figure(
        [Scatter(x=[0, 1], y=[0, 1]), Scatter(x=[0, 1], y=[0, 1], yaxis="y2")],
        {"yaxis": {"domain": [0.5, 1], "range": [0, 1]}, "yaxis2": {"domain": [0, 0.25], "range": [0, 1]}},
    )
    upper, lower = ([y for _, y in points(path)] for path, _ in paths(figure))
    assert max(upper) == HEIGHT / 2
    assert min(lower) == round(HEIGHT - EDGE - 0.25 * (HEIGHT - 2 * EDGE))


def test_a_row_of_panels_that_is_empty_leaves_its_room_where_it_is_told_to() -> None:
    figure = Figure(
        [
            Scatter(x=[0, 1], y=[0, 1]),
            Scatter(x=[], y=[], yaxis="y2"),
            Scatter(x=[0], y=[np.nan], yaxis="y2"),
        ],
        {"yaxis": {"domain": [0.6, 0.9], "range": [0, 1]}, "yaxis2": {"domain": [0, 0.4], "range": [0, 1]}},
    )
    (across, up), (_, full) = (Axes(figure, is_full=it_is).of(figure.data[0]) for it_is in (False, True))
    assert (full.start, full.end) == pytest.approx((HEIGHT - EDGE, EDGE))
    assert (up.start, up.end) == pytest.approx(
        [HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE) for share in (0.6, 0.9)]
    )
    assert (across.start, across.end) == (EDGE, WIDTH - EDGE)
    empty = Figure(figure.data[1:], figure.layout)
    assert Axes(empty, is_full=True).of(empty.data[0]) == Axes(empty).of(empty.data[0]), (
        "nothing is to be filled"
    )


def test_what_is_read_only_by_a_run_leaves_its_room_to_the_neurons() -> None:
    toy = get("polysemantic_or_superposed")
    drawn = thumbnail(toy.module.figure(toy.module.preview(toy.module.Config(), seed=0)), is_full=True)
    heights = [int(y) for y in re.findall(rf"M{NUMBER} ?({NUMBER})", drawn)]
    assert min(heights) < 0.1 * HEIGHT
    assert max(heights) > 0.9 * HEIGHT


@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=2, max_size=300),
    st.booleans(),
)
def test_no_line_leaves_the_drawing_or_has_too_many_points(heights: list[float], stepped: bool) -> None:
    line = {"shape": "hv"} if stepped else {}
    figure = Figure(Scatter(x=np.arange(len(heights)), y=heights, mode="lines", line=line))
    ((path, _),) = paths(figure)
    found = points(path)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in found)
    assert len(found) <= MOST_POINTS
    assert all(before[0] <= after[0] for before, after in pairwise(found)), "time goes on"


def test_a_long_line_is_thinned_and_keeps_both_ends_and_its_reach() -> None:
    time = np.linspace(0, 40 * np.pi, 20_000)
    layout = {"xaxis": {"range": [0, time[-1]]}, "yaxis": {"range": [-1, 1]}}
    ((path, _),) = paths(Figure(Scatter(x=time, y=np.sin(time)), layout))
    found = points(path)
    assert 100 < len(found) <= MOST_POINTS
    assert (found[0][0], found[-1][0]) == (EDGE, WIDTH - EDGE)
    heights = [y for _, y in found]
    assert max(heights) - min(heights) > 0.9 * (HEIGHT - 2 * EDGE)


def test_a_gap_parts_a_line_and_a_lonely_point_is_none() -> None:
    figure = Figure(Scatter(x=[0, 1, None, 2, None, 3, 4], y=[0, 1, None, 5, None, 1, 0], mode="lines"))
    ((path, _),) = paths(figure)
    assert path.count("M") == 2


def test_steps_go_across_first() -> None:
    layout = {"xaxis": {"range": [0, 1]}, "yaxis": {"range": [0, 1]}}
    ((path, _),) = paths(Figure(Scatter(x=[0, 1], y=[0, 1], line={"shape": "hv"}), layout))
    assert points(path) == [(EDGE, HEIGHT - EDGE), (WIDTH - EDGE, HEIGHT - EDGE), (WIDTH - EDGE, EDGE)]


def test_an_area_stands_on_zero_in_its_own_colour() -> None:
    trace = Scatter(x=[0, 1], y=[1, 1], fill="tozeroy", fillcolor=RULE, line={"color": DATA_2})
    (area, fill), (_, stroke) = paths(Figure(trace, {"yaxis": {"range": [0, 1]}}))
    assert f"V{HEIGHT - EDGE}" in area
    assert fill == f"fill:var({TOKENS[RULE]})"
    assert stroke.startswith(f"stroke:var({TOKENS[DATA_2]})")


def test_markers_are_dots_and_both_may_be_drawn() -> None:
    trace = Scatter(x=[0, 1, 2], y=[0, 1, 0], mode="lines+markers", marker={"size": 10})
    line, dots = paths(Figure(trace))
    assert dots[0].count("h0") == 3
    assert "l" in line[0]


def test_bars_are_as_high_as_they_say_and_negative_ones_hang() -> None:
    layout = {"yaxis": {"range": [-1, 1]}, "xaxis": {"range": [0, 4]}}
    ((path, _),) = paths(Figure(Bar(x=[1, 2, 3], y=[1, -1, 0.5], width=1), layout))
    drawn = [tuple(map(int, bar)) for bar in re.findall(rf"M{NUMBER} ({NUMBER})H{NUMBER}V({NUMBER})", path)]
    middle = HEIGHT // 2
    assert drawn == [(EDGE, middle), (HEIGHT - EDGE, middle), (round((EDGE + middle) / 2), middle)]


def test_bars_without_a_range_stand_on_the_ground() -> None:
    ((path, _),) = paths(Figure(Bar(x=[1, 2], y=[5, 6]), {"yaxis": {"rangemode": "tozero"}}))
    assert set(re.findall(rf"V({NUMBER})", path)) == {str(HEIGHT - EDGE)}


def test_a_heatmap_covers_its_panel_once_with_few_shades() -> None:
    heat = Heatmap(z=np.add.outer(np.arange(50.0), np.arange(80.0)), colorscale=[[0, RULE], [1, DATA_1]])
    drawn = paths(Figure(heat))
    assert len(drawn) == SHADES
    cells = [
        (int(x_end) - int(x)) * (int(y_end) - int(y))
        for path, _ in drawn
        for x, y, x_end, y_end in re.findall(rf"M({NUMBER}) ({NUMBER})H({NUMBER})V({NUMBER})", path)
    ]
    assert sum(cells) == (WIDTH - 2 * EDGE) * (HEIGHT - 2 * EDGE)
    assert drawn[0][1] == f"fill:color-mix(in oklab,var({TOKENS[DATA_1]}) 0%,var({TOKENS[RULE]}))"
    assert "100%" in drawn[-1][1]


def test_decades_are_equally_far_apart_and_what_has_no_logarithm_is_left_out() -> None:
    layout = {"xaxis": {"type": "log", "range": [0, 2]}, "yaxis": {"range": [0, 1]}}
    ((path, _),) = paths(Figure(Scatter(x=[0, 1, 10, 100], y=[0, 0, 0, 0], mode="lines"), layout))
    assert [x for x, _ in points(path)] == [EDGE, WIDTH // 2, WIDTH - EDGE]


def test_a_circle_stays_round_where_the_figure_says_so() -> None:
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = Scatter(x=np.cos(angle), y=np.sin(angle))
    ((path, _),) = paths(Figure(circle, {"yaxis": {"scaleanchor": "x"}}))
    across, up = zip(*points(path), strict=True)
    assert abs((max(across) - min(across)) - (max(up) - min(up))) <= 2


def test_words_of_a_figure_never_reach_the_page() -> None:
    wicked = '"/><script>alert(1)</script>'
    trace = Scatter(x=[0, 1], y=[0, 1], name=wicked, text=[wicked], mode="lines+text")
    figure = Figure(trace, {"title": {"text": wicked}, "annotations": [{"text": wicked}]})
    assert "script" not in thumbnail(figure)


def test_a_figure_without_anything_to_draw_is_an_empty_drawing() -> None:
    assert paths(Figure()) == []
    assert paths(Figure(Scatter(x=[], y=[]))) == []


def test_a_trace_without_places_of_its_own_counts_from_nought() -> None:
    ((path, _),) = paths(Figure(Scatter(y=[0, 1, 2])))
    assert [x for x, _ in points(path)] == sorted({x for x, _ in points(path)})


def test_far_beyond_an_axis_is_nowhere() -> None:
    scale = Scale(0, 1, 0, 100)
    np.testing.assert_array_equal(scale.at([-5, 0, 0.5, 1, 5]), [np.nan, 0, 50, 100, np.nan])
    np.testing.assert_array_equal(scale.foot([-5, 0.5, 5]), [0, 50, 100])
    (across, _) = Axes(Figure(Scatter(x=[3, 3], y=[1, 2]))).of(Scatter())
    assert across.low < 3 < across.high, "a single value still has a scale"


def at_the_ends(toy: Toy) -> Iterator[Settings]:
    """The least and the greatest of every setting, where the toy can run with it beside its usual others."""
    for field, declared in toy.module.Config.model_fields.items():
        for bound in declared.metadata:
            with suppress(SettingError):  # too large for the machine
                yield parse_settings(toy, {field: getattr(bound, "ge", getattr(bound, "le", None))})


@pytest.mark.parametrize("toy", [get(name) for name in names()], ids=names())
def test_a_toy_is_sketched_at_every_preset_and_at_the_ends_of_every_setting(toy: Toy) -> None:
    """A panel opens with a sketch, at whatever settings its link names, and must not fail on one."""
    presets = [parse_settings(toy, preset.settings) for preset in toy.module.PRESETS]
    ends = list(at_the_ends(toy))
    assert len(ends) >= len(toy.module.Config.model_fields)
    for config in (*presets, *ends):
        assert sketch(toy, config, 3).startswith('<svg class="thumbnail"')
