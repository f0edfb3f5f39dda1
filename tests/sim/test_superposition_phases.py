"""Two features on one line: plain losses by sums over a grid, the diagram's symmetry, its known corners."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._phase_training import train
from sim.toys._sparse_features import grid
from sim.toys._superposition_phases_figure import BOTH, FIRST, SECOND, SHADES, draw
from sim.toys.superposition_phases import Config, facts, preview

TOY = get("superposition_phases")
SIDE = 13  # odd, so that one row is of features that count the same

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> Frame:
    return run_to_end(TOY, Config(fields=SIDE), seed=0, device="cpu").frame


def by_sums(
    w: tuple[float, float], b: tuple[float, float], p: float, importance: tuple[float, float]
) -> float:
    """The loss of one model over a grid of draws, fine enough for its bends."""
    x, chance = grid(np.array([p]), 2, 160_000)
    y = np.maximum(np.outer(w, np.array(w) @ x) + np.array(b)[:, None], 0)
    return float(np.array(importance) @ ((y - x) ** 2) @ chance[0])


@given(st.floats(0.01, 1), st.floats(0.1, 10))
def test_what_the_plain_solutions_cost(p: float, r: float) -> None:
    variance = p / 3 - p**2 / 4
    assert by_sums((1, 0), (0, p / 2), p, (1, r)) == pytest.approx(r * variance, rel=1e-3)
    assert by_sums((0, 1), (p / 2, 0), p, (1, r)) == pytest.approx(variance, rel=1e-3)
    assert by_sums((1, -1), (0, 0), p, (1, r)) == pytest.approx((1 + r) * p**2 / 6, rel=1e-3)


def test_an_antipodal_pair_costs_a_third_of_the_density_squared() -> None:
    exact = facts(Config(rarest=0.03))
    assert exact["antipodal_loss"] == pytest.approx(0.03**2 / 3)
    assert exact["antipodal_loss"] == pytest.approx(by_sums((1, -1), (0, 0), 0.03, (1, 1)), rel=1e-3)
    assert exact["alone_loss"] == pytest.approx(by_sums((1, 0), (0, 0.015), 0.03, (1, 1)), rel=1e-3)


@given(st.floats(0.05, 1))
def test_pairing_begins_to_pay_where_both_cost_the_same(r: float) -> None:
    p = 4 * r / (2 + 5 * r)
    assert (1 + r) * p**2 / 6 == pytest.approx(r * (p / 3 - p**2 / 4))
    if r == 1:
        assert p == 4 / 7


def test_no_training_costs_more_than_the_plain_solutions() -> None:
    density = np.geomspace(0.01, 1, 8)
    importance = np.stack([np.ones(8), np.geomspace(0.1, 1, 8)], axis=1)
    *_, found = train(density, importance, 2, 800, torch.Generator().manual_seed(1))
    variance = density / 3 - density**2 / 4
    plain = np.minimum(importance[:, 1] * variance, importance.sum(axis=1) * density**2 / 6)
    # Training sees sums over a coarse grid, which are a few per cent off.
    assert (found.loss.min(axis=1) <= 1.05 * plain + 1e-7).all()


def test_swapping_the_features_swaps_their_regions(trained: Frame) -> None:
    best = trained.arrays["best"]
    swapped = np.select([best == FIRST, best == SECOND], [SECOND, FIRST], best)
    middle = SIDE // 2
    assert (np.delete(swapped[::-1], middle, axis=0) == np.delete(best, middle, axis=0)).all()


def test_the_three_regions_lie_where_the_plain_solutions_have_them(trained: Frame) -> None:
    """All but the fields next to a border, which training moves a little."""
    best, plain = trained.arrays["best"], preview(Config(fields=SIDE), seed=0).arrays["best"]
    assert set(np.unique(best)) == {FIRST, SECOND, BOTH}
    inner = np.ones_like(best, dtype=bool)
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        inner &= np.roll(plain, step, axis) == plain
    inner[[0, -1]] = inner[:, [0, -1]] = False
    assert inner.sum() > 40
    assert (best[inner] == plain[inner]).mean() > 0.95
    assert best[0, -1] == FIRST
    assert best[-1, -1] == SECOND
    assert best[SIDE // 2, 0] == BOTH


def test_one_start_misses_more_often_than_several(trained: Frame) -> None:
    one, several = trained.result["one_start_misses"], trained.result["random_starts_miss"]
    assert isinstance(one, float)
    assert isinstance(several, float)
    assert several < one
    assert one > 0.2


def test_gradients_are_those_that_torch_traces() -> None:
    """One step of plain descent from the same start, by tracing."""
    density, importance = np.array([0.2, 0.7]), np.array([[1, 0.5], [0.3, 1]])
    first, second, *_ = train(density, importance, 4, 50, torch.Generator().manual_seed(2))
    x, chance = (torch.tensor(part) for part in grid(density, 2, 36))
    w = torch.tensor(first.weights)[..., None].requires_grad_()
    y = torch.relu(w * (w * x).sum(2, keepdim=True))
    counts = torch.tensor(importance)[:, None, :, None]
    loss = (counts * (y - x) ** 2 * chance[:, None, None]).sum((2, 3))
    np.testing.assert_allclose(loss.detach().numpy(), first.loss, rtol=1e-4)
    loss.sum().backward()  # type: ignore[no-untyped-call]
    assert w.grad is not None
    moved = second.weights - first.weights  # Adam's first step has the sign of the slope, and one length
    slope = w.grad[..., 0].numpy()
    clear = np.abs(slope) > 1e-5
    assert clear.sum() > 10
    assert (np.sign(moved[clear]) == -np.sign(slope[clear])).all()


def test_what_takes_too_long_is_refused_with_the_estimate() -> None:
    with pytest.raises(SettingError, match=r"would take about \d+ seconds"):
        parse_settings(TOY, {"fields": 40, "restarts": 8, "steps": 4000})


def test_the_cells_that_are_drawn_cover_each_diagram_in_their_kinds_colours() -> None:
    """The ground and the bars on it, painted in their order onto fields, are what was found."""
    kinds = np.random.default_rng(0).integers(0, len(SHADES), (2, SIDE, SIDE - 2))
    density, importance = np.geomspace(0.01, 1, SIDE - 2), np.geomspace(0.1, 10, SIDE)
    drawn = draw((kinds[0], kinds[1]), density=density, importance=importance, trained=True)
    assert drawn.layout.bargap == 0, "only then are edges drawn where pixels meet"
    for found, number in zip(kinds, ("x", "x2"), strict=True):
        painted = np.full(found.shape, "no colour")
        for trace in (trace for trace in drawn.data if trace.type == "bar" and trace.xaxis == number):
            for x, wide, base, high in zip(trace.x, trace.width, trace.base, trace.y, strict=True):
                across = np.abs(np.log10(density) - x) < wide / 2
                up = (np.log10(importance) > base) & (np.log10(importance) < base + high)
                painted[np.ix_(up, across)] = trace.marker.color
        np.testing.assert_array_equal(painted, np.vectorize(SHADES.get)(found))
