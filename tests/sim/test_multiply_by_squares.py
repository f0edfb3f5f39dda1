"""Products from squares, against fine grids, networks written out neuron by neuron, and trained ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.run import run_to_end
from sim.spec import Frame, SettingError, get, parse_settings
from sim.toys._multiply_training import (
    REPORT_NODES,
    Networks,
    errors,
    examples,
    random_networks,
    train,
    typical,
)
from sim.toys._squares import (
    LOWEST,
    ONE_DIRECTION,
    curved_part,
    four_gelus,
    gelu,
    gelu_largest_error,
    gelu_relative_error,
    neurons,
    pieces_for,
    pieces_relative_error,
    straight_pieces,
    two_gelus,
)
from sim.toys.multiply_by_squares import Config, facts, preview, readout

TOY = get("multiply_by_squares")
Floats = NDArray[np.float64]

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def trained() -> list[Frame]:
    frames: list[Frame] = []
    run_to_end(TOY, Config(), seed=1, device="cpu", watch=frames.append)
    return frames


def square(points: int, reach: float = 1.0) -> tuple[Floats, Floats]:
    """Pairs of numbers from −reach to reach, both ends among them."""
    side = np.linspace(-reach, reach, points)
    x, y = np.meshgrid(side, side)
    return x, y


def by_pieces(x: Floats, y: Floats, pieces: int, reach: float = 1.0) -> Floats:
    return (straight_pieces(x + y, pieces, reach) - straight_pieces(x - y, pieces, reach)) / 4


def by_neurons(x: Floats, y: Floats, pieces: int, reach: float) -> tuple[Floats, int]:
    """The same written out in ReLUs, and how many of them there are."""
    length = 4 * reach / pieces
    knots = -2 * reach + length * np.arange(1, pieces)
    corners = [
        side * length / 2 * np.maximum(z - knot, 0) for side, z in ((1, x + y), (-1, x - y)) for knot in knots
    ]
    first_slope = length - 4 * reach
    straight = first_slope / 2 * (np.maximum(y + reach, 0) - reach)  # the constant is the output's own
    return sum(corners, straight), len(corners) + 1


@pytest.mark.parametrize("pieces", [1, 2, 3, 4, 5, 8, 16, 32])
@pytest.mark.parametrize("reach", [1.0, 0.3])
def test_the_largest_error_of_a_product_is_the_square_of_reach_over_pieces(pieces: int, reach: float) -> None:
    x, y = square(8 * pieces + 1, reach)  # holds every pair of a knot and a point midway
    off = np.abs(by_pieces(x, y, pieces, reach) - x * y)
    exact = facts(Config(pieces=pieces, reach=reach))["product_largest_error"]
    assert off.max() == pytest.approx((reach / pieces) ** 2, rel=1e-9)
    assert exact == pytest.approx((4 * reach / pieces) ** 2 / 16)
    assert exact == pytest.approx((reach / pieces) ** 2)


def test_the_measured_errors_that_the_book_quotes() -> None:
    found = [facts(Config(pieces=pieces))["product_largest_error"] for pieces in (2, 4, 8, 16, 32)]
    assert found == [0.25, 0.0625, 0.015625, 0.00390625, 0.0009765625]


@pytest.mark.parametrize("pieces", [1, 2, 3, 7])
def test_a_square_is_off_by_a_quarter_or_lowered_by_an_eighth(pieces: int) -> None:
    z = np.linspace(-2, 2, 200 * pieces + 1)
    off, exact = straight_pieces(z, pieces, 1.0) - z**2, facts(Config(pieces=pieces))
    assert off.min() == pytest.approx(0, abs=1e-12)
    assert off.max() == pytest.approx(exact["square_largest_error"])
    lowered = off - off.max() / 2
    assert np.abs(lowered).max() == pytest.approx(exact["square_least_largest_error"])


def test_no_straight_piece_does_better_than_the_lowered_one() -> None:
    """Chebyshev: over one piece the error is −⅛h², +⅛h², −⅛h², so no line can be nearer at all three."""
    for slope, height in np.random.default_rng(0).uniform(-1, 1, (200, 2)):
        ends_and_middle = np.array([0, 0.5, 1])
        assert np.abs(slope * ends_and_middle + height - ends_and_middle**2).max() >= 1 / 8


@pytest.mark.parametrize("pieces", range(1, 9))
def test_the_typical_error_in_closed_form_is_that_of_a_fine_grid(pieces: int) -> None:
    x, y = (part[1::2, 1::2] for part in square(2801))  # midpoints
    off = by_pieces(x, y, pieces) - x * y
    assert math.sqrt(9 * (off**2).mean()) == pytest.approx(pieces_relative_error(pieces), rel=1e-4)


@pytest.mark.parametrize("pieces", [1, 2, 3, 4, 9])
def test_so_many_neurons_and_no_more(pieces: int) -> None:
    x, y = square(41, 0.7)
    made, count = by_neurons(x, y, pieces, 0.7)
    np.testing.assert_allclose(made, by_pieces(x, y, pieces, 0.7), atol=1e-12)
    assert count == neurons(pieces)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_two_pieces_take_the_smaller_for_the_product(x: float, y: float) -> None:
    made = float(by_pieces(np.array(x), np.array(y), 2))
    assert made == pytest.approx(math.copysign(1, x) * math.copysign(1, y) * min(abs(x), abs(y)), abs=1e-12)


@given(st.floats(0.002, 0.5))
def test_the_fewest_pieces_do_and_one_less_does_not(tolerance: float) -> None:
    pieces = pieces_for(tolerance)
    assert pieces_relative_error(pieces) <= tolerance < pieces_relative_error(pieces - 1)


@pytest.mark.parametrize(("reach", "error"), [(0.1, 0.0042), (0.3, 0.036), (1.0, 0.29)])
def test_the_curved_part_of_gelu_multiplies_small_numbers(reach: float, error: float) -> None:
    assert gelu_relative_error(4, reach) == pytest.approx(error, rel=0.02)
    x, y = (part[1::2, 1::2] for part in square(401, reach))
    off = four_gelus(x, y) - x * y
    assert math.sqrt((off**2).mean() / ((x * y) ** 2).mean()) == pytest.approx(
        gelu_relative_error(4, reach), rel=1e-3
    )
    x, y = square(101, reach)
    assert np.abs(four_gelus(x, y) - x * y).max() == pytest.approx(gelu_largest_error(reach), rel=1e-9)


@pytest.mark.parametrize(("count", "power"), [(4, 2), (3, 2), (2, 1)])
def test_how_fast_each_gelu_network_gets_better(count: int, power: int) -> None:
    ratio = gelu_relative_error(count, 0.02) / gelu_relative_error(count, 0.01)
    assert math.log2(ratio) == pytest.approx(power, abs=0.01)


def test_the_first_term_that_four_gelus_leave_over() -> None:
    """z² − q(z) = z⁴/6 − …, so a product is off by xy (x² + y²) / 3, typically r² √(2/21 + 2/25) of it."""
    assert gelu_relative_error(4, 0.01) == pytest.approx(1e-4 * math.sqrt(2 / 21 + 2 / 25), rel=1e-3)
    z = np.array([0.01, 0.02])
    np.testing.assert_allclose(z**2 - curved_part(z), z**4 / 6, rtol=1e-3)


def test_gelu_is_torchs_and_flat_and_curved_at_its_lowest_point() -> None:
    z = np.linspace(-4, 4, 81)
    np.testing.assert_allclose(gelu(z), torch.nn.functional.gelu(torch.tensor(z)).numpy(), atol=1e-12)
    at = torch.tensor(LOWEST, dtype=torch.float64, requires_grad=True)
    slope = torch.autograd.grad(torch.nn.functional.gelu(at), at, create_graph=True)[0]
    assert float(slope.detach()) == pytest.approx(0, abs=1e-12)
    curvature = float(torch.autograd.grad(slope, at)[0])
    tiny = np.array(1e-4)
    assert float(two_gelus(tiny, tiny)) == pytest.approx(1e-8, rel=1e-3)
    assert curvature == pytest.approx(0.4315, abs=1e-4)


def left_over(angle: float) -> float:
    """The typical error that the best function of x cos + y sin leaves, by averaging over neighbours."""
    x, y = (part[1::2, 1::2].ravel() for part in square(2001))
    order = np.argsort(math.cos(angle) * x + math.sin(angle) * y, kind="stable")
    groups = (x * y)[order].reshape(-1, 1000)
    return math.sqrt(9 * groups.var(axis=1).mean())


def test_one_direction_leaves_half_whichever_it_is() -> None:
    assert left_over(math.pi / 4) == pytest.approx(ONE_DIRECTION, rel=2e-3)
    others = [left_over(angle) for angle in np.linspace(0, math.pi / 2, 7)]
    assert min(others) == pytest.approx(ONE_DIRECTION, rel=2e-3)
    assert others[0] == pytest.approx(1, rel=2e-3)  # from x alone nothing is known of xy


def networks(read: list[list[float]], write: list[float], constant: float, activation: int) -> Networks:
    """One hand-made network among untrained ones, as the widest of its activation."""
    width = len(write)
    made = random_networks(width, 1, torch.Generator().manual_seed(0))
    made.read[activation, -1, 0] = torch.tensor(read)
    made.write[activation, -1, 0] = torch.tensor(write)
    made.constant[activation, -1, 0] = constant
    return made


def test_hand_made_networks_measured_as_trained_ones_are() -> None:
    given = examples(REPORT_NODES, torch.device("cpu"))
    smaller = networks([[1, 1, 0], [1, -1, 0], [0, 1, 1]], [3, -3, -3], 3, 0)  # 3 min, since 3xy is asked for
    assert typical(errors(smaller, given))[0, -1, 0] == pytest.approx(pieces_relative_error(2), rel=0.01)
    scale, curvature = 0.1, 0.43149399
    by_two = 3 / (2 * curvature * scale**2)
    lowest = networks([[scale, scale, LOWEST], [scale, -scale, LOWEST]], [by_two, -by_two], 0, 1)
    assert typical(errors(lowest, given))[1, -1, 0] == pytest.approx(gelu_relative_error(2, scale), rel=1e-3)


def test_neurons_that_look_one_way_are_never_turned() -> None:
    """By symmetry the gradient of a network that reads x + y alone has no part that tells x from y."""
    start = random_networks(3, 2, torch.Generator().manual_seed(0))
    start.read[..., 1] = start.read[..., 0]
    *_, (after, error) = train(start, examples(8, torch.device("cpu")), 50)
    torch.testing.assert_close(after.read[..., 1], after.read[..., 0], rtol=1e-3, atol=1e-4)
    assert (typical(error) >= ONE_DIRECTION).all()


def test_one_neuron_never_gets_below_one_direction(trained: list[Frame]) -> None:
    assert all((frame.arrays["error"][:, 0] >= ONE_DIRECTION).all() for frame in trained)


def test_what_is_learned_is_smaller_than_what_was_made_by_hand(trained: list[Frame]) -> None:
    least = trained[-1].arrays["error"].min(axis=-1)  # [activation, width]
    relu, gelus = least
    assert relu[2] < 0.21 < pieces_relative_error(2)  # three neurons: the smaller of the two, times 0.8
    assert relu[6] < pieces_relative_error(4)
    assert gelus[1] < 0.9 * ONE_DIRECTION  # two neurons, on their way to the lowest point
    assert gelus[2] < 0.15
    assert gelus[7] < 0.03


def test_four_fifths_of_the_smaller_is_a_fifth_off() -> None:
    x, y = (part[1::2, 1::2] for part in square(1601))
    off = 0.8 * by_pieces(x, y, 2) - x * y
    assert math.sqrt(9 * (off**2).mean()) == pytest.approx(0.2, rel=1e-3)


def test_the_smallest_that_learned_is_the_first_within_the_tolerance(trained: list[Frame]) -> None:
    result = trained[-1].result
    for activation in ("relu", "gelu"):
        smallest = result[f"{activation}_smallest"]
        least = result[f"{activation}_least_error"]
        assert least[smallest - 1] <= Config().tolerance < min(least[: smallest - 1])


def test_training_of_one_width_does_not_depend_on_the_seeds_beside_it() -> None:
    given = examples(8, torch.device("cpu"))
    start = random_networks(3, 4, torch.Generator().manual_seed(0))
    alone = Networks(*(part[:, :, 1:2] for part in start))
    *_, (_, both) = train(start, given, 30)
    *_, (_, one) = train(alone, given, 30)
    torch.testing.assert_close(both[:, :, 1:2], one, rtol=1e-3, atol=1e-6)


def test_the_stored_run_is_what_a_run_finds() -> None:
    stored, found = preview(Config(), seed=3), run_to_end(TOY, Config(), seed=0, device="cpu").frame
    least, found_least = stored.arrays["error"].min(axis=-1), found.arrays["error"].min(axis=-1)
    np.testing.assert_allclose(least, found_least, rtol=0.1)
    assert stored.result["gelu_smallest"] == found.result["gelu_smallest"]


def test_the_stored_run_has_the_smallest_networks_that_the_book_speaks_of() -> None:
    stored = preview(Config(), seed=0).result
    assert (stored["relu_smallest"], stored["gelu_smallest"]) == (5, 3)


def test_what_training_does_not_depend_on_keeps_the_stored_run() -> None:
    shown = preview(Config(pieces=9, reach=0.2, tolerance=0.15), seed=0)
    assert shown.config == Config(pieces=9, reach=0.2, tolerance=0.15)
    np.testing.assert_array_equal(shown.arrays["error"], preview(Config(), seed=0).arrays["error"])
    assert readout(shown).endswith("to within 15%: 4 ReLU neurons and 3 GELU neurons.")
    assert readout(preview(Config(tolerance=0.002), seed=0)).endswith("none, up to 8 neurons.")


def test_other_widths_are_shown_untrained_and_say_so() -> None:
    shown = preview(Config(widest=4), seed=0)
    assert shown.progress == 0
    assert "Not trained yet" in readout(shown)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pieces": 0}, "pieces is 0, below the least allowed, 1"),
        ({"widest": 9}, "widest is 9, above the greatest allowed, 8"),
        ({"reach": 0}, "reach is 0, below the least allowed, 0.01"),
        ({"tolerance": "nan"}, "tolerance is 'nan', which is not a finite number"),
        ({"gelu": 1}, "multiply_by_squares has no setting called 'gelu'"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        parse_settings(TOY, given)
