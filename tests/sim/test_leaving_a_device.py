"""What leaves a device is widened only after that: Apple's has no numbers of 64 bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from torch.overrides import TorchFunctionMode

from sim.run import run_to_end
from sim.spec import get

TRAINED = (
    ("grokking", {"modulus": 11, "width": 16, "steps": 20}),
    ("circuit_efficiency", {"rule_weights": 16, "examples": 4, "patience": 5}),
    ("head_superposition", {"seeds": 1, "steps": 20}),
    ("skip_trigrams", {"seeds": 1, "steps": 20}),
    ("multiply_by_squares", {"seeds": 1, "widest": 2, "steps": 20}),
    ("polysemantic_or_superposed", {"steps": 20}),
    ("superposed_and", {"steps": 20}),
)

pytestmark = pytest.mark.usefixtures("one_thread")


class Watch(TorchFunctionMode):
    """Notes what is asked of tensors, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the function gives
        self.asked.append(func.__name__)
        return func(*args, **kwargs or {})


@pytest.mark.parametrize(("name", "settings"), TRAINED, ids=[name for name, _ in TRAINED])
def test_a_tensor_is_widened_only_after_it_left_its_device(name: str, settings: Mapping[str, float]) -> None:
    toy = get(name)
    with Watch() as watch:
        run_to_end(toy, toy.module.Config(**settings), seed=0, device="cpu")
    before = [watch.asked[at - 1] for at, asked in enumerate(watch.asked) if asked == "double"]
    assert before
    assert set(before) == {"cpu"}
