"""What stands in the place of a figure until Plotly is there, which takes a while on a first visit."""

from __future__ import annotations

from functools import lru_cache

from sim.pages.thumbnail import thumbnail
from sim.spec import Settings, Toy


@lru_cache(maxsize=256)
def sketch(toy: Toy, config: Settings, seed: int, *, is_full: bool = False) -> str:
    """Draw what a simulation shows before it is run, as a small SVG without words.

    Args:
        toy: The simulation.
        config: Its settings.
        seed: Its seed.
        is_full: Whether panels that are empty until it is run leave their room to the others.
    """
    return thumbnail(toy.module.figure(toy.module.preview(config, seed=seed)), is_full=is_full)
