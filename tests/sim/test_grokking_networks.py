"""Gradients by hand are those of autograd, and a transformer asked at its end is the whole transformer."""

from __future__ import annotations

import pytest
import torch

from sim.toys._grokking_effort import Effort
from sim.toys._grokking_networks import (
    DEGREES,
    GELU,
    RELU,
    SQUARE,
    Layout,
    Network,
    RowNetwork,
    Sums,
    activate,
    rows_layout,
)
from sim.toys._grokking_transformer import Transformer, transformer_layout
from sim.toys._modular_task import ADD, Pairs, Task, split
from tests.sim.whole_transformer import whole_transformer

PLACES, WIDTH = 13, 32
PAIRS = split(Task(ADD, PLACES), 0.4, torch.Generator().manual_seed(0))


def drawn(layout: Layout, seed: int = 1) -> torch.Tensor:
    return layout.random(torch.Generator().manual_seed(seed)).double()


def of(network: Network, weights: torch.Tensor) -> torch.Tensor:
    """The gradient that a network says its loss has."""
    gradient = torch.empty_like(weights)
    network.gradient(weights, gradient)
    return gradient


def by_autograd(said: torch.Tensor, pairs: Pairs, weights: torch.Tensor) -> torch.Tensor:
    loss = torch.nn.functional.cross_entropy(said[pairs.trained], pairs.answer[pairs.trained])
    return torch.autograd.grad(loss, weights)[0]


def plain_rows(weights: torch.Tensor, activation: int) -> torch.Tensor:
    """The network as tables of zeros and ones, multiplied."""
    rows, read = rows_layout(PLACES, WIDTH).parts(weights)
    both = torch.nn.functional.one_hot(torch.stack([PAIRS.left, PAIRS.right + PLACES]), 2 * PLACES).double()
    return activate(both.sum(0) @ rows, activation) @ read


@pytest.mark.parametrize("activation", [SQUARE, RELU, GELU])
def test_rows_say_and_learn_what_the_plain_network_does(activation: int) -> None:
    network = RowNetwork(activation, PLACES, WIDTH, PAIRS)
    weights = drawn(network.layout).requires_grad_()
    said = plain_rows(weights, activation)
    torch.testing.assert_close(network.logits(weights.detach()), said.detach())
    torch.testing.assert_close(of(network, weights.detach()), by_autograd(said, PAIRS, weights))


def test_a_transformer_asked_at_its_end_is_the_whole_one() -> None:
    network = Transformer(PLACES, WIDTH, PAIRS)
    weights = drawn(network.layout).requires_grad_()
    said = whole_transformer(weights, PAIRS, PLACES, WIDTH)
    torch.testing.assert_close(network.logits(weights.detach()), said.detach())
    torch.testing.assert_close(of(network, weights.detach()), by_autograd(said, PAIRS, weights))


@pytest.mark.parametrize("activation", [SQUARE, RELU])
def test_eulers_identity_ties_embedding_to_readout(activation: int) -> None:
    network = RowNetwork(activation, PLACES, WIDTH, PAIRS)
    weights = drawn(network.layout)
    rows, read = network.layout.parts(weights)
    to_rows, to_read = network.layout.parts(of(network, weights))
    assert (rows * to_rows).sum().item() == pytest.approx(DEGREES[activation] * (read * to_read).sum().item())


@pytest.mark.parametrize("activation", [SQUARE, RELU])
def test_what_is_gained_in_the_embedding_can_be_given_up_in_the_readout(activation: int) -> None:
    network = RowNetwork(activation, PLACES, WIDTH, PAIRS)
    weights = drawn(network.layout)
    moved = weights.clone()
    rows, read = network.layout.parts(moved)
    rows *= 3
    read /= 3 ** DEGREES[activation]
    torch.testing.assert_close(network.logits(moved), network.logits(weights))


def test_sums_add_up_what_names_a_row() -> None:
    random = torch.Generator().manual_seed(2)
    rows = torch.randint(6, (40, 2), generator=random)
    arrived = torch.randn(40, 3, generator=random)
    expected = torch.zeros(7, 3).index_add_(0, rows[:, 0], arrived).index_add_(0, rows[:, 1], arrived)
    torch.testing.assert_close(Sums(rows, 7)(arrived), expected)


@pytest.mark.parametrize("layout", [rows_layout(59, 128), transformer_layout(59, 256)], ids=["rows", "heads"])
def test_norm_and_balance_are_what_is_drawn_on_average(layout: Layout) -> None:
    weights = drawn(layout)
    first, *_, last = layout.parts(weights)
    assert layout.size == len(weights)
    assert weights.norm().item() == pytest.approx(layout.norm, rel=0.02)
    assert (first.square().sum() / last.square().sum()).item() == pytest.approx(layout.balance, rel=0.05)
    twice = layout.scaled(2, 0.5)
    assert twice.balance == pytest.approx(layout.balance / 4)
    parts, others = zip(twice.parts(drawn(twice)), strict=True), zip(layout.parts(weights), strict=True)
    ratios = [(part[0] / other[0]).mean().item() for part, other in zip(parts, others, strict=True)]
    assert ratios == pytest.approx([1.0] + [2.0] * (len(layout.shapes) - 1), rel=1e-5)


def test_the_effort_counts_what_a_step_multiplies() -> None:
    rows = Effort(SQUARE, 59, 128, 1392)
    assert 2 * 3 * rows.trained * rows.products == pytest.approx(63e6, rel=0.01)
    assert rows.seconds(2000) > 1.9 * rows.seconds(1000)
    assert Effort(SQUARE, 113, 128, 1392).memory > 3 * rows.memory
