"""What frames add to training the maps that read three layers, and the circuits that tell pairs.

The baseline is the same training from the same seed, and nothing looked at, not even at the end; the circuits
drawn by chance, which are no frame's, are measured on both sides. All is on the toys' own default runs, in
turns, by the processor's clock, and the medians count.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import torch

from sim.run import run_to_end
from sim.spec import get
from sim.toys import _and_training, _read_off_training, polysemantic_or_superposed, superposed_and
from sim.toys._neuron_layers import layers
from tests.bench.superposition import Row, against


def measure() -> list[Row]:
    """Frames of both toys, against training that is not watched."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [reading(), ands()]
    finally:
        torch.set_num_threads(threads)


def reading() -> Row:
    """The maps that read three layers."""
    toy, config = get("polysemantic_or_superposed"), polysemantic_or_superposed.Config()

    def bare() -> None:
        made = layers(config.answers_to, config.ratio, np.random.default_rng(0))
        random = torch.Generator().manual_seed(0)
        deque(_read_off_training.train(made, config.density, config.steps, random, at=()), maxlen=0)

    def watched() -> None:
        run_to_end(toy, config, seed=0, device="cpu")

    return against(watched, bare, "reading off layers: frames, against bare training")


def ands() -> Row:
    """The circuits that tell pairs."""
    toy, config = get("superposed_and"), superposed_and.Config()
    size = _and_training.Size(config.width, config.active)

    def bare() -> None:
        random = torch.Generator().manual_seed(0)
        _and_training.measured_errors(config.features, size, config.reach, random)
        sizes = superposed_and.trained_sizes(config)
        deque(_and_training.train(config.features, sizes, config.steps, random, told=()), maxlen=0)

    def watched() -> None:
        run_to_end(toy, config, seed=0, device="cpu")

    return against(watched, bare, "telling pairs: frames, against bare training")
