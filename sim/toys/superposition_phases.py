"""When two features share one dimension.

A model has one hidden dimension for two features, and can keep the first, the second, or both at opposite
ends of one line. Which is best depends on how often features are on and on how much one counts next to the
other; the best changes abruptly, as ice and water do. Each field of the diagram is a density p and a relative
importance r, in which several models are trained (`_phase_training`), all fields at once.

The plain solutions cost, with the variance V = p/3 − p²/4 of a feature and importances 1 and r,

    first alone = r V,    second alone = V,    both = (1 + r) p² / 6,

the last p²/3 where both count the same. Training moves lengths and biases a little, and the borders with
them.

Source: N. Elhage, T. Hume, C. Olsson, N. Schiefer and others (2022), "Toy Models of Superposition", whose
phase diagram this is. Left out: more features, and more dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.spec import Frame, Measurement, Preset, Quantity, Result, Settings, setting
from sim.toys import _stored
from sim.toys._drawing import percent
from sim.toys._phase_training import PLAIN, Found, train
from sim.toys._superposition_phases_figure import BOTH, FIRST, NEITHER, SECOND, draw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

NAME = "superposition_phases"
SHOWS_STORED_RUN = True

FRAMES = 40
REPRESENTED = 0.5  # the least length of a direction that counts as kept
ALIKE = 0.01  # two losses this close, as a share of the smaller, are of the same arrangement
MOST_SECONDS = 60
SECONDS_PER_MODEL = 1.2e-6  # on one core, for one step; measured

SCRUBBABLE = ("rarest", "most_important")

FACTS = {
    "pairing_pays_below": Quantity("density below which both are kept, if they count the same", "share"),
    "pairing_pays_below_unequal": Quantity(
        "density below which both are kept, where they are least alike", "share"
    ),
    "antipodal_loss": Quantity("loss of both at opposite ends, at the rarest, if they count the same"),
    "alone_loss": Quantity("loss of one alone, at the rarest, if they count the same"),
    "both_share": Quantity("fields in which the plain solution is to keep both", "share"),
}

RESULTS = {
    "both_share": Measurement("fields in which the best training keeps both", "share"),
    "one_start_misses": Measurement("fields in which one start, anywhere, misses the best", "share"),
    "random_starts_miss": Measurement("fields in which all such starts miss the best", "share"),
    "mean_loss": Measurement("loss of the best, the mean over all fields"),
    "steps_done": Measurement("steps of training", "steps"),
}

ARRAYS = {"best": "", "one": ""}

PRESETS = (
    Preset("Where the borders meet", {"rarest": 0.2, "most_important": 2.0}),
    Preset("Longer training misses less", {"steps": 600}),
)


class Config(Settings):
    """How far the diagram reaches, how fine it is, and how hard to try."""

    rarest: float = setting(
        0.01, low=0.001, high=0.5, scale="log", unit="share", title="Rarest", help="The least density."
    )
    most_important: float = setting(
        10.0, low=1.5, high=100.0, scale="log", title="Unequal", help="The greatest relative importance."
    )
    fields: int = setting(
        40, low=8, high=40, unit="fields", title="Fields", help="How many there are along each side."
    )
    restarts: int = setting(
        3, low=1, high=8, title="Starts", help="Models in each field that begin anywhere."
    )
    steps: int = setting(
        200, low=20, high=4000, scale="log", unit="steps", title="Steps", help="How long to train."
    )

    @model_validator(mode="after")
    def _is_done_in_time(self) -> Self:
        models = self.fields**2 * (self.restarts + len(PLAIN))
        seconds = models * self.steps * SECONDS_PER_MODEL
        if seconds > MOST_SECONDS:
            raise ValueError(
                f"{self.fields} fields a side, {self.restarts} starts and {self.steps} steps would take "
                f"about {seconds:.0f} seconds, above the {MOST_SECONDS} allowed. Lower one of them."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return what is known without training; every unit is in `FACTS`."""
    least, p = 1 / config.most_important, config.rarest
    return {
        "pairing_pays_below": 4 / 7,
        "pairing_pays_below_unequal": 4 * least / (2 + 5 * least),
        "antipodal_loss": p**2 / 3,
        "alone_loss": p / 3 - p**2 / 4,
        "both_share": float((_plain(config) == BOTH).mean()),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Train every field at once."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    density, importance = (part.ravel() for part in _fields(config))
    both = np.stack([np.ones_like(importance), importance], axis=1)
    both /= both.max(axis=1, keepdims=True)
    random = torch.Generator(device).manual_seed(seed)
    every = max(config.steps // FRAMES, 1)
    for step, found in enumerate(train(density, both, config.restarts, config.steps, random)):
        if step % every == 0 or step == config.steps:
            yield _frame(config, seed, step, found)


def _frame(config: Config, seed: int, step: int, found: Found) -> Frame:
    side = config.fields, config.fields
    least = found.loss.min(axis=1)
    misses = found.loss[:, len(PLAIN) :] > (1 + ALIKE) * least[:, None]
    best = _kept(np.take_along_axis(found.weights, found.loss.argmin(axis=1)[:, None, None], axis=1)[:, 0])
    result: Result = {
        "steps_done": step,
        "both_share": float((best == BOTH).mean()),
        "one_start_misses": float(misses[:, 0].mean()),
        "random_starts_miss": float(misses.all(axis=1).mean()),
        "mean_loss": float(least.mean()),
    }
    arrays = {"best": best.reshape(side), "one": _kept(found.weights[:, len(PLAIN)]).reshape(side)}
    return Frame(step / config.steps, config, result, arrays, seed)


def _kept(weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which of both features is kept, [field], from the weights of one model in each: [field, feature]."""
    kept = np.abs(weights) > REPRESENTED
    return np.select([kept.all(axis=1), kept[:, 0], kept[:, 1]], [BOTH, FIRST, SECOND], NEITHER)


def preview(config: Config, *, seed: int) -> Frame:
    """Show the stored run of the default settings; for others the best of the plain solutions."""
    stored = _stored.read(NAME, Config)
    if config == stored.config:
        return stored
    plain = _plain(config)
    return Frame(0.0, config, arrays={"best": plain, "one": np.full_like(plain, NEITHER)}, seed=seed)


def _plain(config: Config) -> NDArray[np.int64]:
    """Which plain solution costs least: [importance, density]."""
    p, r = _fields(config)
    variance = p / 3 - p**2 / 4
    kinds = np.array([FIRST, SECOND, BOTH])
    cheapest: NDArray[np.int64] = kinds[np.argmin([r * variance, variance, (1 + r) * p**2 / 6], axis=0)]
    return cheapest


def _fields(config: Config) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The density and the relative importance of each field: [importance, density]."""
    across, up = _axes(config)
    density, importance = np.meshgrid(across, up)
    return density, importance


def _axes(config: Config) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    most = config.most_important
    return np.geomspace(config.rarest, 1.0, config.fields), np.geomspace(1 / most, most, config.fields)


def figure(frame: Frame) -> Figure:
    """Draw what the best start and what one start keeps."""
    across, up = _axes(cast("Config", frame.config))
    regions = frame.arrays["best"].astype(int), frame.arrays["one"].astype(int)
    return draw(regions, density=across, importance=up, trained=bool(frame.result))


def readout(frame: Frame) -> str:
    """Say where both are kept, and how often one start misses that."""
    config = cast("Config", frame.config)
    exact = facts(config)
    if not frame.result:
        return (
            f"By the plain solutions both features are kept in {percent(exact['both_share'])} of the fields: "
            f"where both count the same, below a density of {percent(exact['pairing_pays_below'])}. "
            "Run it to train every field."
        )
    result = cast("dict[str, float]", frame.result)
    both, misses = percent(result["both_share"]), percent(result["one_start_misses"])
    if frame.progress < 1:
        done = f"After {result['steps_done']:.0f} of {config.steps} steps"
        return f"{done}, both are kept in {both} of the fields."
    return (
        f"The best training keeps both features in {both} of the fields, the plain solutions in "
        f"{percent(exact['both_share'])}. One training from a random start misses the best in {misses}."
    )
