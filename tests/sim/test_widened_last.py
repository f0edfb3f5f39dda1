"""The readings of two toys are widened once they left the device: Apple's has no numbers of 64 bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from torch.overrides import TorchFunctionMode

from sim.run import run_to_end
from sim.spec import get, parse_settings

pytestmark = pytest.mark.usefixtures("one_thread")


class Asked(TorchFunctionMode):
    """What was asked of tensors, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the function gives
        self.names.append(func.__name__)
        return func(*args, **kwargs or {})


@pytest.mark.parametrize("name", ["polysemantic_or_superposed", "superposed_and"])
def test_readings_leave_the_device_before_they_are_widened(name: str) -> None:
    toy = get(name)
    with Asked() as asked:
        run_to_end(toy, parse_settings(toy, {"steps": 20}), seed=0, device="cpu")
    before = [asked.names[at - 1] for at, function in enumerate(asked.names) if function == "double"]
    assert before
    assert set(before) == {"cpu"}
