"""What is predicted of maps at some widths, of an ever wider one, and of one as wide as a large model.

    pairs ∝ width^a        bits ∝ width^b

are fitted to the predicted capacities at the same widths that a run compares, so that the exponents can stand
side by side although neither law is a power exactly. Source: `_recall_theory`. Left out: trained maps.
"""

from __future__ import annotations

from functools import lru_cache

from sim.toys._power_fit import fitted
from sim.toys._recall_theory import BITS_LIMIT, bits_stored, predicted_capacity

MILLION, BILLION = 1e6, 1e9


@lru_cache(maxsize=1024)
def predictions(
    widths: tuple[int, ...], recall: float, large: int, parameters: float, *, least_squares: bool
) -> dict[str, float]:
    """Return the facts of `memory_capacity`; whoever keeps them copies them.

    Args:
        widths: Those that are compared, in order.
        recall: The share of pairs that has to come back.
        large: The width of the large model.
        parameters: How many it has, in billions.
        least_squares: Whether maps are made by least squares, rather than of outer products.
    """
    pairs = [predicted_capacity(width, recall, least_squares=least_squares) for width in widths]
    bits = [bits_stored(count, recall) for count in pairs]
    exponent = fitted(widths, pairs).exponent
    entries = widths[-1] ** 2
    at_large = predicted_capacity(large, recall, least_squares=least_squares)
    large_bits = bits_stored(at_large, recall) / large**2
    return {
        "capacity": pairs[-1],
        "pairs_per_entry": pairs[-1] / entries,
        "exponent": exponent,
        "doubling": 2**exponent,
        "bits_exponent": fitted(widths, bits).exponent,
        "bits_per_parameter": bits[-1] / entries,
        "bits_limit": BITS_LIMIT,
        "square_of_width": float(large**2),
        "large_capacity": at_large / MILLION,
        "large_bits": large_bits,
        "features_by_parameters": parameters * BILLION / MILLION / large,
        "large_model_bits": large_bits * parameters,
    }
