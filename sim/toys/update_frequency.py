"""What a record of credences can show of its keeper.

A forecaster starts each claim at a prior and reads binary signals, right with the same chance. A calibrated
one reports the Bayesian posterior. Others count the evidence too little or too much, add noise, or round
(`_reporter`). For each claim, with T signals,

    M = Σ (p_{t+1} − p_t)²        R = p₀ (1 − p₀) − p_T (1 − p_T)        X = M − R

and E[M] = E[R] for the calibrated, whatever the signals. Over-reaction, noise and rounding move too much,
under-reaction too little. A ledger of n claims is judged by Z = mean(X) √n / sd(X), and flagged if |Z| >
1.96; the central limit theorem promises that a calibrated keeper is flagged one time in twenty, and small
ledgers do not keep that promise.

The expectations and the standard deviation of X are exact (`_expected_movement`); how often ledgers are
flagged is simulated, with the same functions that judge a reader's own ledger (`sim.movement`).

Source: N. Augenblick and M. Rabin (2021), "Belief Movement, Uncertainty Reduction, and Rational Updating".
Left out: signals that depend on one another, forecasters who choose when to report, and claims that are
followed until they are settled.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

import numpy as np
from pydantic import model_validator

from sim.movement import FLAGGED
from sim.spec import Frame, Measurement, Preset, Quantity, Settings, setting
from sim.toys._drawing import number, percent
from sim.toys._expected_movement import Expected, expected
from sim.toys._ledger_tally import ROUNDING_ERROR, LedgerTally, ratio
from sim.toys._normal import below
from sim.toys._reporter import Reporter
from sim.toys._update_frequency_figure import draw, drawn_claims, z_bins

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

MOST_SIGNALS = 100_000_000  # in all claims of all ledgers: some five seconds on one core
FRAMES = 40  # at least
SIGNALS_A_FRAME = 400_000  # at most: some twenty milliseconds on one core
POINTS = 100  # in one: noise and rounding are set in percentage points

SCRUBBABLE = ("reaction", "noise", "rounding", "signals", "accuracy", "prior")

FACTS = {
    "movement": Quantity("squared movement of one claim, on average"),
    "reduction": Quantity("fall of p(1 − p) in one claim, on average"),
    "ratio": Quantity("movement for each unit of reduction"),
    "excess": Quantity("movement beyond reduction in one claim, on average"),
    "excess_sd": Quantity("standard deviation of that excess from claim to claim"),
    "noise_floor": Quantity("movement that noise and rounding alone add to one claim"),
    "uncertainty": Quantity("movement of one claim that is followed until it is settled, if calibrated"),
    "expected_z": Quantity("Z of a ledger, on average", "standard errors"),
    "flagged_in_theory": Quantity("ledgers flagged, by the central limit theorem", "share"),
}

RESULTS = {
    "movement": Measurement(fact="movement"),
    "reduction": Measurement(fact="reduction"),
    "ratio": Measurement(fact="ratio"),
    "excess": Measurement(fact="excess", error="standard_error"),
    "flagged": Measurement(fact="flagged_in_theory"),
    "ledgers": Measurement("ledgers that were judged", "ledgers"),
}

ARRAYS = {
    **dict.fromkeys(("claim_said", "bold_said", "bold_bayes", "z_share"), "share"),
    "claim_time": "signals",
    "mean_movement": "",
    "mean_reduction": "",
}

PRESETS = (
    Preset("Counts evidence half as much again", {"reaction": 1.5}),
    Preset("Stubborn: moves too little", {"reaction": 0.6}),
    Preset("Rounding alone looks like movement", {"reaction": 1.0, "noise": 0.0, "rounding": 5}),
    Preset("Five points of noise", {"noise": 5.0}),
    Preset("Ten claims: too few to judge", {"reaction": 1.0, "noise": 0.0, "rounding": 0, "claims": 10}),
)


class Config(Settings):
    """The evidence, how it is reported, and how much of a record there is."""

    reaction: float = setting(
        1.0,
        low=0.3,
        high=2.0,
        step=0.1,
        title="Reaction",
        help="How many times the evidence is counted; 1 is calibrated, less is stubborn.",
    )
    noise: float = setting(
        0.0,
        low=0.0,
        high=10.0,
        step=0.5,
        unit="points",
        title="Noise",
        help="The usual error of a report.",
    )
    rounding: int = setting(
        0,
        low=0,
        high=10,
        unit="points",
        title="Rounding",
        help="Reports are multiples of this; 0 for none.",
    )
    claims: int = setting(
        50,
        low=5,
        high=500,
        scale="log",
        unit="claims",
        title="Claims",
        help="How many claims one ledger holds.",
    )
    signals: int = setting(
        20, low=2, high=60, unit="signals", title="Signals", help="How much news there is of each claim."
    )
    accuracy: float = setting(
        0.6, low=0.55, high=0.95, step=0.01, title="Accuracy", help="The chance that a signal is right."
    )
    prior: float = setting(
        0.5, low=0.05, high=0.95, step=0.01, title="Prior", help="The credence before any signal."
    )
    ledgers: int = setting(
        2_000,
        low=100,
        high=10_000,
        scale="log",
        unit="ledgers",
        title="Ledgers",
        help="How many such records are simulated.",
    )

    @property
    def reporter(self) -> Reporter:
        """The keeper of these ledgers."""
        return Reporter(self.prior, self.accuracy, self.reaction, self.noise / POINTS, self.rounding / POINTS)

    @model_validator(mode="after")
    def _fits_the_machine(self) -> Self:
        signals = self.ledgers * self.claims * self.signals
        if signals > MOST_SIGNALS:
            raise ValueError(
                f"{self.ledgers} ledgers of {self.claims} claims with {self.signals} signals each would take "
                f"{signals / 1e6:.0f} million signals, above the {MOST_SIGNALS / 1e6:.0f} million allowed. "
                "Take fewer ledgers or fewer claims."
            )
        return self


def facts(config: Config) -> dict[str, float]:
    """Return the exact answers; every unit is in `FACTS`. A reporter who never moves has the ratio 1."""
    exact = _expected(config)
    plain = expected(replace(config.reporter, noise=0.0, rounding=0.0), config.signals)
    moved, reduced = float(exact.movement[-1]), float(exact.reduction[-1])
    centre = _mean_z(config)
    return {
        "movement": moved,
        "reduction": reduced,
        "ratio": ratio(moved, reduced),
        "excess": _mean_excess(config),
        "excess_sd": exact.excess_sd,
        "noise_floor": moved - float(plain.movement[-1]),
        "uncertainty": config.prior * (1 - config.prior),
        "expected_z": centre if math.isfinite(centre) else 0.0,
        "flagged_in_theory": float(below(-FLAGGED - centre) + below(centre - FLAGGED)),
    }


def run(config: Config, *, seed: int, device: str) -> Iterator[Frame]:
    """Keep ledgers, a few at a time, and judge each."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    random = torch.Generator(device).manual_seed(seed)
    untouched = preview(config, seed=seed)
    tally = LedgerTally.empty(z_bins(_mean_z(config)), config.signals)
    yield untouched
    signals = config.claims * config.signals
    at_once = min(-(-config.ledgers // FRAMES), max(SIGNALS_A_FRAME // signals, 1))
    while tally.ledgers < config.ledgers:
        shape = min(at_once, config.ledgers - tally.ledgers), config.claims
        true = torch.rand((*shape, 1), generator=random, device=device) < config.prior
        right = torch.rand((*shape, config.signals), generator=random, device=device) < config.accuracy
        net = torch.where(right == true, 1, -1).cumsum(-1)
        error = torch.zeros(net.shape)
        if config.noise:
            error = torch.randn(net.shape, generator=random, device=device)
        tally = tally.with_ledgers(_reports(config, net.cpu().numpy(), error.cpu().numpy()))
        yield _so_far(untouched, tally)


def preview(config: Config, *, seed: int) -> Frame:
    """Show what movement and reduction come to exactly, where Z should lie, and a few claims."""
    claims = drawn_claims(config.reporter, config.signals, np.random.default_rng((seed, 0)))
    return Frame(progress=0.0, config=config, arrays=claims, seed=seed)


def figure(frame: Frame) -> Figure:
    """Draw claims, averages, and the ledgers' verdicts."""
    config = cast("Config", frame.config)
    flagged = cast("float | None", frame.result.get("flagged"))
    return draw(frame.arrays, _expected(config), _mean_z(config), flagged)


def readout(frame: Frame) -> str:
    """Say what movement, reduction and their ratio are, and how often such a ledger is flagged."""
    config = cast("Config", frame.config)
    result = cast("dict[str, float]", frame.result)
    exact = facts(config)
    if not result:
        said = f"{_who(config)} moves {_amounts(exact)} on average."
        theory = percent(exact["flagged_in_theory"])
        return f"{said} In theory {theory} of ledgers of {config.claims} claims are flagged; run it to count."
    counted = f"{result['ledgers']:,.0f} ledgers of {config.claims} claims"
    said = f"Over {counted}, the movement is {_amounts(result)}; the exact ratio is {exact['ratio']:.2f}. "
    said += f"{percent(result['flagged'])} of the ledgers are flagged"
    return f"{said}, against {percent(exact['flagged_in_theory'])} in theory."


def _who(config: Config) -> str:
    manner = []
    if config.reaction != 1:
        manner.append(f"counts evidence {config.reaction:.3g} times")
    if config.noise:
        manner.append(f"errs by {config.noise:.3g} points")
    if config.rounding:
        manner.append(f"rounds to {config.rounding} points")
    return f"A forecaster who {' and '.join(manner)}" if manner else "A calibrated forecaster"


def _amounts(values: dict[str, float]) -> str:
    moved, reduced = number(values["movement"]), number(values["reduction"])
    return f"{moved} for a reduction of {reduced}, a ratio of {values['ratio']:.2f}"


def _expected(config: Config) -> Expected:
    return expected(config.reporter, config.signals)


def _mean_excess(config: Config) -> float:
    exact = _expected(config)
    mean = float(exact.movement[-1] - exact.reduction[-1])
    return mean if abs(mean) > ROUNDING_ERROR else 0.0


def _mean_z(config: Config) -> float:
    """Where the central limit theorem puts Z; infinite if every claim has the same excess, not zero."""
    mean, sd = _mean_excess(config), _expected(config).excess_sd
    if sd**2 > ROUNDING_ERROR:
        return mean / sd * math.sqrt(config.claims)
    return math.copysign(math.inf, mean) if mean else 0.0


def _reports(config: Config, net: NDArray[np.int64], error: NDArray[np.float32]) -> NDArray[np.float64]:
    """What is said of each claim, [ledger, claim, time], from net counts and errors without the prior's."""
    reporter = config.reporter
    later = reporter.said(reporter.belief(net) + reporter.noise * error)
    first = float(reporter.said(np.array(reporter.prior)))
    return np.concatenate([np.full((*net.shape[:-1], 1), first), later], axis=-1)


def _so_far(untouched: Frame, tally: LedgerTally) -> Frame:
    progress = tally.ledgers / cast("Config", untouched.config).ledgers
    arrays = {**untouched.arrays, **tally.arrays()}
    return replace(untouched, progress=progress, result=tally.result(), arrays=arrays)
