"""The course of a run: a network in training, looked at now and then, and its twin without weight decay.

Both start from the same weights and are trained on the same pairs. If a loss is no longer a number, the
training has diverged, and stops; what was seen before is kept.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.toys._grokking_effort import look_every
from sim.toys._grokking_measures import Circle, Standing, Waves, spectrum, standing
from sim.toys._grokking_networks import TRANSFORMER, RowNetwork
from sim.toys._grokking_training import Recipe, Training
from sim.toys._grokking_transformer import Transformer
from sim.toys._modular_task import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import torch
    from numpy.typing import NDArray

    from sim.spec import Result
    from sim.toys._grokking_config import Config
    from sim.toys._grokking_networks import Network
    from sim.toys._modular_task import Pairs

LEARNED = 0.99  # of the pairs: what counts as having memorised, or as having generalised
LOOKS_A_FRAME = 5  # to draw a frame takes longer than to look
ROWS = 96  # dimensions whose waves are drawn; neurons are alike, so the first will do

NOT_TRAINED: Mapping[str, NDArray[np.float64]] = {
    "step": np.zeros(0),
    "accuracy": np.zeros((0, 1, 2)),
    "loss": np.zeros((0, 1, 2)),
    "norms": np.zeros((0, 1)),
    "waves": np.zeros((0, 2)),
    "spectrum": np.zeros((0, 0)),
}
NOT_SWEPT: Mapping[str, NDArray[np.float64]] = {
    "norm_factor": np.zeros(0),
    "scaled_rate": np.zeros((0, 2)),
    "fixed_rate": np.zeros((0, 2)),
}
SWEPT_NOTHING: Mapping[str, list[float]] = {
    "scaled_rate_accuracy": [],
    "fixed_rate_accuracy": [],
    "scaled_rate_test_accuracy": [],
    "fixed_rate_test_accuracy": [],
    "scaled_rate_diverged_at": [],
    "fixed_rate_diverged_at": [],
}


class Told(NamedTuple):
    """How far a run has come, what can be quoted of it, and what is drawn."""

    progress: float
    result: Result
    arrays: Mapping[str, NDArray[np.float64]]


class Look(NamedTuple):
    """What was seen at one step, of each network; the waves are those of the first."""

    step: int
    standings: list[Standing]
    waves: Waves


class SetUp(NamedTuple):
    """A network that is about to be trained.

    Attributes:
        pairs: All questions, and which are trained on.
        network: The network.
        start: Its first weights, before they are scaled as a whole.
    """

    pairs: Pairs
    network: Network
    start: torch.Tensor


def set_up(config: Config, seed: int, device: str) -> SetUp:
    """Draw the pairs to train on and the first weights."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    task = config.task
    pairs = split(task, config.train_share, random)
    network: Network = (
        Transformer(task.places, config.width, pairs)
        if config.network == TRANSFORMER
        else RowNetwork(config.network, task.places, config.width, pairs)
    )
    return SetUp(pairs, network, network.layout.scaled(1, config.embedding_scale).random(random))


def course(config: Config, seed: int, device: str) -> Iterator[Told]:
    """Train the network, and its twin if there is one."""
    pairs, network, start = set_up(config, seed, device)
    recipe = Recipe(config.optimiser, config.step_rate, config.weight_decay, config.norm == 1)
    recipes = [recipe, recipe._replace(decay=0.0)] if config.has_twin else [recipe]
    trainings = [Training(network, start * config.init_scale, each) for each in recipes]
    circle, every = Circle(pairs), look_every(config.steps)
    looks: list[Look] = []
    seen = start  # the network's weights at the last look
    for step in range(config.steps + 1):
        last = step == config.steps
        if step % every == 0 or last:
            logits = [network.logits(training.weights) for training in trainings]
            standings = [
                standing(said, training.weights, pairs)
                for said, training in zip(logits, trainings, strict=True)
            ]
            lost = [not math.isfinite(each.train_loss + each.norm) for each in standings]
            if any(lost):
                at: list[float] = [step if is_lost else 0 for is_lost in lost]
                yield _told(looks, network, seen, progress=1.0, diverged_at=at)
                return
            looks.append(Look(step, standings, circle.waves(logits[0])))
            seen = trainings[0].weights.clone()
            if last or len(looks) % LOOKS_A_FRAME == 1:
                yield _told(looks, network, seen, progress=step / config.steps, diverged_at=[0] * len(lost))
        if not last:
            for training in trainings:
                training.step()


def _told(
    looks: list[Look], network: Network, weights: torch.Tensor, *, progress: float, diverged_at: list[float]
) -> Told:
    """Tell of all looks so far, and of the network's weights at the last."""
    result = _result(looks, _balance(network, weights), diverged_at=diverged_at)
    return Told(progress, result, _arrays(looks, network.tables(weights)))


def _balance(network: Network, weights: torch.Tensor) -> float:
    """The embedding's squared norm over the read-out's; 0 where nothing is left of the read-out."""
    parts = network.layout.parts(weights.cpu().double())
    embedding, *_, readout = (part.square().sum() for part in parts)
    return float(embedding / readout) if readout > 0 else 0.0


def _arrays(looks: list[Look], tables: torch.Tensor) -> Mapping[str, NDArray[np.float64]]:
    told = np.array([look.standings for look in looks])  # [look, network, measure]
    return {
        **NOT_SWEPT,
        "step": np.array([look.step for look in looks], dtype=np.float64),
        "loss": told[..., :2],
        "accuracy": told[..., 2:4],
        "norms": told[..., 4],
        "waves": np.array([look.waves[1:] for look in looks]),
        "spectrum": spectrum(tables[:, :, :ROWS]).cpu().double().numpy(),
    }


def _result(looks: list[Look], balance: float, *, diverged_at: list[float]) -> Result:
    last = looks[-1]
    by_network = {
        name: list(values)
        for name, values in zip(Standing._fields, zip(*last.standings, strict=True), strict=True)
    }
    return {
        **by_network,
        "memorised_at": _first(looks, "train_accuracy", LEARNED),
        "half_at": _first(looks, "test_accuracy", 0.5),
        "generalised_at": _first(looks, "test_accuracy", LEARNED),
        "restricted_loss": last.waves.restricted,
        "excluded_loss": last.waves.excluded,
        "key_frequencies": list(map(float, last.waves.keys)),
        "balance": balance,
        "steps_done": last.step,
        "diverged_at": diverged_at,
        **SWEPT_NOTHING,
    }


def _first(looks: list[Look], measure: str, least: float) -> int:
    """The first step at which the network was so good, 0 for none."""
    return next((look.step for look in looks if getattr(look.standings[0], measure) >= least), 0)
