"""Products made of squares, and squares made of what a neuron can do: no training.

    xy = ((x + y)² − (x − y)²) / 4,    |x|, |y| ≤ r, so that both squares are of numbers within ±2r.

By ReLU: k straight pieces of equal length h = 4r / k, drawn from knot to knot of z². At a distance t from a
knot the piece lies t (h − t) above the square, so at most h² / 4; lowered by half of that it is off by h² /
8, and no k pieces do better. In a product the lowering cancels, and so do the two squares' errors in part:

    at most (h² / 4) / 4 = h² / 16 = r² / k²,    reached where one square is at a knot, the other midway.

The mean square of the difference of both errors is h⁴ / 90 for an even k, since a cell of the grid of knots
and its half cut along the diagonal have the same mean; for an odd k the edge cuts corners off, which takes
away h⁴ / (240 k²). A kink is one neuron, and what is straight in both squares together is one more: 2k − 1
neurons.

By GELU, z Φ(z), which is curved at 0 and bottoms out at z₀ = −0.75 with curvature g = φ(z₀) (2 − z₀²):

    four neurons     √(π/2) (gelu(s) + gelu(−s) − gelu(d) − gelu(−d)) / 4,    s = x + y, d = x − y
    three neurons    √(π/2) (gelu(x + y) − gelu(x) − gelu(y)),    as in 2xy = (x + y)² − x² − y²
    two neurons      (gelu(z₀ + s) − gelu(z₀ + d)) / 2g

What is straight cancels in the first two, and is not there at z₀. The relative error falls as r² in the
first two and as r in the last.

Source: H. W. Lin, M. Tegmark and D. Rolnick (2017), "Why does deep and cheap learning work so well?", for
four neurons of any curved function; D. Yarotsky (2017), "Error bounds for approximations with deep ReLU
networks", for products from squares; E. Akyürek and others (2022), "What learning algorithm is in-context
learning?", for GELU. Left out: several layers, with which the pieces of a square can double with each
layer.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.toys._normal import below, density

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LOWEST = -0.7517915246935645  # where gelu is least: the root of Φ(z) + z φ(z)
NODES = 40  # a side, for averages over x and y; the GELUs are smooth, so this is exact to rounding
ONE_DIRECTION = math.sqrt(4 / 15)


def straight_pieces(z: Array, pieces: int, reach: float) -> Array:
    """The square of z by straight pieces between equally spaced knots from −2 reach to 2 reach."""
    length = 4 * reach / pieces
    past_knot = np.mod(z + 2 * reach, length)
    square: Array = z**2 + past_knot * (length - past_knot)
    return square


def curved_part(z: Array) -> Array:
    """The square of z by two GELUs: √(π/2) (gelu(z) + gelu(−z))."""
    return math.sqrt(math.pi / 2) * (gelu(z) + gelu(-z))


def gelu(z: Array) -> Array:
    """Return z Φ(z)."""
    return z * below(z)


def pieces_relative_error(pieces: int) -> float:
    """The typical error of a product by straight pieces, as a share of the typical product, for any reach."""
    return 12 / pieces**2 * math.sqrt(1 / 90 - (pieces % 2) / (240 * pieces**2))


def pieces_for(tolerance: float) -> int:
    """The fewest pieces with a typical error of at most this share."""
    pieces = 1
    while pieces_relative_error(pieces) > tolerance:
        pieces += 1
    return pieces


def neurons(pieces: int) -> int:
    """How many ReLUs both squares take together: one a kink, and one for what is straight."""
    return 2 * pieces - 1


def four_gelus(x: Array, y: Array) -> Array:
    """The product by the curved part of GELU at 0."""
    return (curved_part(x + y) - curved_part(x - y)) / 4


def three_gelus(x: Array, y: Array) -> Array:
    """The same from three squares, whose straight parts cancel."""
    return math.sqrt(math.pi / 2) * (gelu(x + y) - gelu(x) - gelu(y))


def two_gelus(x: Array, y: Array) -> Array:
    """The product by the curved part of GELU at its lowest point, where nothing is straight."""
    curvature = float(density(LOWEST)) * (2 - LOWEST**2)
    return (gelu(LOWEST + x + y) - gelu(LOWEST + x - y)) / (2 * curvature)


BY_GELU = {2: two_gelus, 3: three_gelus, 4: four_gelus}  # by how many neurons they take


@lru_cache(maxsize=256)
def gelu_relative_error(count: int, reach: float) -> float:
    """The typical error of a product by so many GELUs, as a share of the typical product."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    x, y = np.meshgrid(reach * nodes, reach * nodes)
    error = BY_GELU[count](x, y) - x * y
    return math.sqrt(weights @ error**2 @ weights / (weights @ (x * y) ** 2 @ weights))


def gelu_largest_error(reach: float) -> float:
    """The largest error of a product by four GELUs, which is at x = y = reach."""
    return reach**2 - float(curved_part(np.array(2 * reach))) / 4
