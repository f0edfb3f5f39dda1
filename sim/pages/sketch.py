"""What stands in the place of a figure until Plotly is there, which takes a while on a first visit."""

from __future__ import annotations

from functools import lru_cache

from sim.pages.thumbnail import thumbnail
from sim.spec import Settings, Toy


@lru_cache(maxsize=256)
def sketch(toy: Toy, config: Settings, seed: int) -> str:
    """Draw what a simulation shows before it is run, as a small SVG without words."""
    return thumbnail(toy.module.figure(toy.module.preview(config, seed=seed)))
