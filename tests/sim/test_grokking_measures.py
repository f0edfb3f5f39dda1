"""Restricted and excluded loss against projections done the long way, and waves that are what they seem."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.toys._grokking_measures import (
    CARRIED,
    Circle,
    key_frequencies,
    power_of,
    spectrum,
    standing,
)
from sim.toys._modular_task import ADD, MULTIPLY, SUBTRACT, Pairs, Task, split

TASKS = [Task(ADD, 11), Task(ADD, 12), Task(SUBTRACT, 9), Task(MULTIPLY, 13)]
Floats = NDArray[np.float64]


def pairs_of(task: Task) -> Pairs:
    return split(task, 0.4, torch.Generator().manual_seed(0))


def loss(said: Floats, answer: Floats) -> float:
    log_sum = np.log(np.exp(said).sum(axis=1))
    return float((log_sum - said[np.arange(len(said)), answer.astype(int)]).mean())


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_measures_are_those_of_projections_wave_by_wave(task: Task) -> None:
    """Each wave of the answer is a vector over all pairs, on which logits are projected by inner products."""
    pairs, places = pairs_of(task), task.places
    logits = torch.randn(task.pairs, places, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    found = Circle(pairs).waves(logits)
    said, answer = logits.numpy(), pairs.answer.numpy()
    projected = {}
    for k in range(1, places // 2 + 1):
        waves = [turn(2 * np.pi * k * answer / places) for turn in (np.cos, np.sin)]
        unit = [wave / np.linalg.norm(wave) for wave in waves if np.linalg.norm(wave) > 1e-6]
        projected[k] = sum(np.outer(wave, wave @ said) for wave in unit)
    power = {k: (part**2).sum() for k, part in projected.items()}
    ordered = sorted(power, key=power.__getitem__, reverse=True)
    carried = np.cumsum([power[k] for k in ordered]) / sum(power.values())
    keys = ordered[: int((carried < CARRIED).sum()) + 1]
    assert found.keys == keys
    only = sum(projected[k] for k in keys)
    assert found.restricted == pytest.approx(loss(only + said.mean(axis=0), answer))
    without = (said - only)[pairs.trained.numpy()]
    assert found.excluded == pytest.approx(loss(without, answer[pairs.trained.numpy()]))


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_one_pure_wave_is_all_there_is(task: Task) -> None:
    pairs, places = pairs_of(task), task.places
    turned = 2 * math.pi * 2 * (pairs.answer[:, None] - torch.arange(places)) / places
    logits = 5 * turned.double().cos()
    found = Circle(pairs).waves(logits)
    assert found.keys == [2]
    assert found.restricted == pytest.approx(loss(logits.numpy(), pairs.answer.numpy()), rel=1e-6)
    assert found.excluded == pytest.approx(math.log(places))


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=12))
def test_key_frequencies_are_the_fewest_that_carry_enough(power: list[float]) -> None:
    keys = key_frequencies(torch.tensor(power, dtype=torch.float64))
    parts = [power[key - 1] for key in keys]
    assert parts == sorted(power, reverse=True)[: len(parts)]
    assert sum(parts) >= CARRIED * sum(power) * (1 - 1e-9)
    assert sum(parts[:-1]) <= CARRIED * sum(power) * (1 + 1e-9)


@pytest.mark.parametrize("places", [10, 11])
def test_power_is_all_the_variance(places: int) -> None:
    """Parseval: what is left of the squares without the mean."""
    values = torch.randn(places, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    power = power_of(torch.fft.rfft(values, dim=0), places)
    around = values - values.mean(0)
    assert (2 * power.sum() / places).item() == pytest.approx(around.square().sum().item())


@pytest.mark.parametrize("places", [10, 11])
def test_a_row_that_sticks_to_one_wave_has_all_its_power_there(places: int) -> None:
    place = torch.arange(places)
    rows = torch.stack([(2 * math.pi * k * place / places + k).cos() for k in (1, 3, 5)], dim=1)
    share = spectrum(rows[None])
    assert share.shape == (3, places // 2)
    np.testing.assert_allclose(share, np.eye(5)[[0, 2, 4]], atol=1e-6)


def test_a_standing_is_what_it_says() -> None:
    pairs = pairs_of(TASKS[0])
    logits = torch.zeros(len(pairs.answer), 11)
    logits[pairs.trained, pairs.answer[pairs.trained]] = 50  # all learned by heart
    at = standing(logits, torch.tensor([3.0, 4.0]), pairs)
    assert at == pytest.approx((0, math.log(11), 1, 0, 5), abs=1e-6)  # who says nothing is not right
