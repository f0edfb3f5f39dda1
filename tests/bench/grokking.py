"""Networks that grok, in processor seconds: against their matrix products, and against plain autograd.

A squaring network of the usual size is trained, and looked at as in a run, until 99% of the pairs that were
held out are right. Its limit is the time of what cannot be left out, three products of matrices a step, which
are measured between trainings. All of ten seeds have to come there in 700 to 1,100 steps, and a network
without weight decay not beyond guessing in 3,000. The transformer is Nanda's and Chan's in size; its baseline
works on all three tokens in every layer. What frames add is measured in `watched_runs`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch

from sim.run import run_to_end
from sim.spec import get
from sim.toys._grokking_course import set_up
from sim.toys._grokking_networks import Network
from sim.toys._grokking_training import Recipe, Training
from sim.toys.grokking import Config
from tests.bench._clock import seconds
from tests.sim.whole_transformer import whole_transformer

SEEDS = 10
TURNS = 5
EARLIEST, LATEST = 700, 1100  # steps to 99% right
CONTROL_STEPS = 3000
GUESSED = 0.02  # of the pairs held out, at the most, without weight decay
PRODUCTS = 200  # steps' worth, for each measurement
LARGE = {"network": 3, "modulus": 113, "width": 512, "train_share": 0.3}
MOST_SECONDS = 4.0

Row = tuple[str, float, float, float]


def measure() -> list[Row]:
    """The usual network to 99%, and the transformer's step."""
    torch.set_num_threads(1)
    return [*to_generalisation(), transformer_step()]


def to_generalisation() -> list[Row]:
    """Seconds to 99% right on pairs held out, against their limit and against what is promised.

    Raises:
        RuntimeError: If a seed comes there too early or too late, or does without weight decay.
    """
    taken, limits = [], []
    for seed in range(SEEDS):
        began = time.process_time()
        result = _until_generalised(seed)
        taken.append(time.process_time() - began)
        limits.append(_products() * result["steps_done"])
        if not EARLIEST <= result["generalised_at"] <= LATEST:
            raise RuntimeError(
                f"Seed {seed} came to 99% at step {result['generalised_at']} (0 is never), which is not from "
                f"{EARLIEST} to {LATEST}."
            )
    control = _control()
    if control > GUESSED:
        raise RuntimeError(f"Without weight decay {control:.1%} of the pairs held out are right.")
    middle = sorted(range(SEEDS), key=lambda seed: taken[seed] / limits[seed])[SEEDS // 2]
    return [
        ("grokking: to 99% held out, against its matrix products", taken[middle], limits[middle], 6),
        ("grokking: to 99% held out, against 4 seconds", median(taken), MOST_SECONDS, 1),
    ]


def _until_generalised(seed: int) -> Any:  # noqa: ANN401 - a toy's result
    """The result of the first frame that has seen 99% right, or of the last if none has."""
    run = get("grokking").module.run(Config(twin=0, steps=CONTROL_STEPS), seed=seed, device="cpu")
    results = (frame.result for frame in run)
    return next(
        result for result in results if result["generalised_at"] or result["steps_done"] == CONTROL_STEPS
    )


def _control() -> float:
    """The share of the pairs held out that is right after a training without weight decay."""
    config = Config(weight_decay=0.0, steps=CONTROL_STEPS)
    last = run_to_end(get("grokking"), config, seed=0, device="cpu").frame
    return float(last.result["test_accuracy"][0])


def _products() -> float:
    """Seconds that one step's products of matrices take."""
    config = Config()
    active = torch.randn(config.task.training_pairs(config.train_share), config.width)
    error, read = torch.randn(len(active), config.task.places), torch.randn(config.width, config.task.places)

    def step() -> None:
        torch.mm(active, read)
        torch.mm(active.T, error)
        torch.mm(error, read.T)

    step()
    return seconds(lambda: [step() for _ in range(PRODUCTS)]) / PRODUCTS


class Whole:
    """The transformer at all of its tokens, by autograd."""

    def __init__(self, config: Config, inner: Network) -> None:
        self.layout = inner.layout
        self._config = config
        self._pairs = set_up(config, 0, "cpu").pairs
        self._trained = self._pairs._replace(
            left=self._pairs.left[self._pairs.trained], right=self._pairs.right[self._pairs.trained]
        )

    def gradient(self, weights: torch.Tensor, gradient: torch.Tensor) -> None:
        """Write the loss's gradient."""
        at = weights.detach().requires_grad_()
        said = whole_transformer(at, self._trained, self._config.task.places, self._config.width)
        answer = self._pairs.answer[self._pairs.trained]
        loss = torch.nn.functional.cross_entropy(said, answer)
        gradient.copy_(torch.autograd.grad(loss, at)[0])

    def logits(self, weights: torch.Tensor) -> torch.Tensor:
        """What is said to all pairs."""
        return whole_transformer(weights, self._pairs, self._config.task.places, self._config.width)

    def tables(self, weights: torch.Tensor) -> torch.Tensor:
        """The numbers' rows."""
        return self.layout.parts(weights)[0][None]


def transformer_step() -> Row:
    """A step at the size of the paper, optimiser and all."""
    config = Config.model_validate(LARGE)
    recipe = Recipe(0, config.rate, config.weight_decay, holds_norm=False)
    setting = set_up(config, 0, "cpu")
    fast = Training(setting.network, setting.start, recipe)
    plain = Training(Whole(config, setting.network), setting.start, recipe)
    ours, baseline = interleaved(fast.step, plain.step)
    return ("grokking: transformer's step at p = 113, against all tokens", ours, baseline, 0.25)


def interleaved(ours: Callable[[], None], baseline: Callable[[], None]) -> tuple[float, float]:
    """The medians of both, taken in turns after a first one that does not count."""
    turns = [(seconds(ours), seconds(baseline)) for _ in range(TURNS + 1)][1:]
    return median(turn[0] for turn in turns), median(turn[1] for turn in turns)
