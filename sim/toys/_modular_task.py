"""All pairs of numbers modulo p, what each comes to, and which of them are trained on.

A number stands at a *place* in a table, and a network knows it by that place only. For sums and differences
the places are the numbers themselves, 0 to p − 1. For products they are powers of a primitive root g of a
prime p, 1, g, g², …, so that

    gⁱ · gʲ = g^(i + j mod p − 1):

without 0, multiplication modulo p is addition modulo p − 1 under other names. Then answers go round a circle
of `places` places in each of the three tasks, and waves of a frequency k = 1, …, places/2 are what there is
to be found on it.

Source: C. F. Gauss (1801), *Disquisitiones Arithmeticae*, for primitive roots. Left out: 0 as a factor, whose
products are 0 whatever the other one is, and products modulo a number that is not prime.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

ADD, SUBTRACT, MULTIPLY = 0, 1, 2
SIGNS = ("+", "−", "×")


class Task(NamedTuple):
    """What is asked, modulo what."""

    operation: int
    modulus: int

    @property
    def places(self) -> int:
        """How many numbers there are, and so how many answers."""
        return self.modulus - (self.operation == MULTIPLY)

    @property
    def pairs(self) -> int:
        """How many questions there are."""
        return self.places**2

    @property
    def frequencies(self) -> int:
        """How many waves of different frequency fit on the circle of the places."""
        return self.places // 2

    def training_pairs(self, share: float) -> int:
        """How many questions are trained on; at least one is, and at least one is not."""
        return min(max(round(share * self.pairs), 1), self.pairs - 1)

    def numbers(self) -> NDArray[np.int64]:
        """The number at each place: [place]."""
        if self.operation != MULTIPLY:
            return np.arange(self.modulus)
        root = primitive_root(self.modulus)
        return np.array([pow(root, power, self.modulus) for power in range(self.places)])

    def answers(self) -> NDArray[np.int64]:
        """The place of each answer: [left place, right place]."""
        numbers = self.numbers()
        left, right = numbers[:, None], numbers[None, :]
        said = (left + right, left - right, left * right)[self.operation] % self.modulus
        place = np.zeros(self.modulus, dtype=np.int64)
        place[numbers] = np.arange(self.places)
        answers: NDArray[np.int64] = place[said]
        return answers


class Pairs(NamedTuple):
    """All questions as tensors, and which of them are trained on.

    Attributes:
        left: The place of the first number: [pair].
        right: That of the second: [pair].
        answer: That of the answer: [pair].
        trained: The pairs that are trained on: [trained].
        held_out: The others: [held out].
    """

    left: torch.Tensor
    right: torch.Tensor
    answer: torch.Tensor
    trained: torch.Tensor
    held_out: torch.Tensor


def split(task: Task, share: float, random: torch.Generator) -> Pairs:
    """Draw which pairs are trained on; all tensors are on the generator's device."""
    import torch  # noqa: PLC0415 - two seconds, which only a process that runs something should pay

    device, size = random.device, task.training_pairs(share)
    answer = torch.as_tensor(task.answers().ravel(), device=device)
    place = torch.arange(task.places, device=device)
    left, right = torch.cartesian_prod(place, place).T
    order = torch.randperm(task.pairs, generator=random, device=device)
    return Pairs(left, right, answer, order[:size].sort().values, order[size:].sort().values)


def is_prime(number: int) -> bool:
    """Whether nothing but 1 and itself divides it."""
    return number > 1 and smallest_factor(number) == number


def smallest_factor(number: int) -> int:
    """The least number above 1 that divides it."""
    return next((factor for factor in range(2, math.isqrt(number) + 1) if number % factor == 0), number)


def primitive_root(prime: int) -> int:
    """The least number whose powers are all numbers from 1 to p − 1."""
    factors = {factor for factor in range(2, prime) if (prime - 1) % factor == 0 and is_prime(factor)}
    return next(
        root
        for root in range(1, prime)
        if all(pow(root, (prime - 1) // factor, prime) != 1 for factor in factors)
    )
