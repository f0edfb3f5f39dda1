"""Answers modulo p go round one circle, and each pair is either trained on or held out."""

from __future__ import annotations

from math import gcd

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sim.toys._modular_task import (
    ADD,
    MULTIPLY,
    SUBTRACT,
    Task,
    is_prime,
    primitive_root,
    smallest_factor,
    split,
)

PRIMES = [5, 7, 11, 13, 31, 59, 113, 251]


@given(st.sampled_from([ADD, SUBTRACT]), st.integers(5, 60))
def test_sums_and_differences_are_those_of_the_places(operation: int, modulus: int) -> None:
    task = Task(operation, modulus)
    places = np.arange(modulus)
    sign = 1 if operation == ADD else -1
    np.testing.assert_array_equal(task.numbers(), places)
    np.testing.assert_array_equal(task.answers(), (places[:, None] + sign * places) % modulus)


@pytest.mark.parametrize("prime", PRIMES)
def test_products_without_0_are_sums_modulo_one_less(prime: int) -> None:
    task = Task(MULTIPLY, prime)
    numbers, answers = task.numbers(), task.answers()
    assert sorted(numbers) == list(range(1, prime))
    np.testing.assert_array_equal(numbers[answers], numbers[:, None] * numbers % prime)
    np.testing.assert_array_equal(answers, Task(ADD, prime - 1).answers())


@given(st.integers(0, 2), st.sampled_from(PRIMES[:6]))
def test_each_answer_has_as_many_pairs(operation: int, modulus: int) -> None:
    task = Task(operation, modulus)
    assert set(np.bincount(task.answers().ravel())) == {task.places}


@given(st.integers(2, 2000))
def test_primes_are_those_that_share_nothing_with_smaller_numbers(number: int) -> None:
    assert is_prime(number) == all(gcd(number, smaller) == 1 for smaller in range(1, number))
    assert number % smallest_factor(number) == 0


@pytest.mark.parametrize("prime", PRIMES)
def test_no_smaller_number_than_the_root_has_all_powers(prime: int) -> None:
    root = primitive_root(prime)
    full = [len({pow(base, power, prime) for power in range(prime - 1)}) for base in range(1, root + 1)]
    assert full[-1] == prime - 1
    assert all(count < prime - 1 for count in full[:-1])


@given(st.integers(0, 2), st.sampled_from(PRIMES[:5]), st.floats(0.05, 0.95), st.integers(0, 5))
def test_each_pair_is_trained_on_or_held_out(operation: int, modulus: int, share: float, seed: int) -> None:
    task = Task(operation, modulus)
    pairs = split(task, share, torch.Generator().manual_seed(seed))
    together = torch.cat([pairs.trained, pairs.held_out]).sort().values
    assert together.tolist() == list(range(task.pairs))
    assert len(pairs.trained) == task.training_pairs(share) >= 1
    assert len(pairs.held_out) >= 1
    np.testing.assert_array_equal(pairs.answer, task.answers()[pairs.left, pairs.right])
    again = split(task, share, torch.Generator().manual_seed(seed))
    assert torch.equal(pairs.trained, again.trained)
